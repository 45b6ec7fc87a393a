import { Stack } from 'aws-cdk-lib';
import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { checkAccount } from '../../private/synth/place';
import { InvalidPropError } from '../../private/synth/validation';

/** ARNs of the roles and users by which the management function knows readers. */
export function readerArns(scope: Construct, readers: readonly IGrantable[]): string[] {
  return readers.map((reader) => {
    checkAccount('the account of every one of queryReaders', scope, reader);
    const { principalJson: { AWS: arns = [] }, conditions } = reader.grantPrincipal.policyFragment;
    const [arn, ...others] = arns;
    // `*` is everybody, the root of an account everybody in it, and a group signs no requests: none of them is who asks. Conditions are IAM's to check.
    // The ARN of an account is written only when the template is, so it is resolved.
    const written = JSON.stringify(Stack.of(scope).resolve(arn)) ?? '';
    if (arn === undefined || others.length > 0 || /[*?]|:root"|:group\//.test(written) || 'groupArn' in reader.grantPrincipal || Object.keys(conditions).length > 0) {
      throw new InvalidPropError('every one of queryReaders', arn ?? reader.grantPrincipal.toString(), 'a role or a user', 'name each role and user by itself');
    }
    return arn;
  });
}

import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { checkAccount } from '../../private/synth/place';
import { InvalidPropError } from '../../private/synth/validation';

/** ARNs of the roles and users by which the management function knows readers. */
export function readerArns(scope: Construct, readers: readonly IGrantable[]): string[] {
  return readers.map((reader) => {
    checkAccount('every one of queryReaders', scope, reader);
    const { AWS: arns = [] } = reader.grantPrincipal.policyFragment.principalJson;
    const [arn, ...others] = arns;
    // `*` is everybody, and the root of an account everybody in it: neither is who asks.
    if (arn === undefined || others.length > 0 || arn === '*' || /:root$/.test(arn)) {
      throw new InvalidPropError('every one of queryReaders', arn ?? reader.grantPrincipal.toString(), 'a role or a user', 'name each role and user by itself');
    }
    return arn;
  });
}

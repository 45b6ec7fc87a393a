import { AnyPrincipal, Grant, IPrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { SubmitAccessBinding } from './binding';
import { InvalidPropError } from '../../private/synth/validation';

/** What IAM is not asked about: nothing can be granted, and nobody has an ARN by which it could be a reader. */
type WithoutIam = Pick<SubmitAccessBinding, 'grantInvoke' | 'noReaders'>;

/**
 * The parts of a way of access that has nothing to do with IAM.
 *
 * @param factory as users write it
 * @param instead how a caller is let in
 */
export function withoutIam(factory: string, instead: string): WithoutIam {
  return {
    noReaders: { allowed: `left out with ${factory}`, fix: 'readers are known by the ARN of their role or user, which callers have only with SubmitAccess.iam' },
    grantInvoke: (): Grant => {
      throw new InvalidPropError('submitAccess of a construct whose grantInvoke is called', factory, 'SubmitAccess.iam(…)', `to let a caller in, ${instead}`);
    },
  };
}

/** API Gateway asks for keys and tokens whatever a policy of the API says, and for the policy too if there is one. */
export function everybodyIfPrivate(_scope: Construct, isPrivate: boolean): readonly IPrincipal[] {
  return isPrivate ? [new AnyPrincipal()] : [];
}

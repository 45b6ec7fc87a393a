import { MethodOptions } from 'aws-cdk-lib/aws-apigateway';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/** Parts of a mapping template. */
export interface CallerTemplate {
  /** Sets `$owner` to the id of the caller: the same for every request that one owner sends, and without characters that JSON escapes. */
  readonly setOwner: string;
  /** Renders the ARN of the caller's user, or of the session of a role; nothing where there is none. */
  readonly arn: string;
}

/** Who may submit queries. */
export interface SubmitAccessBinding {
  readonly methodOptions: MethodOptions;
  /** How a mapping template knows who asks. */
  readonly caller: CallerTemplate;
  /** Grants the right to call methods, given the construct that they are of and their ARNs. */
  grantInvoke(scope: Construct, grantee: IGrantable, methodArns: readonly string[]): Grant;
}

import { MethodOptions, ResponseType, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Grant, IGrantable, IPrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { Security } from '../open-api/document';

/** Parts of a mapping template. */
export interface CallerTemplate {
  /** Sets `$owner` to the id of the caller: the same for every request that one owner sends. */
  readonly setOwner: string;
  /** Whether that id can have characters that JSON escapes, or be missing; else it has none of them and is always there. */
  readonly ownerIsAnyText?: boolean;
  /** Renders the ARN of the caller's user, or of the session of a role; nothing where there is none. */
  readonly arn: string;
}

/** What API Gateway itself answers to a request that it does not let through. */
export interface Refusal {
  readonly type: ResponseType;
  /** `Code` of the answer. */
  readonly code: string;
  readonly message: string;
}

/** Who may submit queries. */
export interface SubmitAccessBinding {
  /** How a mapping template knows who asks. */
  readonly caller: CallerTemplate;
  /** How callers show who they are, for the description of the API. */
  readonly security: Security;
  /** Answers that only this way of access gives, or gives in words of its own. */
  readonly refusals?: readonly Refusal[];
  /** What is told to whoever names readers although callers have no ARNs; absent where they have. */
  readonly noReaders?: { readonly allowed: string; readonly fix: string };
  /** What API Gateway asks of a request; made once for all methods. */
  methodOptions(scope: Construct): MethodOptions;
  /**
   * Whom a policy of the API itself lets in. A private API always has a policy, in which whoever is to come in has to be let in; another one has a policy
   * only if there is somebody.
   */
  policyPrincipals?(scope: Construct, isPrivate: boolean): readonly IPrincipal[];
  /** Does what can be done only once the API has a stage. */
  completeStage?(api: RestApi): void;
  /** Grants the right to call methods, given the construct that they are of and their ARNs. */
  grantInvoke(scope: Construct, grantee: IGrantable, methodArns: readonly string[]): Grant;
}

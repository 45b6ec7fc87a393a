import { JsonObject, JsonValue } from '../json';

/**
 * What the services of the local cloud have in common: who calls, how a call is authorised, how it fails.
 * A service knows nothing of HTTP; `local/http` turns signed requests into these calls.
 */

/** An IAM policy document as it stands in a template or a request, parsed. */
export interface PolicyDocument {
  readonly Version?: string;
  readonly Statement: JsonValue;
}

/** Who makes a call. */
export interface Caller {
  /** Principal ARN, `arn:…:sts::…:assumed-role/name/session` for a role session; absent for an anonymous caller or a service principal. */
  readonly arn?: string;
  readonly accountId?: string;
  /** Unique id: `AROA…:session` of a role session, `AIDA…` of a user. */
  readonly principalId?: string;
  /** The role whose policies decide, where the caller is a session of one. */
  readonly roleArn?: string;
  /** Session policies passed to AssumeRole. */
  readonly sessionPolicies?: readonly PolicyDocument[];
  /** Service principal, such as `events.amazonaws.com`, where a service calls on its own behalf. */
  readonly service?: string;
}

/** The circumstances of a call that policies can ask about. */
export interface CallContext {
  readonly caller: Caller;
  /** Services that made this call with the caller's rights: `aws:CalledVia`, first to last. */
  readonly calledVia?: readonly string[];
  /** `aws:SourceArn` and `aws:SourceAccount`, for a service principal. */
  readonly sourceArn?: string;
  readonly sourceAccount?: string;
  /** `aws:SecureTransport`; calls inside the cloud count as secure. */
  readonly secureTransport?: boolean;
  readonly sourceIp?: string;
  /** Id of the VPC endpoint that the call came through. */
  readonly sourceVpce?: string;
}

/** The circumstances of a call that a service makes in turn, with the rights of its own caller. */
export function calledThrough(service: string, context: CallContext): CallContext {
  return { ...context, calledVia: [...context.calledVia ?? [], service] };
}

/** A call refused or failed by a service, with the names AWS uses. */
export class ServiceError extends Error {
  constructor(
    /** Error code as in the API reference, without a service prefix: `InvalidRequestException`. */
    readonly code: string,
    message: string,
    readonly httpStatus: number = 400,
    /** Further members of the error's shape, such as Athena's `AthenaErrorCode`. */
    readonly members: JsonObject = {},
  ) {
    super(message);
    this.name = code;
  }
}

/** A request to decide: may this caller do that? */
export interface AuthorizationRequest {
  /** IAM action, `athena:StartQueryExecution`. */
  readonly action: string;
  /** ARN of the resource, or `*` for actions without one. */
  readonly resource: string;
  /** Condition keys of this request beyond the global ones, e.g. `s3:prefix`. */
  readonly conditions?: Readonly<Record<string, string | readonly string[]>>;
  /** Policy of the resource (bucket, queue, secret, trust policy), where it has one. */
  readonly resourcePolicy?: PolicyDocument;
  /** Account that owns the resource; default: the cloud's own. */
  readonly resourceAccount?: string;
}

/** Throws an access-denied `ServiceError` unless the caller's and the resource's policies allow it. */
export type Authorize = (request: AuthorizationRequest, context: CallContext) => Promise<void>;

/** A service of the local cloud. It authorises its own operations, then performs them. */
export interface AwsService {
  /** Name in endpoints and signatures: `athena`, `states`, `s3`. */
  readonly name: string;
  /** Whether it performs an operation at all, for those who must know before they call. Absent: only a call tells. */
  performs?(operation: string): boolean;
  /** Which members of its request an operation takes, for the same. Absent: only a call tells. */
  takes?(operation: string): readonly string[];
  /** Performs an operation; an operation it does not implement is an error that names it. */
  call(operation: string, input: JsonObject, context: CallContext): Promise<JsonObject>;
}

/** Takes what a rule of EventBridge lets through, or a schedule sends, to a target of one service. Attributes come with dead letters only. */
export type DeliverToTarget = (
  targetArn: string, input: string, context: CallContext, attributes?: Readonly<Record<string, string>>,
) => Promise<void>;

/** Where the local cloud pretends to be. */
export interface AwsEnvironment {
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
  /** `amazonaws.com` or `amazonaws.com.cn`. */
  readonly urlSuffix: string;
}

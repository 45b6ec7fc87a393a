import { AwsEnvironment, AwsService, CallContext, Caller } from '../../aws/service';
import { isObject, JsonValue } from '../../json';
import { TaskResource } from '../interpreter/resource-arn';
import { TaskCall } from '../interpreter/task';

export type ServiceResource = Extract<TaskResource, { kind: 'service' }>;

/** One way for Tasks to reach a service. */
export interface Integration {
  supports(resource: TaskResource): boolean;
  /** What of the parameters, as they stand in a definition, it does not implement; by name. Default: it implements all. */
  missingParameters?(parameters: JsonValue, resource: ServiceResource): readonly string[];
  /** Throws `TaskFailure` with the error name that AWS gives. */
  call(call: TaskCall, context: CallContext): Promise<JsonValue>;
}

/** Parameters, as they stand in a definition, that an operation does not take, where its service tells. */
export function membersNotTaken(service: AwsService | undefined, operation: string, parameters: JsonValue): readonly string[] {
  const taken = service?.takes?.(operation);
  return taken === undefined || !isObject(parameters) ? [] : Object.keys(parameters).filter((name) => !taken.includes(name.replace(/\.\$$/, '')));
}

/** Who Step Functions is when it acts with a role; throws `ServiceError` if the role does not trust it. */
export type AssumeRole = (roleArn: string, sessionName: string) => Promise<Caller>;

/** Who a caller becomes by assuming a role with its own rights; throws `ServiceError` if it may not, or is not trusted. */
export type AssumeAnotherRole = (roleArn: string, sessionName: string, context: CallContext) => Promise<Caller>;

/** Acts with any role, without asking whether it trusts Step Functions; a session name has at most 64 characters. */
export function assumeAnyRole({ partition, accountId }: AwsEnvironment): AssumeRole {
  return async (roleArn, sessionName) => {
    const roleName = roleArn.slice(roleArn.lastIndexOf('/') + 1);
    return { arn: `arn:${partition}:sts::${accountId}:assumed-role/${roleName}/${sessionName.slice(0, 64)}`, accountId, roleArn };
  };
}

/** A call with the rights of a state machine's role. */
export async function roleContext(assumeRole: AssumeRole, roleArn: string, sessionName: string): Promise<CallContext> {
  return { caller: await assumeRole(roleArn, sessionName), secureTransport: true };
}

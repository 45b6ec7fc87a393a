import { AwsEnvironment, CallContext, Caller } from '../../aws/service';
import { JsonValue } from '../../json';
import { TaskResource } from '../interpreter/resource-arn';
import { TaskCall } from '../interpreter/task';

export type ServiceResource = Extract<TaskResource, { kind: 'service' }>;

/** One way for Tasks to reach a service. */
export interface Integration {
  supports(resource: TaskResource): boolean;
  /** Throws `TaskFailure` with the error name that AWS gives. */
  call(call: TaskCall, context: CallContext): Promise<JsonValue>;
}

/** Who Step Functions is when it acts with a role; throws `ServiceError` if the role does not trust it. */
export type AssumeRole = (roleArn: string, sessionName: string) => Promise<Caller>;

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

import { AwsEnvironment, CallContext, JsonValue } from '../../aws/service';
import { TaskResource } from '../interpreter/resource-arn';
import { TaskCall } from '../interpreter/task';

export type ServiceResource = Extract<TaskResource, { kind: 'service' }>;

/** One way for Tasks to reach a service. */
export interface Integration {
  supports(resource: TaskResource): boolean;
  /** Throws `TaskFailure` with the error name that AWS gives. */
  call(call: TaskCall, context: CallContext): Promise<JsonValue>;
}

/** A call made with the rights of the state machine's role; a session name has at most 64 characters. */
export function roleContext(roleArn: string, sessionName: string, environment: AwsEnvironment): CallContext {
  const { partition, accountId } = environment;
  const roleName = roleArn.slice(roleArn.lastIndexOf('/') + 1);
  return {
    caller: { arn: `arn:${partition}:sts::${accountId}:assumed-role/${roleName}/${sessionName.slice(0, 64)}`, accountId, roleArn },
    secureTransport: true,
  };
}

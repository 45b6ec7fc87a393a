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

/** A call made with the rights of the state machine's role. */
export function roleContext({ execution }: Pick<TaskCall, 'execution'>, environment: AwsEnvironment): CallContext {
  const { partition, accountId } = environment;
  const roleName = execution.roleArn.slice(execution.roleArn.lastIndexOf('/') + 1);
  // A role session name has at most 64 characters.
  const session = execution.executionName.slice(0, 64);
  return {
    caller: { arn: `arn:${partition}:sts::${accountId}:assumed-role/${roleName}/${session}`, accountId, roleArn: execution.roleArn },
    secureTransport: true,
  };
}

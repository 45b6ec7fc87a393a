import { AwsSdkIntegration } from './aws-sdk';
import { AssumeAnotherRole, AssumeRole, Integration, roleContext } from './integration';
import { LambdaIntegration, LambdaInvoker } from './lambda';
import { OptimizedIntegration } from './optimized';
import { StartExecutionIntegration, StateMachines } from './start-execution';
import { AwsService, CallContext, ServiceError } from '../../aws/service';
import { JsonValue } from '../../json';
import { TaskKnowledge } from '../definition/table';
import { TaskFailure } from '../interpreter/failure';
import { TaskResource } from '../interpreter/resource-arn';
import { TaskCall } from '../interpreter/task';

/** Which Resources have a handler, and the handler of them all. */
export interface TaskIntegrations extends Pick<TaskKnowledge, 'supports' | 'missingParameters'> {
  call(call: TaskCall): Promise<JsonValue>;
}

/** The services that Tasks can reach. */
export interface IntegrationTargets {
  readonly services: readonly AwsService[];
  readonly lambda?: LambdaInvoker;
  /** How the role of a state machine becomes that of the Credentials of a Task. Default: without being asked whether it may. */
  readonly assumeAnotherRole?: AssumeAnotherRole;
}

/** All integrations of the local cloud; every call is made with the rights of the state machine's role, or of the role in the Credentials of its Task. */
export function createIntegrations(targets: IntegrationTargets, states: StateMachines, assumeRole: AssumeRole): TaskIntegrations {
  const integrations: readonly Integration[] = [
    ...(targets.lambda === undefined ? [] : [new LambdaIntegration(targets.lambda)]),
    new StartExecutionIntegration(states),
    new OptimizedIntegration(targets.services),
    new AwsSdkIntegration([...targets.services, states]),
  ];
  const find = (resource: TaskResource) => integrations.find((integration) => integration.supports(resource));
  return {
    supports: (resource) => find(resource) !== undefined,
    missingParameters: (resource, parameters) => (resource.kind === 'service' ? find(resource)?.missingParameters?.(parameters, resource) ?? [] : []),
    call: async (call) => {
      const integration = find(call.resource);
      if (integration === undefined) throw new Error(`an accepted Task has the Resource ${call.resource.arn}`);
      return integration.call(call, await contextOf(call, assumeRole, targets.assumeAnotherRole ?? assumeRole));
    },
  };
}

async function contextOf({ execution, credentials }: TaskCall, assumeRole: AssumeRole, assumeAnother: AssumeAnotherRole): Promise<CallContext> {
  try {
    const context = await roleContext(assumeRole, execution.roleArn, execution.executionName);
    return credentials === undefined ? context : { ...context, caller: await assumeAnother(credentials, execution.executionName, context) };
  } catch (error) {
    if (error instanceof ServiceError) throw new TaskFailure('States.Permissions', error.message);
    throw error;
  }
}

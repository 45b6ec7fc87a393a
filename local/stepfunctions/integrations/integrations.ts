import { AwsSdkIntegration } from './aws-sdk';
import { AssumeRole, Integration, roleContext } from './integration';
import { LambdaIntegration, LambdaInvoker } from './lambda';
import { OptimizedIntegration } from './optimized';
import { parametersProblem } from './parameters';
import { StartExecutionIntegration, StateMachines } from './start-execution';
import { AwsService, CallContext, ServiceError } from '../../aws/service';
import { JsonValue } from '../../json';
import { TaskKnowledge } from '../definition/checks';
import { TaskFailure } from '../interpreter/failure';
import { TaskResource } from '../interpreter/resource-arn';
import { TaskCall } from '../interpreter/task';

/** Which Resources have a handler, and the handler of them all. */
export interface TaskIntegrations extends TaskKnowledge {
  call(call: TaskCall): Promise<JsonValue>;
}

/** The services that Tasks can reach. */
export interface IntegrationTargets {
  readonly services: readonly AwsService[];
  readonly lambda?: LambdaInvoker;
}

/** All integrations of the local cloud; every call is made with the rights of the state machine's role. */
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
    parametersProblem,
    call: async (call) => {
      const integration = find(call.resource);
      if (integration === undefined) throw new Error(`the local cloud does not implement the Resource ${call.resource.arn}`);
      return integration.call(call, await contextOf(call, assumeRole));
    },
  };
}

async function contextOf({ execution }: TaskCall, assumeRole: AssumeRole): Promise<CallContext> {
  try {
    return await roleContext(assumeRole, execution.roleArn, execution.executionName);
  } catch (error) {
    if (error instanceof ServiceError) throw new TaskFailure('States.Permissions', error.message);
    throw error;
  }
}

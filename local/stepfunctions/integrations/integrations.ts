import { AwsSdkIntegration } from './aws-sdk';
import { Integration, roleContext } from './integration';
import { LambdaIntegration, LambdaInvoker } from './lambda';
import { OptimizedIntegration } from './optimized';
import { StartExecutionIntegration, StateMachines } from './start-execution';
import { AwsEnvironment, AwsService, JsonValue } from '../../aws/service';
import { TaskResource } from '../interpreter/resource-arn';
import { TaskCall } from '../interpreter/task';

/** Which Resources have a handler, and the handler of them all. */
export interface TaskIntegrations {
  supports(resource: TaskResource): boolean;
  call(call: TaskCall): Promise<JsonValue>;
}

/** The services that Tasks can reach. */
export interface IntegrationTargets {
  readonly services: readonly AwsService[];
  readonly lambda?: LambdaInvoker;
}

/** All integrations of the local cloud; every call is made with the rights of the state machine's role. */
export function createIntegrations(targets: IntegrationTargets, states: StateMachines, environment: AwsEnvironment): TaskIntegrations {
  const integrations: readonly Integration[] = [
    ...(targets.lambda === undefined ? [] : [new LambdaIntegration(targets.lambda)]),
    new StartExecutionIntegration(states),
    new OptimizedIntegration(targets.services),
    new AwsSdkIntegration([...targets.services, states]),
  ];
  const find = (resource: TaskResource) => integrations.find((integration) => integration.supports(resource));
  return {
    supports: (resource) => find(resource) !== undefined,
    call: async (call) => {
      const integration = find(call.resource);
      if (integration === undefined) throw new Error(`the local cloud does not implement the Resource ${call.resource.arn}`);
      return integration.call(call, roleContext(call.execution.roleArn, call.execution.executionName, environment));
    },
  };
}

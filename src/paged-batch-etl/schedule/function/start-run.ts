import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { StartRun } from './plan-run';
import { SDK_BOUNDS } from '../../../private/runtime/sdk-bounds';

/** Runs by the real service. Region, endpoint and credentials come from the environment, as always in Lambda. */
export function createStartRun(stateMachineArn: string): StartRun {
  const stepFunctions = new SFNClient(SDK_BOUNDS);
  return async (name, input) => {
    try {
      await stepFunctions.send(new StartExecutionCommand({ stateMachineArn, name, input }));
      return 'Started';
    } catch (error) {
      if (error instanceof ExecutionAlreadyExists) return 'StartedBefore';
      throw error;
    }
  };
}

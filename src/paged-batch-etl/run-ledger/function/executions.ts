import { DescribeExecutionCommand, ExecutionDoesNotExist, SFNClient } from '@aws-sdk/client-sfn';
import { serviceError } from './service-error';
import { SDK_BOUNDS } from '../../../private/runtime/sdk-bounds';

/** Whether an execution is underway, or when it ended. */
export type ExecutionState = { readonly running: true } | { readonly running: false; readonly endedAt: number };

/** Looks at an execution. */
export type DescribeExecution = (executionArn: string) => Promise<ExecutionState>;

/** Step Functions forgets executions 90 days after their end. */
export const FORGOTTEN: ExecutionState = { running: false, endedAt: 0 };

/** The statuses that an execution ends with. One that is to be redriven has none of them. */
const ENDED = ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'];

/** What a status says. */
export function executionState(status: string | undefined, stopDate: Date | undefined): ExecutionState {
  const ended = status !== undefined && ENDED.includes(status);
  return ended && stopDate !== undefined ? { running: false, endedAt: stopDate.getTime() } : { running: true };
}

/** Without inputs and outputs: those of an encrypted machine need a right to its key. */
export function createDescribeExecution(): DescribeExecution {
  const stepFunctions = new SFNClient(SDK_BOUNDS);
  return async (executionArn) => {
    try {
      const { status, stopDate } = await stepFunctions.send(new DescribeExecutionCommand({ executionArn, includedData: 'METADATA_ONLY' }));
      return executionState(status, stopDate);
    } catch (error) {
      if (error instanceof ExecutionDoesNotExist) return FORGOTTEN;
      throw serviceError(error, 'Step Functions', `describe ${executionArn}`);
    }
  };
}

import { dataBytes, expressBill, ExpressBill } from './billing';
import { ExpressChange } from './execution-metrics';
import { StateMachine } from './state-machine';
import { Execution } from '../interpreter/execution';
import { ExecutionResult } from '../interpreter/execution-result';
import { PayloadMeter } from '../interpreter/payload';

/** What an Express execution that has ended is billed for. For a child of a distributed Map, the definition is taken as a whole: the worse case. */
export function billOf({ definitionText }: StateMachine, { history, startTime, stopTime = startTime }: Execution): ExpressBill {
  return expressBill(stopTime - startTime, Buffer.byteLength(definitionText), dataBytes(history.events));
}

/** Lets an Express execution run, and tells of its start and its end. */
export async function tellExpress(
  machine: StateMachine, execution: Execution, run: () => Promise<ExecutionResult>, tell: (change: ExpressChange) => void = () => undefined,
): Promise<ExecutionResult> {
  const { arn: stateMachineArn } = machine;
  const { startTime: startDate, input } = execution;
  tell({ stateMachineArn, status: 'RUNNING', startDate });
  const result = await run();
  const meter = new PayloadMeter();
  tell({
    stateMachineArn,
    status: result.status,
    startDate,
    stopDate: execution.stopTime,
    bill: billOf(machine, execution),
    inputBytes: meter.bytes(input),
    ...result.output !== undefined && { outputBytes: meter.bytes(result.output) },
  });
  return result;
}

import { MapRunOptions } from './map-run-options';
import { Workplace } from './operation';
import { JsonValue } from '../../json';
import { StateMachine } from '../api/state-machine';
import { Execution } from '../interpreter/execution';
import { executionLog } from '../logging/execution-log';

interface Launch {
  readonly machine: StateMachine;
  readonly executionArn: string;
  readonly name: string;
  readonly input: JsonValue;
  /** For its distributed Maps; Express workflows have none. */
  readonly mapRuns?: MapRunOptions;
}

/** An execution that can be run; whoever watches the service sees its events, and the machine's log group gets them. */
export function newExecution({ options, integrations, tokens }: Workplace, { machine, executionArn, name, input, mapRuns }: Launch): Execution {
  const { clock, environment: { region }, storage, observe, random, uuid, writeLog } = options;
  const log = executionLog(machine, writeLog);
  return new Execution({
    definition: machine.definition,
    queries: machine.queries,
    express: machine.type === 'EXPRESS',
    input,
    clock,
    task: async (call) => integrations.call(call),
    identity: {
      executionArn, executionName: name, stateMachineArn: machine.arn, stateMachineName: machine.name, roleArn: machine.roleArn, region,
    },
    tokens,
    storage,
    random,
    uuid,
    onEvent: (event, arn, redriveCount) => {
      observe?.({ executionArn: arn, event });
      log?.(event, { executionArn: arn, redriveCount });
    },
    ...mapRuns,
  });
}

import { MapRuns } from './map-runs';
import { ServiceError } from '../../aws/service';
import { writeJson } from '../../exact-json';
import { Access } from '../access';
import { ExecutionRecord } from '../api/execution';
import { ExpressChange } from '../api/execution-metrics';
import { tellExpress } from '../api/express-change';
import { StateMachine } from '../api/state-machine';
import { MapRun } from '../interpreter/distributed/map-run';
import { ExecutionOptions } from '../interpreter/execution';
import { ExecutionResult } from '../interpreter/execution-result';
import { TaskFailure } from '../interpreter/failure';

/** What the children of Map Runs need of those who keep executions. */
export interface ChildKeeper {
  readonly access: Access;
  readonly mapRuns: MapRuns;
  readonly onExpress?: (change: ExpressChange) => void;
  runsExpressTwice(): boolean;
  find(executionArn: string): ExecutionRecord | undefined;
  add(record: ExecutionRecord): void;
  /** Lets an execution run, and tells when its status changes. */
  follow(record: ExecutionRecord, run: () => Promise<ExecutionResult>): Promise<ExecutionResult>;
}

export type MapRunOptions = Pick<ExecutionOptions, 'onMapRun' | 'admitMapRun' | 'repeatsExpress' | 'onChild' | 'follow'>;

/** Makes the children of distributed Maps executions of the service. */
export function mapRunOptions(machine: StateMachine, keeper: ChildKeeper): MapRunOptions {
  const { mapRuns } = keeper;
  return {
    onMapRun: (mapRun) => {
      keeper.find(mapRun.executionArn)?.mapRuns.push(mapRun);
      mapRuns.add(mapRun);
    },
    admitMapRun: async (mapRun) => {
      await admit(machine, mapRun, keeper);
      await mapRuns.open(mapRun);
    },
    repeatsExpress: () => keeper.runsExpressTwice(),
    onChild: (execution, { mapRun, itemCount, input }) => {
      const { stateMachineArn: arn, stateMachineName: name } = execution.identity;
      const child = { mapRun, itemCount };
      const inputText = writeJson(input);
      const record = { machine: { ...machine, arn, name }, execution, inputText, mapRuns: [], ended: Promise.resolve(), child };
      keeper.add(record);
      mapRuns.addChild(mapRun, record);
    },
    follow: async (child, begin) => {
      const record = keeper.find(child.identity.executionArn);
      if (record === undefined) return begin();
      if (record.child?.mapRun.type === 'STANDARD') return keeper.follow(record, begin);
      // Express executions publish no events.
      const running = tellExpress(record.machine, record.execution, begin, keeper.onExpress);
      record.ended = running.then(() => undefined);
      return running;
    },
  };
}

/**
 * The role needs the rights that a caller would need to start the machine, and to redrive the children. Source: developer guide, "IAM policies for using
 * Distributed Map states".
 */
async function admit({ arn, roleArn }: StateMachine, { children = [], executionArn, redriveCount }: MapRun, { access }: ChildKeeper): Promise<void> {
  try {
    const context = await access.roleContext(roleArn);
    await access.allow('StartExecution', arn, context);
    await access.useIfAllowed('DescribeExecution', executionArn, context);
    const [first] = children.flatMap(({ execution }) => execution ?? []);
    if (redriveCount > 0 && first !== undefined) await access.allow('RedriveExecution', first.identity.executionArn, context);
  } catch (error) {
    throw error instanceof ServiceError ? new TaskFailure('States.Permissions', error.message) : error;
  }
}

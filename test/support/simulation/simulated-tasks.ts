import { Replay, Replayer } from './replay';
import { kindOf, UsageMeter } from './usage-meter';
import { Clock } from '../../../local/clock';
import { isObject, JsonValue, memberOf } from '../../../local/json';
import { TaskIntegrations } from '../../../local/stepfunctions/integrations/integrations';
import { ObjectStorage } from '../../../local/stepfunctions/interpreter/distributed/object-storage';
import { TaskCall } from '../../../local/stepfunctions/interpreter/task';
import { REQUESTS_OF_A_FILE } from '../../../projenrc/tools/tables/etl-pages';
import { READ_BATCH } from '../../../src/paged-batch-etl/item-processor/read-batch';
import { RUN_SEGMENT } from '../../../src/paged-batch-etl/run-continuation/segment-loop';
import { PageState } from '../../../src/paged-batch-etl/workflow/page-states';

/** Executions that a Map Run starts in a second, by their type. */
export interface ChildStarts {
  readonly express: number;
  readonly standard: number;
}

export interface SimulatedTasksOptions {
  readonly clock: Clock;
  readonly meter: UsageMeter;
  readonly replay: Replay;
  readonly replayer: Replayer;
  readonly childStarts?: ChildStarts;
  readonly itemsAfter: (cursor: JsonValue) => number;
  readonly eventsOf: (executionArn: string) => number;
  /** Milliseconds of reading a batch, and its text by its range. */
  readonly batchMilliseconds: number;
  readonly batchText: (range: string) => string;
}

/** Tasks as they are, but for those that are replayed, and for the first of an execution that Step Functions starts later than at once. */
export function simulatedTasks(integrations: TaskIntegrations, options: SimulatedTasksOptions): TaskIntegrations {
  const { clock, meter, replay, replayer, itemsAfter, eventsOf, batchMilliseconds, batchText } = options;
  const starts = new StartTimes(options);
  return {
    supports: (resource) => integrations.supports(resource) || (resource.kind === 'service' && resource.action === 'getObject'),
    missingParameters: (resource, parameters) => integrations.missingParameters?.(resource, parameters) ?? [],
    call: async (call) => {
      if (call.stateName === RUN_SEGMENT) {
        const cursor = memberOf(memberOf(memberOf(call.input, 'Input'), 'progress'), 'cursor') ?? null;
        return replayer.segment({ input: call.input, itemsLeft: itemsAfter(cursor), submitted: (answer) => call.submitted(answer) }, async () => {
          const answer = await integrations.call(call);
          return { answer, events: eventsOf(String(memberOf(answer, 'ExecutionArn'))) };
        });
      }
      if (isExpressPage(call)) {
        const milliseconds = replayer.replayedMilliseconds;
        if (milliseconds !== undefined && replay.pageAnswer !== undefined) {
          await clock.sleep(milliseconds);
          return replay.pageAnswer;
        }
        const answer = await integrations.call(call);
        // Without what is large in it: the state keeps none of that.
        replay.pageAnswer = isObject(answer) ? { ...answer, Input: '{}', Output: '{}' } : answer;
        return answer;
      }
      const wait = starts.waitOf(call);
      if (wait > 0) {
        meter.beginsLater(call.execution.executionArn, wait);
        await clock.sleep(wait);
      }
      if (call.stateName !== READ_BATCH) return integrations.call(call);
      meter.add({ mapReads: 1 });
      await clock.sleep(batchMilliseconds);
      return { Body: batchText(String(memberOf(call.input, 'Range'))) };
    },
  };
}

/** The Task whose answer tells how an Express execution ended. */
function isExpressPage({ stateName, resource }: TaskCall): boolean {
  return stateName === PageState.PROCESS && resource.kind === 'service' && resource.action === 'startSyncExecution';
}

/** When executions of a Map Run begin: one after another, no more in a second than there may be. */
class StartTimes {
  private readonly begun = new Set<string>();
  private next = 0;

  constructor(private readonly options: Pick<SimulatedTasksOptions, 'clock' | 'childStarts'>) {}

  /** Milliseconds for which the execution of a call begins later; zero if it has begun. */
  waitOf({ execution: { executionArn } }: TaskCall): number {
    const { clock, childStarts } = this.options;
    const { child, express } = kindOf(executionArn);
    if (!child || childStarts === undefined || this.begun.has(executionArn)) return 0;
    this.begun.add(executionArn);
    const at = Math.max(clock.now(), this.next);
    this.next = at + 1_000 / (express ? childStarts.express : childStarts.standard);
    return at - clock.now();
  }
}

export interface SimulatedStorageOptions {
  readonly clock: Clock;
  readonly meter: UsageMeter;
  readonly replayer: Replayer;
  readonly mapRunMilliseconds?: number;
  readonly pageIndex: () => Buffer;
}

/** S3 for Distributed Maps: the page that was read last. One whose processing is replayed has no batches, and takes as long to read as others to process. */
export function simulatedStorage({ clock, meter, replayer, mapRunMilliseconds = 0, pageIndex }: SimulatedStorageOptions): ObjectStorage {
  return {
    getObject: async () => {
      meter.add({ mapReads: 1 });
      const replayed = replayer.replayedMilliseconds;
      await clock.release(async () => clock.sleep(replayed ?? mapRunMilliseconds));
      return replayed === undefined ? pageIndex() : Buffer.alloc(0);
    },
    putObject: async () => meter.add({ mapWrites: REQUESTS_OF_A_FILE }),
    assertWritable: async () => undefined,
    listObjects: async () => [],
  };
}

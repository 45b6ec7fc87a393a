import { Stack } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { JsonObject, JsonValue } from '../../../local/json';
import { Execution } from '../../../local/stepfunctions/interpreter/execution';
import { TaskFailure } from '../../../local/stepfunctions/interpreter/failure';
import { ItemProcessor } from '../../../src/paged-batch-etl/item-processor/item-processor';
import { RunContinuation } from '../../../src/paged-batch-etl/run-continuation/run-continuation';
import { AslMachine } from '../../../src/private/synth/asl';
import { MAX_HISTORY_EVENTS } from '../../../src/private/synth/history';
import { EtlStack, EtlStackOptions, handlerOf, processors, synthEtl } from '../../support/etl-stack';
import { fcRuns, fcTimeout } from '../../support/fc-runs';
import { worstExecution, WorstExecutionOptions } from '../../support/worst-execution';

/** This many redrives a workflow that restarts itself has room for. */
const REDRIVES = 10;

/** More items than this do not fit into the bytes of a page. */
const MOST_ITEMS = 10_000;

const restarts = { supervised: RunContinuation.supervised(), selfRestart: RunContinuation.selfRestart() };
type Restart = keyof typeof restarts;

interface Kind {
  readonly processor: (stack: Stack) => ItemProcessor;
  readonly restart: Restart;
}

const kinds: fc.Arbitrary<Kind> = fc.record({
  processor: fc.oneof(
    fc.integer({ min: 0, max: 20 }).map((retryAttempts) => (stack: Stack) => ItemProcessor.perBatch({ handler: handlerOf(stack), retryAttempts })),
    fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 40 })).map(([retryAttempts, maxConcurrency]) => (
      (stack: Stack) => ItemProcessor.perItem({ handler: handlerOf(stack), retryAttempts, maxConcurrency })
    )),
    fc.constant(processors.expressItems),
    fc.constant(processors.stateMachine),
  ),
  restart: fc.constantFrom<Restart>('supervised', 'selfRestart'),
});

/** The machine that walks pages, and how it is started. */
function walker({ machines }: EtlStack, restart: Restart): { readonly machine: AslMachine; readonly input: JsonObject } {
  if (restart === 'selfRestart') return { machine: machines.Workflow, input: {} };
  const root = 'arn:aws:states:us-east-1:111122223333:execution:Workflow:first';
  const progress = { root, cursor: null, pages: 0, items: 0, segments: 0 };
  const input = { AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: root, parameters: { batch_size: 1 }, progress, failure: null, attempt: 0 };
  return { machine: machines.Segment, input };
}

/** Answers of a source that never ends; the way from the last page to the end is the longest there is. */
function answersOf(restart: Restart, pages: number, items: number): WorstExecutionOptions['answer'] {
  let page = 0;
  return (state, parameters): JsonValue => {
    if (state === 'Read Page') {
      page += 1;
      const read = Array.from({ length: items }, (_, index) => ({ itemIdentifier: `${page}-${index}`, idempotencyKey: '', item: {} }));
      return { Payload: { items: read, cursor: `${page}`, done: false } };
    }
    // The answer to the first attempt got lost.
    if (state === 'Start Next Segment') throw new TaskFailure('StepFunctions.ExecutionAlreadyExistsException');
    const named = restart === 'supervised' && page === pages ? { batchItemFailures: [{ itemIdentifier: 'any' }] } : null;
    const express: JsonObject = named === null ? { Status: 'SUCCEEDED' } : { Status: 'FAILED', Error: 'Broken', Cause: 'it is broken' };
    return parameters.Name === undefined ? { Payload: named, ExecutionArn: 'express', ...express } : { Output: named };
  };
}

/** A walk of this many pages with every retry used. */
function walkOf(etl: EtlStack, restart: Restart, pages: number, items: number, more: Partial<WorstExecutionOptions> = {}): Execution {
  const { machine, input } = walker(etl, restart);
  return worstExecution(machine, { input, answer: answersOf(restart, pages, items), assign: { pagesLeft: pages }, ...more });
}

async function eventsOf(etl: EtlStack, restart: Restart, pages: number, items: number): Promise<number> {
  const execution = walkOf(etl, restart, pages, items);
  expect((await execution.run()).status).toBe('SUCCEEDED');
  return execution.history.length;
}

type Count = (pages: number, items: number) => number;

/** Events of a walk of any length, from short ones: each page costs as much as the one before it, and each item too. */
async function counterOf(etl: EtlStack, restart: Restart): Promise<Count> {
  const measure = async (pages: number, items: number) => eventsOf(etl, restart, pages, items);
  const [one, page, item, both] = [await measure(1, 1), await measure(2, 1), await measure(1, 2), await measure(2, 2)];
  const count: Count = (pages, items) => (
    one + (pages - 1) * (page - one) + (items - 1) * (item - one) + (pages - 1) * (items - 1) * (both - page - item + one)
  );
  expect(count(3, 4)).toBe(await measure(3, 4));
  return count;
}

/** What one redrive may cost: its own event, another attempt at the page and, for an execution whose name is taken, another name. */
function redriveEvents(count: Count, items: number, isStateMachine: boolean): number {
  const again = isStateMachine ? 2 + 2 + 15 : 0;
  return 1 + count(2, items) - count(1, items) + again;
}

test('whatever synthesises stays below the limit with every retry used, and one page or one item more does not', async () => {
  await fc.assert(fc.asyncProperty(kinds, fc.integer({ min: 1, max: 1_500 }), async ({ processor, restart }, wanted) => {
    const options: EtlStackOptions = { processor, continuation: restarts[restart] };
    const { largestSafeBatchSize } = synthEtl({ ...options, batchSize: 1 }).parts;
    const batchSize = Math.min(wanted, largestSafeBatchSize);
    const etl = synthEtl({ ...options, batchSize });
    const count = await counterOf(etl, restart);
    const reserved = (items: number) => (restart === 'supervised' ? 0 : REDRIVES * redriveEvents(count, items, processor === processors.stateMachine));
    const most = (pages: number, items: number) => count(pages, items) + reserved(items);
    const { pagesPerSegment } = etl.parts;
    expect(most(pagesPerSegment, batchSize)).toBeLessThan(MAX_HISTORY_EVENTS);
    expect(most(pagesPerSegment + 1, batchSize)).toBeGreaterThanOrEqual(MAX_HISTORY_EVENTS);
    expect(most(1, largestSafeBatchSize)).toBeLessThan(MAX_HISTORY_EVENTS);
    if (largestSafeBatchSize === MOST_ITEMS) return;
    if (etl.machines.Items !== undefined) {
      // With one more, the items would have to be in the segment.
      expect(synthEtl({ ...options, batchSize: largestSafeBatchSize + 1 }).machines.Items).toBeUndefined();
      return;
    }
    expect(most(1, largestSafeBatchSize + 1)).toBeGreaterThanOrEqual(MAX_HISTORY_EVENTS);
    expect(() => synthEtl({ ...options, batchSize: largestSafeBatchSize + 1 })).toThrow(`batchSize must be at most ${largestSafeBatchSize}, `);
  }), { numRuns: fcRuns(8) });
}, fcTimeout(8));

test('items that fail while others are underway leave no more events than items that succeed, and neither does a redrive', async () => {
  const failing = fc.record({
    retryAttempts: fc.integer({ min: 0, max: 3 }),
    maxConcurrency: fc.integer({ min: 1, max: 40 }),
    items: fc.integer({ min: 1, max: 30 }),
    restart: fc.constantFrom<Restart>('supervised', 'selfRestart'),
    failures: fc.integer({ min: 1, max: REDRIVES }),
  });
  await fc.assert(fc.asyncProperty(failing, fc.infiniteStream(fc.nat(60_000)), fc.infiniteStream(fc.nat(9)), async (kind, delays, chances) => {
    const { retryAttempts, maxConcurrency, items, restart } = kind;
    const processor = (stack: Stack) => ItemProcessor.perItem({ handler: handlerOf(stack), retryAttempts, maxConcurrency });
    const etl = synthEtl({ processor, continuation: restarts[restart], batchSize: 1 });
    const count = await counterOf(etl, restart);
    const answer = answersOf(restart, 2, items);
    let failures = 0;
    let redrives = 0;
    // Items that fail at the same moment fail their execution once.
    const failedAttempts = new Set<number>();
    const execution = walkOf(etl, restart, 2, items, {
      delay: () => delays.next().value,
      answer: (state, parameters) => {
        const isLastPage = JSON.stringify(parameters).includes('"2-');
        if (state === 'Process Item' && isLastPage && failures < kind.failures && chances.next().value === 0) {
          failures += 1;
          failedAttempts.add(redrives);
          throw new TaskFailure('Broken');
        }
        return answer(state, parameters);
      },
    });
    for (let result = await execution.run(); result.status === 'FAILED'; result = await execution.redrive()) redrives += 1;
    // A segment catches what has failed and ends well.
    expect(redrives).toBe(restart === 'supervised' ? 0 : failedAttempts.size);
    expect(execution.history.length).toBeLessThanOrEqual(count(2, items) + redrives * redriveEvents(count, items, false));
  }), { numRuns: fcRuns(8) });
}, fcTimeout(8));

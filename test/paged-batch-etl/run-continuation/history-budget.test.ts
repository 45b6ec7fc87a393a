import { Stack } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { JsonObject, JsonValue } from '../../../local/json';
import { ObjectStorage } from '../../../local/stepfunctions/interpreter/distributed/object-storage';
import { Execution } from '../../../local/stepfunctions/interpreter/execution';
import { TaskFailure } from '../../../local/stepfunctions/interpreter/failure';
import { ItemProcessor } from '../../../src/paged-batch-etl/item-processor/item-processor';
import { PageTransport } from '../../../src/paged-batch-etl/page-transport/page-transport';
import { RunContinuation } from '../../../src/paged-batch-etl/run-continuation/run-continuation';
import { RunLedger } from '../../../src/paged-batch-etl/run-ledger/run-ledger';
import { MAX_HISTORY_EVENTS } from '../../../src/private/synth/history';
import { EtlStack, EtlStackOptions, handlerOf, knownHandler, processors, synthEtl } from '../../support/etl-stack';
import { worstExecution } from '../../support/worst-execution';

const LIMIT = 'The execution reached the maximum number of history events (25000).';
const root = 'arn:aws:states:us-east-1:111122223333:execution:Workflow:first';

const perItem = (retryAttempts: number) => (stack: Stack) => ItemProcessor.perItem({ handler: handlerOf(stack), retryAttempts });
const expressItems = (retryAttempts: number) => (stack: Stack) => ItemProcessor.perItem({ handler: knownHandler(stack), retryAttempts });
const perBatch = (retryAttempts: number) => (stack: Stack) => ItemProcessor.perBatch({ handler: handlerOf(stack), retryAttempts });

describe('the numbers of the design', () => {
  test.each<[string, EtlStackOptions, object]>([
    ['a batch of 1,000', { processor: processors.perBatch }, { pagesPerSegment: 595, largestSafeBatchSize: 10_000, maxItemsPerRun: 1_000 * 595 * 1_399 }],
    ['items, 100 a page', { processor: processors.perItem }, { pagesPerSegment: 11, largestSafeBatchSize: 1_134, maxItemsPerRun: 100 * 11 * 1_399 }],
    ['items in an Express execution, 100 a page', { processor: processors.expressItems }, { pagesPerSegment: 595, largestSafeBatchSize: 120, maxItemsPerRun: 100 * 595 * 1_399 }],
    ['a state machine', { processor: processors.stateMachine }, { pagesPerSegment: 675, maxItemsPerRun: 1_000 * 675 * 1_399 }],
    ['a batch, restarting itself', { continuation: RunContinuation.selfRestart() }, { pagesPerSegment: 452, maxItemsPerRun: undefined }],
    ['items of a known function, restarting itself', { processor: processors.expressItems, continuation: RunContinuation.selfRestart() }, { pagesPerSegment: 1, largestSafeBatchSize: 101 }],
    ['a batch of a page in S3', { transport: () => PageTransport.s3() }, { pagesPerSegment: 675, maxItemsPerRun: 675 * 20_000 * 159 }],
    ['items, restarting itself', { processor: processors.perItem, continuation: RunContinuation.selfRestart() }, { pagesPerSegment: 1, largestSafeBatchSize: 101 }],
  ])('%s', (_name, options, numbers) => {
    const { pagesPerSegment, largestSafeBatchSize, maxItemsPerRun } = synthEtl(options).parts;
    expect({ pagesPerSegment, largestSafeBatchSize, maxItemsPerRun }).toMatchObject(numbers);
  });

  test('and its formula, for any number of retries and items', () => {
    const MOST = MAX_HISTORY_EVENTS - 1;
    fc.assert(fc.property(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 300 }), (retryAttempts, batchSize) => {
      const retries = 3 + retryAttempts;
      const pageOfItems = 11 + 3 * 5 + batchSize * (7 + 3 * retries);
      const pageOfBatch = 12 + 3 * 5 + 3 * retries;
      // Items that fail are named in one state more.
      const fitting = { item: Math.floor((MOST - 6) / pageOfItems), batch: Math.floor((MOST - 8) / pageOfBatch) };
      const pages = (processor: (stack: Stack) => ItemProcessor) => synthEtl({ processor, batchSize }).parts.pagesPerSegment;
      fc.pre(fitting.item > 0);
      expect({ item: pages(perItem(retryAttempts)), batch: pages(perBatch(retryAttempts)) }).toEqual(fitting);
    }), { numRuns: 15 });
  });

  test('more items than can be counted are not promised', () => {
    const { maxItemsPerRun } = synthEtl({ batchSize: 10_000 }).parts;
    expect(maxItemsPerRun).toBeLessThan(2 ** 31);
    expect(maxItemsPerRun).toBeGreaterThan(2 ** 31 - 10_000 * 595);
  });
});

/** Answers of a source that never ends, of a processor that does well, and of Step Functions that starts the next execution. */
function endless(batchSize: number, itemFailsAt = Infinity): (state: string, parameters: JsonObject) => JsonValue {
  let page = 0;
  return (state): JsonValue => {
    if (state === 'Read Page') {
      page++;
      const items = Array.from({ length: batchSize }, (_, index) => ({ itemIdentifier: `${page}-${index}`, idempotencyKey: '', item: {} }));
      return { Payload: { items, cursor: `${page}`, done: false } };
    }
    const answer = page < itemFailsAt ? null : { batchItemFailures: [{ itemIdentifier: '0' }] };
    const express: JsonObject = page < itemFailsAt ? { Status: 'SUCCEEDED' } : { Status: 'FAILED', Error: 'Broken', Cause: 'it is broken' };
    return { Payload: answer, Output: answer, ExecutionArn: 'next', ...express };
  };
}

const segmentInput = (batchSize: number): JsonObject => ({
  AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: root,
  parameters: { batch_size: batchSize },
  progress: { root, cursor: null, pages: 0, items: 0, segments: 0 },
  failure: null,
  attempt: 0,
});

/** A segment that uses every retry and, where answers can name failed items, does so on its last page. */
async function worstSegment({ parts, machines }: EtlStack, batchSize: number, pages: number): Promise<Execution> {
  const answer = endless(batchSize, pages);
  const segment = worstExecution(machines.Segment, { input: segmentInput(batchSize), answer, assign: { pagesLeft: pages } });
  const result = await segment.run();
  expect(result.status).toBe(pages <= parts.pagesPerSegment ? 'SUCCEEDED' : 'FAILED');
  return segment;
}

test('a segment of a batch has 24,998 events in the worst case, and no room for another page', async () => {
  const etl = synthEtl({ batchSize: 1 });
  expect((await worstSegment(etl, 1, 595)).history.length).toBe(24_998);
  const beyond = await worstSegment(etl, 1, 596);
  expect(beyond.history.length).toBe(MAX_HISTORY_EVENTS);
  expect(beyond.result).toMatchObject({ error: 'States.Runtime', cause: LIMIT });
});

test('so has one of items in an Express execution, however many they are and however often they are retried', async () => {
  for (const [retryAttempts, items] of [[0, 1], [2, 120], [5, 40]]) {
    const etl = synthEtl({ processor: expressItems(retryAttempts), batchSize: items });
    expect(Object.keys(etl.machines)).toContain('Items');
    expect((await worstSegment(etl, 1, 595)).history.length).toBe(24_998);
    expect((await worstSegment(etl, 1, 596)).result).toMatchObject({ error: 'States.Runtime', cause: LIMIT });
  }
});

test('property: whatever synthesises has room for every retry in a segment, and not for another page', async () => {
  const cases = fc.oneof(
    fc.record({ processor: fc.integer({ min: 0, max: 20 }).map(perBatch), batchSize: fc.constant(1) }),
    fc.record({ processor: fc.integer({ min: 0, max: 3 }).map(perItem), batchSize: fc.integer({ min: 1, max: 120 }) }),
    fc.record({ processor: fc.integer({ min: 0, max: 5 }).map(expressItems), batchSize: fc.integer({ min: 1, max: 40 }) }),
    fc.record({ processor: fc.constant(processors.stateMachine), batchSize: fc.constant(1) }),
  );
  await fc.assert(fc.asyncProperty(cases, async ({ processor, batchSize }) => {
    const etl = synthEtl({ processor, batchSize });
    const { pagesPerSegment } = etl.parts;
    expect((await worstSegment(etl, batchSize, pagesPerSegment)).history.length).toBeLessThan(MAX_HISTORY_EVENTS);
    expect((await worstSegment(etl, batchSize, pagesPerSegment + 1)).result).toMatchObject({ cause: LIMIT });
  }), { numRuns: 4 });
});

describe('pages that travel through S3', () => {
  /** Every page has one batch, whatever its objects are called. */
  const storage: ObjectStorage = {
    getObject: async () => Buffer.from('{"range":"bytes=0-52","first":0,"count":1}\n'),
    listObjects: async () => [],
    putObject: async () => {},
    assertWritable: async () => {},
  };
  const answer = (failsAt: number) => {
    let page = 0;
    return (state: string): JsonValue => {
      if (state === 'Read Page') page++;
      if (state === 'Read Batch') return { Body: '[{"itemIdentifier":"0","idempotencyKey":"","item":{}}]' };
      if (state === 'Process Batch') return { Payload: page < failsAt ? null : { batchItemFailures: [{ itemIdentifier: '0' }] } };
      return { Payload: { object: { bucket: 'b', key: `${page}.jsonl`, index: `${page}.index.jsonl`, folder: '' }, count: 1, cursor: `${page}`, done: false } };
    };
  };

  test.each([
    [false, 675, RunLedger.none()], [true, 520, RunLedger.none()], [false, 438, RunLedger.table()],
  ])('have room for every retry, and not for another page: deletePages %p, %i pages', async (deletePages, pages, ledger) => {
    const { parts, machines } = synthEtl({ transport: () => PageTransport.s3({ deletePages }), ledger });
    expect(parts.pagesPerSegment).toBe(pages);
    const segment = (walked: number) => worstExecution(machines.Segment, {
      // The longest way of the last page: it fails, unless to delete it is longer.
      input: { ...segmentInput(1), ledger: { window: 'w', range: 0, estimate: { items: 1 } } },
      answer: answer(deletePages ? Infinity : walked),
      storage,
      assign: { pagesLeft: walked },
    });
    const [fitting, beyond] = [segment(pages), segment(pages + 1)];
    const output = deletePages ? { failure: null, progress: { pages } } : { failure: { Error: 'ItemsFailed' }, progress: { pages: pages - 1 } };
    expect(await fitting.run()).toMatchObject({ status: 'SUCCEEDED', output });
    expect(fitting.history.length).toBeLessThan(MAX_HISTORY_EVENTS);
    expect(await beyond.run()).toMatchObject({ cause: LIMIT });
  });
});

test('a run of 1,399 segments keeps 1,200 events for redrives, with every retry used', async () => {
  const { machines } = synthEtl({ batchSize: 1 });
  const answer = (_state: string, { Input }: JsonObject): JsonValue => {
    const { progress } = Input as { progress: { segments: number } };
    return { Input, Output: { progress: { ...progress, segments: progress.segments + 1 }, done: false, failure: null } };
  };
  const run = worstExecution(machines.Workflow, { input: {}, answer });
  expect(await run.run()).toMatchObject({ status: 'FAILED', error: 'RunTooLong' });
  expect(run.history.events.filter(({ type }) => type === 'TaskSubmitted')).toHaveLength(1_399);
  // Another segment would take 17.
  const left = MAX_HISTORY_EVENTS - 1_200 - run.history.length;
  expect({ left, enough: left > 0 && left <= 17 }).toEqual({ left, enough: true });
});

describe('a workflow that restarts itself', () => {
  const options: [string, EtlStackOptions][] = [
    ['for each item', { processor: processors.perItem, batchSize: 20 }],
    ['for each item of a known function', { processor: processors.expressItems, batchSize: 20 }],
    ['for each batch', { processor: processors.perBatch, batchSize: 1 }],
    ['with a state machine', { processor: processors.stateMachine, batchSize: 1 }],
  ];

  test.each(options)('has room for ten redrives of its last page %s, with every retry used each time', async (_name, option) => {
    const { parts, machines } = synthEtl({ ...option, continuation: RunContinuation.selfRestart() });
    const answer = endless(option.batchSize ?? 1);
    const taken = new Set<JsonValue>();
    let reads = 0;
    let failures = 0;
    const execution = worstExecution(machines.Workflow, {
      input: {},
      answer: (state, parameters) => {
        if (state === 'Read Page') reads++;
        if (state === 'Process Page' && parameters.Name !== undefined) {
          if (taken.has(parameters.Name)) throw new TaskFailure('StepFunctions.ExecutionAlreadyExistsException');
          taken.add(parameters.Name);
        }
        // Of many items, always the same one.
        const isFirst = !JSON.stringify(parameters).includes('"itemIdentifier"') || JSON.stringify(parameters).includes('-0"');
        if (state.startsWith('Process') && isFirst && reads === parts.pagesPerSegment && failures < 10) {
          failures++;
          throw new TaskFailure('Broken');
        }
        return answer(state, parameters);
      },
    });
    let result = await execution.run();
    for (; result.status === 'FAILED'; result = await execution.redrive()) expect(result.error).toBe('Broken');
    expect({ failures, redrives: execution.redriveCount, ...result }).toMatchObject({ failures: 10, redrives: 10, output: { continuedBy: 'next' } });
    expect(execution.history.length).toBeLessThan(MAX_HISTORY_EVENTS);
  });

  test.each(options)('walks as many pages as that leaves room for %s', async (_name, option) => {
    const { parts, machines } = synthEtl({ ...option, continuation: RunContinuation.selfRestart() });
    const eventsOf = async (pagesLeft: number): Promise<number> => {
      const execution = worstExecution(machines.Workflow, { input: {}, answer: endless(option.batchSize ?? 1), assign: { pagesLeft } });
      expect((await execution.run()).status).toBe('SUCCEEDED');
      return execution.history.length;
    };
    const [one, two, fitting] = [await eventsOf(1), await eventsOf(2), await eventsOf(parts.pagesPerSegment)];
    const page = two - one;
    expect(fitting).toBe(one + (parts.pagesPerSegment - 1) * page);
    // Process Again, Check Attempts and the second visit to Process Page.
    const renamed = option.processor === processors.stateMachine ? 2 + 2 + 15 : 0;
    // The way out is longest when the next execution is there already, by two events that are not seen here.
    const most = fitting + 2 + 10 * (1 + page + renamed);
    expect(most).toBeLessThan(MAX_HISTORY_EVENTS);
    expect(most + page).toBeGreaterThanOrEqual(MAX_HISTORY_EVENTS);
  });
});

describe('a page that does not fit', () => {
  test('is refused with the largest that does', () => {
    expect(() => synthEtl({ processor: processors.perItem, batchSize: 1_135 })).toThrow(/batchSize must be at most 1134, .* got 1135; /);
    expect(synthEtl({ processor: processors.perItem, batchSize: 1_134 }).parts.pagesPerSegment).toBe(1);
  });

  test('is smaller where more is kept for redrives and retries', () => {
    const continuation = RunContinuation.selfRestart();
    expect(() => synthEtl({ processor: processors.perItem, continuation, batchSize: 102 })).toThrow('batchSize must be at most 101, ');
    expect(() => synthEtl({ processor: perItem(20), continuation, batchSize: 100 })).toThrow(/batchSize must be at most \d\d, /);
  });
});

describe('a page of an Express execution', () => {
  test('is refused beyond the history of a segment, like one whose function nobody knows', () => {
    expect(() => synthEtl({ processor: processors.expressItems, batchSize: 1_135 })).toThrow(/batchSize must be at most 1134, .* got 1135; /);
  });

  test('may have as many items as largestSafeBatchSize says, and with one more its items are in the segment', () => {
    const { largestSafeBatchSize } = synthEtl({ processor: processors.expressItems }).parts;
    expect(Object.keys(synthEtl({ processor: processors.expressItems, batchSize: largestSafeBatchSize }).machines)).toContain('Items');
    const { parts } = synthEtl({ processor: processors.expressItems, batchSize: largestSafeBatchSize + 1 });
    expect(parts).toMatchObject({ largestSafeBatchSize: 1_134 });
  });
});

describe('pagesPerSegment', () => {
  test.each([RunContinuation.supervised, RunContinuation.selfRestart])('may lower what fits', (restart) => {
    const { parts, machines } = synthEtl({ continuation: restart({ pagesPerSegment: 7 }) });
    expect(parts.pagesPerSegment).toBe(7);
    expect(JSON.stringify(machines[parts.segment === undefined ? 'Workflow' : 'Segment'])).toContain('"pagesLeft":7');
  });

  test.each([[0], [596], [1.5], [NaN]])('%p is refused', (pagesPerSegment) => {
    expect(() => synthEtl({ continuation: RunContinuation.supervised({ pagesPerSegment }) })).toThrow(
      `pagesPerSegment of RunContinuation.supervised must be a whole number from 1 to 595, got ${pagesPerSegment}; `,
    );
  });
});

import { Duration, Stack } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { VirtualClock } from '../../../local/clock';
import { JsonObject, JsonValue } from '../../../local/json';
import { inParallel } from '../../../src/paged-batch-etl/item-processor/batch-executions';
import { ItemProcessor } from '../../../src/paged-batch-etl/item-processor/item-processor';
import { PageTransport } from '../../../src/paged-batch-etl/page-transport/page-transport';
import { AslDistributedMap, AslGraph, AslState, isDistributed } from '../../../src/private/synth/asl';
import { EXECUTION_EVENTS, MAX_HISTORY_EVENTS, worstCaseEvents } from '../../../src/private/synth/history';
import { longestWalk } from '../../../src/private/synth/longest-walk';
import { childOf, knownHandler, synthEtl } from '../../support/etl-stack';
import { fcRuns, fcTimeout } from '../../support/fc-runs';
import { worstExecution, WorstExecutionOptions } from '../../support/worst-execution';

type Name = 'perItem' | 'perBatch';

interface Options {
  readonly timeout?: Duration;
  readonly retryAttempts?: number;
  readonly maxConcurrency?: number;
}

interface Synthesised {
  readonly map: AslDistributedMap;
  /** Most batches of one execution, or most items of its one batch. */
  readonly size: number;
}

function synth(processor: (stack: Stack) => ItemProcessor): Synthesised {
  const { machines, transport } = synthEtl({ processor, transport: () => PageTransport.s3() });
  const map = machines.Segment.States['Process Page'];
  if (map.Type !== 'Map' || !isDistributed(map)) throw new Error('no Distributed Map');
  return { map, size: map.ItemBatcher?.MaxItemsPerBatch ?? Number(transport.store?.environment.PAGE_BATCH_ITEMS) };
}

const withFunction = (name: Name, { timeout = Duration.seconds(3), ...options }: Options): Synthesised => (
  synth((stack) => ItemProcessor[name]({ handler: knownHandler(stack, timeout), ...options })));

/** The items of a batch, of which no other batch has one. */
const items = (batch: JsonValue, count: number): string => JSON.stringify(Array.from({ length: count }, (_, index) => ({ itemIdentifier: `${batch} ${index}`, item: {} })));

/** The worst execution that a Map Run can start: full, with every retry used. */
function worstChild({ map, size }: Synthesised, options: Partial<WorstExecutionOptions> = {}) {
  const { StartAt, States } = map.ItemProcessor;
  const place = { bucket: 'b', key: 'k', parameters: {}, run: { id: 'r', page: 0 } };
  const ranges = Array.from({ length: size }, (_, index) => ({ range: `bytes=${index}-${index}`, first: 0, count: 1 }));
  const input: JsonObject = map.ItemBatcher === undefined ? { ...ranges[0], ...place } : { Items: ranges, BatchInput: place };
  const inBatch = map.ItemBatcher === undefined ? size : 1;
  const answer = (state: string, { Range }: JsonObject): JsonValue => (state === 'Read Batch' ? { Body: items(Range, inBatch) } : { Payload: null, Output: null });
  return worstExecution({ StartAt, States }, { input, answer, ...options });
}

function tasks({ States }: AslGraph): Record<string, AslState> {
  return Object.assign({}, ...Object.entries(States).map(([name, state]) => (state.Type === 'Map' ? tasks(state.ItemProcessor) : { [name]: state })));
}

/** Seconds that the worst execution takes, where every attempt but the last goes on until its time-out, and so does that. */
async function worstSeconds(synthesised: Synthesised): Promise<number> {
  const clock = new VirtualClock(0);
  const states = tasks(synthesised.map.ItemProcessor);
  const child = worstChild(synthesised, {
    clock,
    random: () => 0.999_999,
    delay: (name) => {
      const state = states[name];
      return state.Type === 'Task' ? state.TimeoutSeconds * 1_000 - 1 : 0;
    },
  });
  expect(await child.run()).toMatchObject({ status: 'SUCCEEDED' });
  return clock.now() / 1_000;
}

test('executions with some calls each: never more calls at a time than asked for, and hardly fewer', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 1_000 }), fc.constantFrom(10, 40), (concurrency, most) => {
    const { executions, calls } = inParallel(concurrency, most);
    expect(calls).toBeLessThanOrEqual(most);
    expect(calls).toBeGreaterThan(0);
    expect(executions * calls).toBeLessThanOrEqual(concurrency);
    expect(executions * calls).toBeGreaterThanOrEqual(0.9 * concurrency);
  }));
});

describe('EXPRESS', () => {
  test.each<[Name, Options, number]>([
    ['perBatch', {}, 10],
    ['perBatch', { maxConcurrency: 1 }, 2],
    ['perBatch', { timeout: Duration.seconds(33) }, 10],
    ['perItem', {}, 120],
    ['perItem', { maxConcurrency: 10 }, 30],
    ['perItem', { retryAttempts: 0 }, 160],
    ['perItem', { timeout: Duration.seconds(33) }, 40],
  ])('%s with %p: %i in an execution', (name, options, size) => {
    const synthesised = withFunction(name, options);
    expect(synthesised.map.ItemProcessor.ProcessorConfig.ExecutionType).toBe('EXPRESS');
    expect(synthesised.size).toBe(size);
  });

  test('property: the worst execution ends within 290 seconds, and perItem has none that could hold another round of items', async () => {
    const options = fc.record({
      timeout: fc.integer({ min: 1, max: 60 }).map((seconds) => Duration.seconds(seconds)),
      retryAttempts: fc.integer({ min: 0, max: 5 }),
      maxConcurrency: fc.integer({ min: 1, max: 120 }),
    });
    let fitting = 0;
    await fc.assert(fc.asyncProperty(fc.constantFrom<Name>('perItem', 'perBatch'), options, async (name, given) => {
      const synthesised = withFunction(name, given);
      if (synthesised.map.ItemProcessor.ProcessorConfig.ExecutionType !== 'EXPRESS') return;
      fitting += 1;
      expect(await worstSeconds(synthesised)).toBeLessThanOrEqual(290);
      if (name === 'perItem') expect(await worstSeconds({ ...synthesised, size: synthesised.size + 1 })).toBeGreaterThan(290);
    }), { numRuns: fcRuns(60) });
    expect(fitting).toBeGreaterThan(0);
  }, fcTimeout(60));
});

describe('STANDARD', () => {
  test.each<[string, (stack: Stack) => ItemProcessor, most: number]>([
    ['items', (stack) => ItemProcessor.perItem({ handler: knownHandler(stack, Duration.minutes(15)), retryAttempts: 20 }), 8_000],
    ['batches', (stack) => ItemProcessor.perBatch({ handler: knownHandler(stack, Duration.minutes(15)), retryAttempts: 20 }), 1_200],
    ['batches of a state machine', (stack) => ItemProcessor.stateMachine({ stateMachine: childOf(stack) }), 500],
  ])('%s: the history of the worst execution stays far below the limit, and is what is counted', async (_name, processor, most) => {
    const synthesised = synth(processor);
    const { ItemProcessor: graph } = synthesised.map;
    expect(graph.ProcessorConfig.ExecutionType).toBe('STANDARD');
    const child = worstChild(synthesised);
    expect(await child.run()).toMatchObject({ status: 'SUCCEEDED' });
    const counted = EXECUTION_EVENTS + longestWalk(graph, graph.StartAt, (state) => worstCaseEvents(state, synthesised.size));
    expect(child.history.length).toBeLessThanOrEqual(counted);
    expect(counted - child.history.length).toBeLessThanOrEqual(3 * synthesised.size);
    expect(counted).toBeLessThan(most);
    expect(most).toBeLessThan(MAX_HISTORY_EVENTS / 3);
  });
});

/**
 * A run that began before items were processed in an Express execution goes on while the stack is updated: it and the segments that run keep their old
 * definitions, all else is new: segments started later, the source function, and the rights of all roles.
 */
import { Duration } from 'aws-cdk-lib';
import { JsonObject, JsonValue } from '../../../local/json';
import { ObservedEvent } from '../../../local/stepfunctions/service';
import { ItemProcessor } from '../../../src/paged-batch-etl/item-processor/item-processor';
import { RunContinuation } from '../../../src/paged-batch-etl/run-continuation/run-continuation';
import { readPage } from '../../../src/paged-batch-etl/source-functions/reader/read-page';
import { AslMachine } from '../../../src/private/synth/asl';
import { EtlRig, EtlRigOptions } from '../../support/etl-rig';
import { EtlStackOptions, knownHandler } from '../../support/etl-stack';
import { released } from '../../support/released';
import { NO_LETTERS } from '../source-functions/harness';

const PARAMETERS = { mode: { rule: { type: 'text' as const }, defaultValue: 'x' } };

/** Pages have at most 80 items now; they had 100. */
const LARGEST = 80;

const stack: EtlStackOptions = {
  processor: (scope) => ItemProcessor.perItem({ handler: knownHandler(scope, Duration.seconds(10)) }),
  continuation: RunContinuation.supervised({ pagesPerSegment: 2 }),
  parameters: PARAMETERS,
};

/** The source function of this release, over items that are numbers. */
function sourceOf(items: number): NonNullable<EtlRigOptions['source']> {
  return async (event) => {
    const answer = await readPage(event, { getRemainingTimeInMillis: () => 60_000 }, {
      config: { rules: { mode: PARAMETERS.mode.rule }, pageBytes: 110 * 1024, maxBatchSize: LARGEST, failEmptyRun: false, functionName: 'source' },
      read: async ({ cursor, batchSize, idempotencyKeyOf }) => {
        const first = Number(cursor ?? 0);
        const last = Math.min(items, first + batchSize);
        const page = Array.from({ length: last - first }, (_, index) => `${first + index}`);
        return {
          page: { items: page.map((itemIdentifier) => ({ itemIdentifier, idempotencyKey: idempotencyKeyOf(itemIdentifier), item: { number: Number(itemIdentifier) } })), cursor: `${last}`, done: last === items },
        };
      },
      ...NO_LETTERS,
      openBucket: () => never(),
      readTexts: () => never(),
      now: () => 0,
      log: () => undefined,
    });
    const text: JsonObject = JSON.parse(JSON.stringify(answer));
    return text;
  };
}

function never(): never {
  throw new Error('pages travel inline');
}

/** A deployment that goes back to the old definitions, and on to the new ones. */
class Deployment {
  static async start(items: number): Promise<Deployment> {
    return new Deployment(await EtlRig.deploy({ ...stack, iam: true, source: sourceOf(items) }, stack));
  }

  private readonly definitions: Readonly<Record<'old' | 'new', Readonly<Record<string, AslMachine>>>>;

  private constructor(readonly rig: EtlRig) {
    this.definitions = { old: released<Record<string, AslMachine>>('workflow', 1, 'per-item'), new: rig.stack.machines };
  }

  async update(to: 'old' | 'new'): Promise<void> {
    for (const name of ['Segment', 'Workflow'] as const) {
      const text = JSON.stringify(this.definitions[to][name])
        .replace(/arn:aws:states:us-east-1:111122223333:stateMachine:(Segment|Items)[0-9A-F]{8}/g, (_arn, machine: 'Segment' | 'Items') => this.rig.machineArn(machine))
        // As the segments of the new release, to have several of them.
        .replace(/"pagesLeft":\d+/, '"pagesLeft":2');
      await this.rig.service.call('UpdateStateMachine', { stateMachineArn: this.rig.machineArn(name), definition: text }, { caller: { service: 'tests.example.com' } });
    }
  }
}

/** Where the items of the pages were processed. */
async function kinds(rig: EtlRig): Promise<string[]> {
  const segments = await rig.executions('Segment');
  return segments.flatMap((segment) => rig.historyOf(segment)).filter(({ details: { state }, type }) => state === 'Process Page' && type.endsWith('StateEntered')).map(({ type }) => type);
}

async function expectComplete(rig: EtlRig, run: string, items: number): Promise<void> {
  const all = Array.from({ length: items }, (_, number) => number);
  expect([...new Set(rig.processed)].sort((a, b) => a - b)).toEqual(all);
  expect(rig.keys).toHaveLength(items);
  // What the function is called with is the same in both.
  for (const event of rig.handled) {
    const number = Number(event.itemIdentifier);
    const place: JsonValue = { id: run, page: expect.any(Number), index: expect.any(Number) };
    expect(event).toEqual({ item: { number }, itemIdentifier: `${number}`, idempotencyKey: expect.any(String), parameters: { mode: 'x' }, run: place });
  }
}

test('the fixture is what it says: a Map in the segment, and pages of 100', () => {
  const { Workflow, Segment } = released<Record<string, AslMachine>>('workflow', 1, 'per-item');
  expect(Segment.States['Process Page'].Type).toBe('Map');
  expect(JSON.stringify(Workflow)).toContain('"batch_size":100');
});

test('updated at any event, the run ends with the same data', async () => {
  const items = 9;
  const deployment = await Deployment.start(items);
  const { rig } = deployment;
  const input = { batch_size: 2 };
  await deployment.update('old');
  const quiet = await rig.start(input);
  await rig.ended(quiet);
  const events = rig.eventCount;
  expect(events).toBeGreaterThan(100);
  const seen = new Set<string>();
  for (let at = 1; at <= events; at += 3) {
    await deployment.update('old');
    let count = 0;
    let updated: Promise<void> | undefined;
    rig.again({
      source: sourceOf(items),
      onEvent: (_observed: ObservedEvent) => {
        if (++count === at) updated = deployment.update('new');
      },
    });
    const run = await rig.start(input);
    expect(await rig.ended(run)).toEqual({ status: 'SUCCEEDED', output: { items, pages: 5, segments: 3 } });
    await updated;
    await expectComplete(rig, run, items);
    expect(rig.processed).toHaveLength(items);
    for (const kind of await kinds(rig)) seen.add(kind);
  }
  expect([...seen].sort()).toEqual(['MapStateEntered', 'TaskStateEntered']);
});

test('a run with pages that are larger than they may be now goes on with smaller ones', async () => {
  const items = 450;
  const deployment = await Deployment.start(items);
  const { rig } = deployment;
  await deployment.update('old');
  let updated: Promise<void> | undefined;
  rig.again({
    source: sourceOf(items),
    // Within the first segment.
    onEvent: ({ event: { details: { state }, type } }) => {
      if (updated === undefined && type === 'MapStateEntered' && state === 'Process Page') updated = deployment.update('new');
    },
  });
  const run = await rig.start();
  expect(await rig.ended(run)).toEqual({ status: 'SUCCEEDED', output: { items, pages: 6, segments: 3 } });
  await updated;
  await expectComplete(rig, run, items);
  expect(rig.read.map(({ batchSize }) => batchSize)).toEqual(Array.from({ length: 6 }, () => 100));
  expect(await kinds(rig)).toEqual(['MapStateEntered', 'MapStateEntered', ...Array.from({ length: 4 }, () => 'TaskStateEntered')]);
});

test.each([
  ['an item failed', 'States.TaskFailed'],
  ['it was stopped', undefined],
] as const)('redriven after the update because %s, the run goes on at its page', async (why, error) => {
  const items = 9;
  const deployment = await Deployment.start(items);
  const { rig } = deployment;
  await deployment.update('old');
  let run = '';
  let stopped = false;
  rig.again({
    source: sourceOf(items),
    fail: (name, _call, { itemIdentifier }) => {
      if (name !== 'handler' || itemIdentifier !== '4') return undefined;
      if (why === 'an item failed') return { errorType: 'Broken' };
      if (!stopped) void rig.stop(run);
      stopped = true;
      return undefined;
    },
  });
  run = await rig.start({ batch_size: 2 });
  expect((await rig.ended(run)).error).toBe(error);
  const before = rig.handled.length;
  await deployment.update('new');
  rig.again({ source: sourceOf(items) });
  expect(await rig.redrive(run)).toMatchObject({ status: 'SUCCEEDED', output: { items, pages: 5 } });
  expect(before).toBeGreaterThan(0);
  expect([...new Set(rig.processed)].filter((number) => number >= 4).sort()).toEqual([4, 5, 6, 7, 8]);
  for (const { id } of rig.handled.map((event) => event.run as JsonObject)) expect(id).toBe(run);
});

test('a run of this release refuses a larger batch_size than there may be', async () => {
  const { rig } = await Deployment.start(1);
  expect(await rig.run({ batch_size: LARGEST + 1 })).toMatchObject({ error: 'InvalidBatchSize', cause: `batch_size must be a whole number from 1 to ${LARGEST}` });
  expect(rig.read).toEqual([]);
});

/** Runs that replay letters, wherever they fail or are stopped: every letter is processed with its key, and counted once. */
import { Duration } from 'aws-cdk-lib';
import { JsonObject, JsonValue, memberOf } from '../../../local/json';
import { PLAN_RANGES_CONTRACT } from '../../../src/paged-batch-etl/contracts/plan-ranges';
import { PageTransport } from '../../../src/paged-batch-etl/page-transport/page-transport';
import { Partitions } from '../../../src/paged-batch-etl/partitions/partitions';
import { RunContinuation } from '../../../src/paged-batch-etl/run-continuation/run-continuation';
import { RunLedger } from '../../../src/paged-batch-etl/run-ledger/run-ledger';
import { closeLedgers, closeStores, EtlRig, EtlRigOptions } from '../../support/etl-rig';
import { EtlStackOptions, processors } from '../../support/etl-stack';

afterAll(closeStores);
afterAll(closeLedgers);

const ITEMS = 25;
const PAGE = 4;
/** Events from one that a run is stopped at to the next one. */
const STEP = 13;
const BROKEN = [1, 2, 3, 6, 9, 10, 22];

const continuation = RunContinuation.supervised({ pagesPerSegment: 2 });
const s3 = { transport: () => PageTransport.s3() };
const tolerance = { items: 20 };
const partitions = Partitions.ofObjectIds({ workers: 2 });
const ledger = RunLedger.table({ takeOverAfter: Duration.minutes(5) });
const stacks: Readonly<Record<string, EtlStackOptions>> = {
  'inline, perBatch': { batchSize: PAGE, continuation, processor: processors.perBatch, tolerance },
  'inline, perItem, divided': { batchSize: PAGE, continuation, processor: processors.perItem, partitions, tolerance },
  'inline, stateMachine, with a ledger': { batchSize: PAGE, continuation, processor: processors.stateMachine, ledger, tolerance },
  's3, perBatch': { ...s3, continuation, processor: processors.perBatch, tolerance },
  's3, expressItems, divided, with a ledger': {
    ...s3, continuation, processor: processors.expressItems, partitions, ledger, tolerance,
  },
};

const numbersIn = (event: JsonObject) => (Array.isArray(event.items) ? event.items : [event]).map((item) => Number(memberOf(item, 'itemIdentifier')));

/** Calls for these items fail. */
function failing(numbers: readonly number[]): Pick<EtlRigOptions, 'answer'> {
  return {
    answer: (event) => {
      const failed = numbersIn(event).filter((number) => numbers.includes(number));
      if (failed.length === 0) return null;
      if (!Array.isArray(event.items)) throw Object.assign(new Error('it is broken'), { name: 'Broken' });
      return { batchItemFailures: failed.map((number) => ({ itemIdentifier: `${number}` })) };
    },
  };
}

const FIXED: Pick<EtlRigOptions, 'answer'> = { answer: () => null };

describe.each(Object.entries(stacks))('%s', (_name, stack) => {
  let rig: EtlRig;
  beforeAll(async () => {
    rig = await EtlRig.deploy({ items: ITEMS, pageItems: PAGE, ...stack }, stack);
  });

  /** ARN of a run in which the items failed that are broken. */
  async function failed(): Promise<string> {
    rig.again(failing(BROKEN));
    const run = await rig.start();
    expect((await rig.ended(run)).output).toMatchObject({ items: ITEMS - BROKEN.length, failed: BROKEN.length });
    rig.again(FIXED);
    return run;
  }

  async function lettersOf(run: string): Promise<number[]> {
    const letters = await rig.deadLetters.letters();
    return letters.filter((letter) => letter.run === run).map(({ itemIdentifier }) => Number(itemIdentifier));
  }

  const sorted = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b);

  /** Each letter was processed, with the key that its item had in the run. */
  function expectReplayed(run: string, numbers: readonly number[] = BROKEN): void {
    expect(sorted([...new Set(rig.processed)])).toEqual(numbers);
    expect(rig.keys.sort()).toEqual(numbers.map((number) => `${run}/${number}`).sort());
  }

  test('what is fixed is processed, and a second replay processes nothing', async () => {
    const run = await failed();
    expect((await rig.run({ replay: run })).output).toMatchObject({ items: BROKEN.length, failed: 0 });
    expectReplayed(run);
    rig.again(FIXED);
    expect(await rig.run({ replay: run })).toMatchObject({ status: 'SUCCEEDED', output: { items: 0, failed: 0, pages: 0 } });
    expect(rig.processed).toEqual([]);
  });

  test('what fails once more has letters of the replay, which can be replayed', async () => {
    const run = await failed();
    rig.again(failing([2, 22]));
    const replay = await rig.start({ replay: run });
    expect((await rig.ended(replay)).output).toMatchObject({ items: BROKEN.length - 2, failed: 2 });
    expect(sorted(await lettersOf(replay))).toEqual([2, 22]);
    rig.again(FIXED);
    expect((await rig.run({ replay })).output).toMatchObject({ items: 2, failed: 0 });
    expectReplayed(run, [2, 22]);
  });

  test('stopped at any event and redriven, it counts every letter once', async () => {
    const run = await failed();
    rig.again(FIXED);
    await rig.run({ replay: run });
    const events = rig.eventCount;
    let stopped = 0;
    // Not at each of them, for that takes long, and at others for each of these stacks.
    for (let at = 1 + events % STEP; at <= events; at += STEP) {
      const again = await failed();
      let seen = 0;
      rig.again({
        ...FIXED,
        onEvent: ({ executionArn }) => {
          if (++seen === at && !executionArn.includes(':express:')) void rig.executions('Workflow').then(async ([first]) => rig.stop(first));
        },
      });
      const replay = await rig.start({ replay: again });
      let end = await rig.ended(replay);
      if (end.status !== 'SUCCEEDED') {
        stopped += 1;
        end = await rig.redrive(replay);
      }
      expect(end).toMatchObject({ status: 'SUCCEEDED', output: { items: BROKEN.length, failed: 0 } });
      expectReplayed(again);
    }
    expect(stopped).toBeGreaterThan(0);
  });

  test('it waits for the end of an outage of the letters, and fails at once where they are refused', async () => {
    const run = await failed();
    // Those that are planned are no pages of letters.
    const reads = ({ contract }: JsonObject) => contract !== PLAN_RANGES_CONTRACT;
    let outage = 0;
    rig.again({
      ...FIXED,
      fail: (name, _call, event) => (name === 'source' && reads(event) && outage++ < 5 ? { errorType: 'DeadLettersUnavailable' } : undefined),
    });
    expect((await rig.run({ replay: run })).output).toMatchObject({ items: BROKEN.length, failed: 0 });
    expectReplayed(run);
    const other = await failed();
    let refused = 0;
    rig.again({
      ...FIXED,
      fail: (name, _call, event) => (name === 'source' && reads(event) && refused++ < 1 ? { errorType: 'DeadLettersRefused' } : undefined),
    });
    const replay = await rig.start({ replay: other });
    expect((await rig.ended(replay)).cause).toContain('DeadLettersRefused');
    expect((await rig.redrive(replay)).output).toMatchObject({ items: BROKEN.length, failed: 0 });
    expectReplayed(other);
  });

  test('a run without letters, and what is no run', async () => {
    rig.again(FIXED);
    const run = await rig.start();
    await rig.ended(run);
    const errorOf = async (replay: JsonValue) => {
      const { error, cause = '' } = await rig.run({ replay });
      return error === 'States.TaskFailed' ? memberOf(JSON.parse(cause), 'Error') : error;
    };
    expect(await errorOf(run)).toBe('NothingToReplay');
    for (const replay of ['a run', 5, run.replace(/execution:[^:]+/, 'execution:Other')]) expect(await errorOf(replay)).toBe('InvalidReplay');
  });
});

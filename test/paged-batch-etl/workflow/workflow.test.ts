import { Duration } from 'aws-cdk-lib';
import { HistoryEvent } from '../../../local/stepfunctions/interpreter/history';
import { RunContinuation } from '../../../src/paged-batch-etl/run-continuation/run-continuation';
import { EtlRig, EtlRigOptions } from '../../support/etl-rig';
import { EtlStackOptions, processors } from '../../support/etl-stack';

const dates: EtlStackOptions = {
  parameters: {
    date_begin: { rule: { type: 'date' } },
    date_end: { rule: { type: 'date' } },
    limit: { rule: { type: 'integer' }, defaultValue: 7 },
  },
};
const given = { date_begin: '2020-08-18', date_end: '2020-08-21' };
const twoPages: EtlStackOptions = { batchSize: 2, continuation: RunContinuation.supervised({ pagesPerSegment: 2 }) };

async function deploy(options: Partial<EtlRigOptions>, stack: EtlStackOptions): Promise<EtlRig> {
  return EtlRig.deploy({ items: 0, ...stack, ...options }, stack);
}

function entered(history: readonly HistoryEvent[]): string[] {
  return history.filter(({ type }) => type.endsWith('StateEntered')).map(({ details }) => String(details.state));
}

describe('histories of the design', () => {
  test('a run has 8 events and 8 a segment, a segment 6 and 12 for each page of a batch', async () => {
    const rig = await deploy({ items: 5, iam: true }, twoPages);
    const run = await rig.start();
    expect(await rig.ended(run)).toEqual({ status: 'SUCCEEDED', output: { items: 5, pages: 3, segments: 2 } });
    expect(rig.historyOf(run)).toHaveLength(8 + 2 * 8);
    expect(entered(rig.historyOf(run))).toEqual([
      'Check Input', 'Start Run', 'Run Segment', 'Check For More Data', 'Run Segment', 'Check For More Data', 'Success',
    ]);
    const segments = await rig.executions('Segment');
    expect(segments.map((segment) => rig.historyOf(segment).length)).toEqual([6 + 2 * 12, 6 + 12]);
    expect(entered(rig.historyOf(segments[1]))).toEqual(['Start Segment', 'Read Page', 'Process Page', 'Check For More Data', 'Segment Done']);
    expect(rig.processed).toEqual([0, 1, 2, 3, 4]);
  });

  test('a page of N items has 11 + 7N', async () => {
    const rig = await deploy({ items: 6, iam: true }, { ...twoPages, processor: processors.perItem, batchSize: 3 });
    expect((await rig.run()).output).toEqual({ items: 6, pages: 2, segments: 1 });
    const [segment] = await rig.executions('Segment');
    expect(rig.historyOf(segment)).toHaveLength(6 + 2 * (11 + 7 * 3));
    expect([...rig.processed].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('a page of items in an Express execution has 12, however many items there are', async () => {
    const rig = await deploy({ items: 6, iam: true }, { ...twoPages, processor: processors.expressItems, batchSize: 3 });
    expect((await rig.run()).output).toEqual({ items: 6, pages: 2, segments: 1 });
    const [segment] = await rig.executions('Segment');
    expect(rig.historyOf(segment)).toHaveLength(6 + 2 * 12);
    expect(entered(rig.historyOf(segment))).toEqual([
      'Start Segment', 'Read Page', 'Process Page', 'Check For More Data', 'Read Page', 'Process Page', 'Check For More Data', 'Segment Done',
    ]);
    expect([...rig.processed].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('a page of a state machine has 13', async () => {
    const rig = await deploy({ items: 4, iam: true }, { ...twoPages, processor: processors.stateMachine });
    expect((await rig.run()).output).toEqual({ items: 4, pages: 2, segments: 1 });
    const [segment] = await rig.executions('Segment');
    expect(rig.historyOf(segment)).toHaveLength(6 + 2 * 13);
    expect(rig.processed).toEqual([0, 1, 2, 3]);
  });

  test('a segment whose items failed has 8 and 12 for each page', async () => {
    const rig = await deploy({ items: 4, answer: () => ({ batchItemFailures: [{ itemIdentifier: '1' }] }) }, twoPages);
    await rig.run();
    const [segment] = await rig.executions('Segment');
    expect(rig.historyOf(segment)).toHaveLength(8 + 12);
  });

  test('an execution holds no more for many pages than for one', async () => {
    const stateSizes = async (items: number) => {
      const rig = await deploy({ items, itemSize: 500 }, { batchSize: 1, continuation: RunContinuation.supervised({ pagesPerSegment: 20 }) });
      const run = await rig.start();
      await rig.ended(run);
      const histories = [run, ...await rig.executions('Segment')].map((arn) => rig.historyOf(arn));
      const sizeOf = ({ details }: HistoryEvent) => JSON.stringify([details.input, details.assignedVariables]).length;
      return histories.map((history) => Math.max(...history.map(sizeOf)));
    };
    const few = await stateSizes(20);
    const many = await stateSizes(100);
    expect(many).toHaveLength(6);
    // Numbers grow by a digit or two.
    many.forEach((size, index) => expect(size).toBeLessThan(few[Math.min(index, 1)] + 20));
  });
});

describe('an empty source', () => {
  test.each(Object.entries(processors))('is a run that ends well without calling a processor: %s', async (_name, processor) => {
    const rig = await deploy({ items: 0 }, { ...twoPages, processor });
    expect(await rig.run()).toEqual({ status: 'SUCCEEDED', output: { items: 0, pages: 0, segments: 1 } });
    expect(rig.read).toHaveLength(1);
    expect(rig.handled).toEqual([]);
  });

  test('and so is one that is emptied while the run is underway', async () => {
    let items = 5;
    const options: EtlRigOptions = { ...twoPages, get items() { return items; }, answer: () => { items = 2; return null; } };
    const rig = await EtlRig.deploy(options, twoPages);
    expect(await rig.run()).toEqual({ status: 'SUCCEEDED', output: { items: 2, pages: 1, segments: 1 } });
    expect(rig.handled).toHaveLength(1);
  });
});

describe('the input of a run', () => {
  test('reaches the reader with defaults filled in, and the processor without what is not declared', async () => {
    const rig = await deploy({ items: 1 }, dates);
    const run = await rig.start({ ...given, batch_size: 20, AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: 'parent', other: null });
    expect((await rig.ended(run)).status).toBe('SUCCEEDED');
    const reference = { id: run, page: 0 };
    expect(rig.read).toEqual([{
      contract: 3,
      parameters: { ...given, limit: 7, batch_size: 20, AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: 'parent', other: null },
      cursor: null,
      batchSize: 20,
      run: reference,
      pageBytes: 180 * 1024,
    }]);
    expect(rig.handled).toEqual([{
      items: [{ itemIdentifier: '0', idempotencyKey: `${run}/0`, item: { number: 0 } }], parameters: { ...given, limit: 7 }, run: reference,
    }]);
  });

  test('is read in pages of the batchSize of the construct, unless it asks for smaller ones', async () => {
    const rig = await deploy({ items: 1 }, { ...dates, batchSize: 30 });
    await rig.run(given);
    await rig.run({ ...given, batch_size: 30 });
    await rig.run({ ...given, batch_size: 1 });
    expect(rig.read.map(({ batchSize }) => batchSize)).toEqual([30, 30, 1]);
  });

  test('may change a default', async () => {
    const rig = await deploy({ items: 1 }, dates);
    await rig.run({ ...given, limit: 0 });
    expect(rig.handled[0].parameters).toEqual({ ...given, limit: 0 });
  });

  let bothKinds: EtlRig[];
  beforeAll(async () => {
    const kinds = [RunContinuation.supervised(), RunContinuation.selfRestart()];
    bothKinds = await Promise.all(kinds.map(async (continuation) => deploy({ items: 1 }, { ...dates, continuation })));
  });

  const progress = { root: 'arn:aws:states:us-east-1:111122223333:execution:Workflow:first', cursor: '2', pages: 1, items: 2, segments: 1 };
  test.each<[unknown, string, string]>([
    [{}, 'MissingParameter', 'The input must have date_begin, date_end'],
    [{ date_begin: 'x' }, 'MissingParameter', 'The input must have date_begin, date_end'],
    ...[null, 5, true, {}, ['x']].map((wrong): [unknown, string, string] => (
      [{ ...given, date_end: wrong }, 'InvalidParameter', 'The input must be an object, date_begin a string, date_end a string, limit a number']
    )),
    [{ ...given, limit: '7' }, 'InvalidParameter', 'limit a number'],
    [{ ...given, limit: null }, 'InvalidParameter', 'limit a number'],
    ...[5, 'text', true, [given]].map((wrong): [unknown, string, string] => [wrong, 'InvalidParameter', 'The input must be an object']),
    ...[null, 0, -1, 1_001, '20', [20], { size: 20 }].map((wrong): [unknown, string, string] => (
      [{ ...given, batch_size: wrong }, 'InvalidBatchSize', 'batch_size must be a whole number from 1 to 1000']
    )),
    ...[null, 'text', 5, [], {}, { ...progress, root: undefined }, { ...progress, root: null }, { ...progress, root: '' },
      { ...progress, root: 'first' }, { ...progress, items: -1 }, { ...progress, pages: -1 }, { ...progress, segments: 2 ** 31 }, { ...progress, cursor: 5 }, { ...progress, cursor: undefined },
      { ...progress, items: '2' }, { ...progress, pages: null }, { ...progress, segments: undefined }].map((wrong): [unknown, string, string] => (
      [{ ...given, progress: wrong }, 'InvalidProgress', 'progress must be an object']
    )),
  ])('%j is refused before anything is read', async (input, error, cause) => {
    for (const rig of bothKinds) {
      const ended = await rig.run(JSON.parse(JSON.stringify(input)));
      expect(ended).toEqual({ status: 'FAILED', error, cause: expect.stringContaining(cause) });
      expect(rig.read).toEqual([]);
    }
  });

  test('needs nothing where nothing is declared', async () => {
    const rig = await deploy({ items: 1 }, { batchSize: 2 });
    expect((await rig.run({})).status).toBe('SUCCEEDED');
    expect((await rig.run('text')).error).toBe('InvalidParameter');
  });
});

describe('a page that fails', () => {
  const broken: Partial<EtlRigOptions> = {
    items: 7, fail: (name, call) => (name === 'handler' && call >= 8 && call < 11 ? { errorType: 'Broken', errorMessage: 'no' } : undefined),
  };

  test('fails the run in the Task that ran the segment, with the error in the cause, and is where a redrive goes on', async () => {
    const rig = await deploy({ ...broken, iam: true }, twoPages);
    const run = await rig.start();
    const failed = await rig.ended(run);
    expect(failed).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed' });
    expect(JSON.parse(failed.cause ?? '')).toMatchObject({ Error: 'Broken', Cause: JSON.stringify({ errorType: 'Broken', errorMessage: 'no' }) });
    expect(entered(rig.historyOf(run)).slice(-1)).toEqual(['Run Segment']);
    // The segment in which the page failed ended well, with the progress at the start of that page.
    const [, second, third] = await Promise.all((await rig.executions('Segment')).map(async (segment) => rig.ended(segment)));
    expect(second).toMatchObject({ status: 'SUCCEEDED', output: { progress: { cursor: '6', pages: 3, items: 6, segments: 2 }, done: false } });
    expect(third).toMatchObject({ status: 'FAILED', error: 'Broken' });

    expect(await rig.redrive(run)).toEqual({ status: 'SUCCEEDED', output: { items: 7, pages: 4, segments: 3 } });
    expect(rig.processed).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(rig.keys).toEqual([0, 1, 2, 3, 4, 5, 6].map((number) => `${run}/${number}`));
    expect(entered(rig.historyOf(run)).slice(-5)).toEqual(['Start Again', 'Check Attempts', 'Run Segment', 'Check For More Data', 'Success']);
  });

  test.each([
    ['a segment', twoPages],
    ['a page of a state machine', { ...twoPages, processor: processors.stateMachine, continuation: RunContinuation.selfRestart() }],
  ])('is not processed for ever where nobody can watch %s', async (_, stack) => {
    const rig = await deploy({ items: 2, denied: ['states:DescribeExecution'] }, stack);
    const run = await rig.start();
    const { status, error, cause = '' } = await rig.ended(run);
    expect({ status, error }).toEqual({ status: 'FAILED', error: 'ExecutionNotFollowed' });
    expect(cause).toMatch(/"cursor": ?null/);
    expect(cause).toContain(run);
    expect(rig.handled).toHaveLength(11);
  });

  test('can fail again after a redrive, as often as it takes', async () => {
    let failures = 0;
    const rig = await deploy({
      items: 3,
      fail: (name, _call, event) => (name === 'source' && event.cursor === '2' && ++failures <= 12 ? { errorType: 'Odd' } : undefined),
    }, twoPages);
    const run = await rig.start();
    let end = await rig.ended(run);
    let redrives = 0;
    for (; end.status === 'FAILED'; redrives++) end = await rig.redrive(run);
    expect({ redrives, end }).toEqual({ redrives: 4, end: { status: 'SUCCEEDED', output: { items: 3, pages: 2, segments: 5 } } });
    expect(rig.processed).toEqual([0, 1, 2]);
  });

  test('fails with what Lambda or Step Functions says of it', async () => {
    const rig = await deploy({ items: 1, itemSize: 300_000 }, twoPages);
    const { cause } = await rig.run();
    expect(JSON.parse(cause ?? '')).toMatchObject({ Error: 'States.DataLimitExceeded' });
    expect(rig.read).toHaveLength(1);
  });
});

describe('reading a page', () => {
  let rig: EtlRig;
  beforeAll(async () => {
    rig = await deploy({ items: 1 }, { continuation: RunContinuation.supervised({ outageTolerance: Duration.seconds(0) }) });
  });
  const calls = async (errorType: string) => {
    rig.again({ fail: () => ({ errorType }) });
    const { cause } = await rig.run();
    expect(JSON.parse(cause ?? '')).toMatchObject({ Error: errorType });
    return rig.read.length;
  };

  test.each(['SourceUnavailable', 'SourceLagging', 'SourceTimedOut', 'SourceFunctionFailed', 'Runtime.ExitError'])('is tried again after %s', async (errorType) => {
    expect(await calls(errorType)).toBe(3);
  });

  test.each(['CursorTypeGap', 'UnindexedQuery', 'UnknownParameter', 'SourceRefused'])('is not tried again after %s', async (errorType) => {
    expect(await calls(errorType)).toBe(1);
  });

  test('is tried again after what Lambda itself does, three times', async () => {
    expect(await calls('Lambda.TooManyRequestsException')).toBe(4);
  });
});

describe('a run that has used all its segments', () => {
  const longest: EtlStackOptions = { batchSize: 1, continuation: RunContinuation.supervised({ pagesPerSegment: 1 }) };

  test('fails with its progress, and goes on with it as another run', async () => {
    const rig = await deploy({ items: 1_405 }, longest);
    expect(rig.stack.parts.maxItemsPerRun).toBe(1_399);
    const run = await rig.start();
    const { error, cause = '' } = await rig.ended(run);
    expect(error).toBe('RunTooLong');
    const progress = JSON.parse(cause);
    expect(progress).toEqual({ root: run, cursor: '1399', pages: 1_399, items: 1_399, segments: 1_399 });
    expect(await rig.run({ progress })).toEqual({ status: 'SUCCEEDED', output: { items: 6, pages: 6, segments: 6 } });
    expect(rig.processed).toEqual(Array.from({ length: 1_405 }, (_, number) => number));
    expect(rig.keys.every((key) => key.startsWith(`${run}/`))).toBe(true);
  });

  test('can still be redriven at a page that failed in the last of them', async () => {
    let failures = 0;
    const rig = await deploy({ items: 1_399, fail: (_name, _call, event) => (event.cursor === '1398' && ++failures <= 3 ? { errorType: 'Odd' } : undefined) }, longest);
    const run = await rig.start();
    expect((await rig.ended(run)).error).toBe('States.TaskFailed');
    expect(await rig.redrive(run)).toMatchObject({ status: 'SUCCEEDED', output: { items: 1_399 } });
  });
});

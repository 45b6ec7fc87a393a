/** Pages from a function of the user, behind ours that checks them. */
import { DeployedEtl, OWN_SERVER } from './deployed-etl';
import { PROCESS } from './jobs-stack';
import { FunctionError } from './remote-functions';
import { JsonObject, JsonValue } from '../../../local/json';
import { RunContinuation, PagedBatchEtlErrors as Errors, PageSource, RunParameter } from '../../../src';
import { describeWhereMongo } from '../../support/mongo';

const SOURCE = 'Fetch';
const BATCH = 4;
const ITEMS = 18;

const numbered = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => ({ itemIdentifier: `#${from + index}`, item: { number: from + index } }));

/** A source as the documentation has it: the cursor is the number of the next item. */
function counting({ cursor, batchSize }: JsonObject): JsonObject {
  const from = Number(cursor ?? 0);
  const to = Math.min(ITEMS, from + Number(batchSize));
  return { items: numbered(from, to), cursor: `${to}`, done: to === ITEMS };
}

const second = numbered(4, 6);
const broken: [string, JsonValue, string, RegExp][] = [
  ['null', null, Errors.INVALID_SOURCE_PAGE, /must be \{ items/],
  ['a list', [], Errors.INVALID_SOURCE_PAGE, /must be \{ items/],
  ['no done', { items: second, cursor: 'x' }, Errors.INVALID_SOURCE_PAGE, /done/],
  ['done that is no boolean', { items: second, cursor: 'x', done: 'false' }, Errors.INVALID_SOURCE_PAGE, /done/],
  ['no cursor', { items: second, cursor: null, done: false }, Errors.INVALID_SOURCE_PAGE, /has no cursor/],
  ['an empty cursor', { items: second, cursor: '', done: false }, Errors.INVALID_SOURCE_PAGE, /cursor/],
  ['a number as cursor', { items: second, cursor: 8, done: false }, Errors.INVALID_SOURCE_PAGE, /cursor/],
  ['no items, and more to come', { items: [], cursor: 'x', done: false }, Errors.INVALID_SOURCE_PAGE, /has no items/],
  ['more items than were asked for', { items: numbered(4, 9), cursor: 'x', done: false }, Errors.INVALID_SOURCE_PAGE, /has 5 items, and 4 were asked for/],
  ['an item without identifier', { items: [{ item: {} }], cursor: 'x', done: false }, Errors.INVALID_SOURCE_PAGE, /itemIdentifier/],
  ['an item twice', { items: [...second, ...second], cursor: 'x', done: false }, Errors.INVALID_SOURCE_PAGE, /twice, in items\[2\]/],
  ['something else beside', { items: second, cursor: 'x', done: false, total: 18 }, Errors.INVALID_SOURCE_PAGE, /no members but items, cursor, done/],
  ['the cursor of the page before', { items: second, cursor: '4', done: false }, Errors.CURSOR_DID_NOT_ADVANCE, /cursor that it was called with/],
  ['a cursor of 9 KB', { items: second, cursor: 'x'.repeat(9_000), done: false }, Errors.CURSOR_TOO_LARGE, /9000 bytes/],
  ['an item that is too large', { items: [{ itemIdentifier: 'big', item: 'x'.repeat(184_320) }], cursor: 'x', done: false }, Errors.ITEM_TOO_LARGE, /item big is/],
  [
    'a page that is too large', { items: second.map(({ itemIdentifier }) => ({ itemIdentifier, item: 'x'.repeat(100_000) })), cursor: 'x', done: false },
    Errors.INVALID_SOURCE_PAGE, /answer fewer items/,
  ],
];

describeWhereMongo('a custom source', () => {
  let etl: DeployedEtl;
  beforeAll(async () => {
    etl = await DeployedEtl.start({
      define: (stack) => {
        const props = {
          source: PageSource.custom({ handler: stack.relay(SOURCE) }),
          parameters: { since: RunParameter.date(), limit: RunParameter.integer({ defaultValue: 3 }) },
          batchSize: BATCH,
        };
        stack.etl('Supervised', { ...props, continuation: RunContinuation.supervised({ pagesPerSegment: 2 }) });
        stack.etl('SelfRestarting', { ...props, continuation: RunContinuation.selfRestart({ pagesPerSegment: 2 }) });
      },
    });
  });
  beforeEach(() => {
    etl.functions.reset();
    etl.functions.behave(SOURCE, counting);
  });
  afterEach(() => etl.assertNoFaults());
  afterAll(async () => etl?.close());

  const input = { since: '2020-08-18' };
  const numbers = () => etl.processed().map(({ item }) => item.number);

  /** Answers the second page like this, this many times. */
  function answerSecondPage(times: number, answer: () => JsonValue): void {
    let answered = 0;
    etl.functions.behave(SOURCE, (event) => (event.cursor === '4' && answered++ < times ? answer() : counting(event)));
  }

  test.each([['Supervised', 3], ['SelfRestarting', 3]])('%s: is asked for one page after another', async (construct, segments) => {
    const run = await etl.run(construct, input);
    expect(run).toMatchObject({ status: 'SUCCEEDED', output: { items: ITEMS, pages: 5, segments } });
    expect(numbers()).toEqual(Array.from({ length: ITEMS }, (_, number) => number));
    const parameters = { since: '2020-08-18', limit: 3 };
    expect(etl.functions.calls(SOURCE)).toEqual([null, '4', '8', '12', '16'].map((cursor, page) => (
      { parameters, cursor, batchSize: BATCH, run: { id: run.arn, page } }
    )));
    expect(etl.calls().map((call) => call.parameters)).toEqual(Array.from({ length: 5 }, () => parameters));
  });

  test('that has nothing ends the run well, without a call of the processor', async () => {
    etl.functions.behave(SOURCE, () => ({ items: [], cursor: null, done: true }));
    await expect(etl.run('Supervised', input)).resolves.toMatchObject({ status: 'SUCCEEDED', output: { items: 0, pages: 0, segments: 1 } });
    expect(etl.calls(PROCESS)).toEqual([]);
  });

  test('may say with an empty page that the one before was the last', async () => {
    answerSecondPage(1, () => ({ items: [], cursor: null, done: true }));
    await expect(etl.run('Supervised', input)).resolves.toMatchObject({ status: 'SUCCEEDED', output: { items: 4, pages: 1 } });
  });

  test.each(broken)('that answers %s fails the run at once; fixed, it goes on', async (_, answer, name, message) => {
    answerSecondPage(1, () => answer);
    const failed = await etl.run('Supervised', input);
    expect(failed).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed', failure: { name, message: expect.stringMatching(message) } });
    expect(numbers()).toEqual([0, 1, 2, 3]);
    expect(etl.functions.calls(SOURCE)).toHaveLength(2);
    await expect(etl.redrive(failed)).resolves.toMatchObject({ status: 'SUCCEEDED', output: { items: ITEMS, pages: 5 } });
    expect(numbers()).toEqual(Array.from({ length: ITEMS }, (__, number) => number));
  });

  test('that throws is called again twice, and its message is nobody else\'s', async () => {
    const throws = () => {
      throw new FunctionError('QuotaExceeded', 'key 1234 of Ms. Miller');
    };
    answerSecondPage(2, throws);
    const run = await etl.run('Supervised', input);
    expect(run).toMatchObject({ status: 'SUCCEEDED', output: { items: ITEMS } });
    expect(etl.errorsOf(run)).toEqual([Errors.SOURCE_FUNCTION_FAILED, Errors.SOURCE_FUNCTION_FAILED]);

    answerSecondPage(3, throws);
    const failed = await etl.run('Supervised', input);
    expect(failed).toMatchObject({ status: 'FAILED', failure: { name: Errors.SOURCE_FUNCTION_FAILED, message: 'The source function failed (QuotaExceeded); its log says more' } });
    expect(JSON.stringify(etl.executions.map((arn) => etl.historyOf(arn)))).not.toContain('Miller');
    await expect(etl.redrive(failed)).resolves.toMatchObject({ status: 'SUCCEEDED' });
  });

  test('that says that its source is not available is waited for', async () => {
    answerSecondPage(12, () => {
      throw new FunctionError('SourceUnavailable', 'key 1234 of Ms. Miller');
    });
    await expect(etl.run('Supervised', input)).resolves.toMatchObject({ status: 'SUCCEEDED', output: { items: ITEMS } });
  });

  test.each([[{}, Errors.MISSING_PARAMETER], [{ since: 'x' }, Errors.INVALID_PARAMETER], [{ ...input, until: 'x' }, Errors.UNKNOWN_PARAMETER]])(
    'is not called for a wrong input: %j', async (wrong, name) => {
      await expect(etl.run('Supervised', wrong)).resolves.toMatchObject({ status: 'FAILED', failure: { name } });
      expect(etl.functions.calls(SOURCE)).toEqual([]);
    },
  );
}, OWN_SERVER);

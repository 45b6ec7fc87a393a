/** Inputs that a run refuses: with the designed error, and before anything is read. */
import { DeployedEtl, OWN_SERVER } from './deployed-etl';
import { JsonValue } from '../../../local/json';
import { RunContinuation, PagedBatchEtlErrors as Errors, RunParameter } from '../../../src';
import { MAX_PARAMETER_BYTES } from '../../../src/paged-batch-etl/contracts/run-input';
import { describeWhereMongo } from '../../support/mongo';

const dates = { date_begin: '2020-08-18T00:00:00', date_end: '2020-08-21T00:00:00' };
const progress = { root: 'arn:aws:states:us-east-1:111122223333:execution:machine:name', cursor: 'x', pages: 0, items: 0, segments: 0 };

/** Two bytes a letter, so that nobody counts letters; as long as the parameters may be. */
const room = MAX_PARAMETER_BYTES - Buffer.byteLength(JSON.stringify({ ...dates, label: '', least: 0, owner: '0'.repeat(24) }));
const label = 'ä'.repeat(Math.floor(room / 2)) + 'x'.repeat(room % 2);

const refused: [string, JsonValue, string, RegExp][] = [
  ['nothing', {}, Errors.MISSING_PARAMETER, /date_begin, date_end/],
  ['one parameter too few', { date_begin: dates.date_begin }, Errors.MISSING_PARAMETER, /date_end/],
  ['an empty list', [], Errors.MISSING_PARAMETER, /date_begin/],
  ['null', null, Errors.INVALID_PARAMETER, /must be an object/],
  ['a text', 'yesterday', Errors.INVALID_PARAMETER, /must be an object/],
  ['a number', 20200818, Errors.INVALID_PARAMETER, /must be an object/],
  ['a list', [dates], Errors.INVALID_PARAMETER, /must be an object/],
  ['a date that is null', { ...dates, date_end: null }, Errors.INVALID_PARAMETER, /date_end a string/],
  ['a date that is a number', { ...dates, date_end: 1597968000000 }, Errors.INVALID_PARAMETER, /date_end a string/],
  ['a date in words', { ...dates, date_begin: 'yesterday' }, Errors.INVALID_PARAMETER, /"date_begin" must be an ISO 8601 date .*got "yesterday"/],
  ['a date that does not exist', { ...dates, date_begin: '2020-02-30' }, Errors.INVALID_PARAMETER, /that exists: .*, got "2020-02-30"/],
  ['an hour that does not exist', { ...dates, date_begin: '2020-08-18T24:00:00' }, Errors.INVALID_PARAMETER, /"date_begin"/],
  ['an integer with a fraction', { ...dates, least: 1.5 }, Errors.INVALID_PARAMETER, /"least" must be a whole number .*got 1\.5/],
  ['an integer that a double cannot tell from its neighbours', { ...dates, least: 2 ** 53 }, Errors.INVALID_PARAMETER, /"least"/],
  ['an integer as a text', { ...dates, least: '15' }, Errors.INVALID_PARAMETER, /least a number/],
  ['an ObjectId of 23 digits', { ...dates, owner: '0'.repeat(23) }, Errors.INVALID_PARAMETER, /"owner" must be an ObjectId/],
  ['a text that is a list', { ...dates, label: ['a'] }, Errors.INVALID_PARAMETER, /label a string/],
  ['a key that is no parameter', { ...dates, dateBegin: dates.date_begin }, Errors.UNKNOWN_PARAMETER, /"dateBegin"/],
  ['a misspelt batch_size', { ...dates, batchSize: 20 }, Errors.UNKNOWN_PARAMETER, /"batchSize"/],
  ['parameters of a byte too many', { ...dates, label: `${label}x` }, Errors.PARAMETERS_TOO_LARGE, /16385 bytes .*may be 16384/],
  ...[0, -1, 1_001, '20', null, true, [20], { size: 20 }].map((size): [string, JsonValue, string, RegExp] => (
    [`batch_size ${JSON.stringify(size)}`, { ...dates, batch_size: size }, Errors.INVALID_BATCH_SIZE, /a whole number from 1 to 1000/]
  )),
  ['batch_size 1.5', { ...dates, batch_size: 1.5 }, Errors.INVALID_BATCH_SIZE, /a whole number from 1 to 1000, got 1\.5/],
  ['progress that is none', { ...dates, progress: {} }, Errors.INVALID_PROGRESS, /must be an object with .*root/],
  ['progress without a cursor', { ...dates, progress: { ...progress, cursor: 7 } }, Errors.INVALID_PROGRESS, /must be an object with .*root/],
  ['progress with an edited cursor', { ...dates, progress }, Errors.INVALID_CURSOR, /cursor/],
];

describeWhereMongo('the input of a run', () => {
  let etl: DeployedEtl;
  beforeAll(async () => {
    const parameters = {
      date_begin: RunParameter.date(),
      date_end: RunParameter.date(),
      label: RunParameter.text({ defaultValue: '' }),
      least: RunParameter.integer({ defaultValue: 0 }),
      owner: RunParameter.objectId({ defaultValue: '0'.repeat(24) }),
    };
    etl = await DeployedEtl.start({
      define: (stack) => {
        stack.etl('Supervised', { parameters });
        stack.etl('SelfRestarting', { parameters, continuation: RunContinuation.selfRestart() });
      },
    });
    await etl.database.command({ profile: 2 });
  });
  beforeEach(() => etl.functions.reset());
  afterEach(() => etl.assertNoFaults());
  afterAll(async () => etl?.close());

  /** Commands in the database by the source function, of any kind. */
  async function commands(construct: string): Promise<number> {
    const appName = etl.physicalId('AWS::Lambda::Function', `${construct}Source`);
    return etl.database.collection('system.profile').countDocuments({ appName });
  }

  describe.each(['Supervised', 'SelfRestarting'])('%s', (construct) => {
    test.each(refused)('is refused: %s', async (_, input, name, message) => {
      const before = await commands(construct);
      const run = await etl.run(construct, input);
      expect(run).toMatchObject({ status: 'FAILED', failure: { name, message: expect.stringMatching(message) } });
      expect(await commands(construct)).toBe(before);
      expect(etl.calls()).toEqual([]);
    });

    test('is accepted as large as it may be, and with the key that starters of nested executions add', async () => {
      const input = { ...dates, label, batch_size: 1_000, AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: progress.root };
      await expect(etl.run(construct, input)).resolves.toMatchObject({ status: 'SUCCEEDED' });
      // Else the counts above would prove nothing.
      expect(await commands(construct)).toBeGreaterThan(0);
    });
  });
}, OWN_SERVER);

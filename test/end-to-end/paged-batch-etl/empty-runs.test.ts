/** Runs that find nothing: what becomes of them, and who is told. */
import { Duration } from 'aws-cdk-lib';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { DeployedEtl, OWN_SERVER } from './deployed-etl';
import { memberOf } from '../../../local/json';
import { EmptyRun, PagedBatchEtlErrors as Errors, PageSource, RunContinuation, RunWindow } from '../../../src';
import { describeWhereMongo } from '../../support/mongo';

const SOURCE = 'Fetch';
const START = Date.parse('2026-11-23T00:30:00Z');
const HOUR = 3_600_000;

describeWhereMongo('a run that finds nothing', () => {
  let etl: DeployedEtl;
  beforeAll(async () => {
    etl = await DeployedEtl.start({
      cloud: { startTime: START },
      define: (stack) => {
        const emptyRun = EmptyRun.FAIL;
        stack.etl('Supervised', { emptyRun });
        stack.etl('SelfRestarting', { emptyRun, continuation: RunContinuation.selfRestart({ pagesPerSegment: 1 }) });
        stack.etl('Custom', { emptyRun, parameters: {}, source: PageSource.custom({ handler: stack.relay(SOURCE) }) });
        stack.etl('Scheduled').addSchedule('Hourly', {
          schedule: ScheduleExpression.rate(Duration.hours(1)),
          window: RunWindow.lastHours({ hours: 1, begin: 'date_begin', end: 'date_end' }),
          alarmAfterEmptyRuns: 3,
        });
      },
    });
  });
  beforeEach(() => etl.functions.reset());
  afterEach(() => {
    etl.assertNoFaults();
    expect(etl.cloud.warnings).toEqual([]);
  });
  afterAll(async () => etl?.close());

  test.each(['Supervised', 'SelfRestarting'])('%s: fails at once where there must be something; a redrive looks again', async (construct) => {
    const { input, begin } = await etl.fill([]);
    const run = await etl.run(construct, { ...input, batch_size: 1 });
    expect(run).toMatchObject({ status: 'FAILED', failure: { name: Errors.EMPTY_RUN, message: expect.stringContaining('There is nothing to read') } });
    // It was not tried again. Beside it, runs of the schedule may have found nothing.
    expect(etl.errorsOf(run).filter((name) => name === Errors.EMPTY_RUN)).toHaveLength(1);
    expect(etl.calls()).toEqual([]);
    await etl.jobs.insertMany([{ runDate: new Date(begin) }, { runDate: new Date(begin + 1) }]);
    await expect(etl.redrive(run)).resolves.toMatchObject({ status: 'SUCCEEDED', output: { items: 2 } });
  });

  test('is not one that goes on where another ended, and has nothing left', async () => {
    const { input } = await etl.fill([{}, {}]);
    const first = await etl.run('Supervised', { ...input, batch_size: 2 });
    const progress = etl.historyOf(first.arn).flatMap(({ details: { output } }) => memberOf(output, 'progress') ?? []).at(-1) ?? null;
    expect(memberOf(progress, 'cursor')).toEqual(expect.any(String));
    await expect(etl.run('Supervised', { ...input, progress })).resolves.toMatchObject({ status: 'SUCCEEDED', output: { items: 0 } });
  });

  test('fails by a custom source too', async () => {
    etl.functions.behave(SOURCE, () => ({ items: [], cursor: null, done: true }));
    await expect(etl.run('Custom', {})).resolves.toMatchObject({ status: 'FAILED', failure: { name: Errors.EMPTY_RUN } });
    etl.functions.behave(SOURCE, ({ cursor }) => (cursor === null ? { items: [{ itemIdentifier: '1', item: 1 }], cursor: '1', done: false } : { items: [], cursor: null, done: true }));
    await expect(etl.run('Custom', {})).resolves.toMatchObject({ status: 'SUCCEEDED', output: { items: 1 } });
  });

  test('swapped dates are refused', async () => {
    const { input: { date_begin, date_end } } = await etl.fill([{}]);
    await expect(etl.run('Scheduled', { date_begin: date_end, date_end: date_begin })).resolves.toMatchObject({
      status: 'FAILED', failure: { name: Errors.INVALID_PARAMETER, message: expect.stringMatching(/"date_end" must be a date after "date_begin"/) },
    });
  });

  test('an alarm of the schedule rises when that happened for as many windows in a row', async () => {
    const alarm = etl.physicalId('AWS::CloudWatch::Alarm', 'ScheduledScheduleHourlyEmptyRunsAlarm');
    const states: string[] = [];
    const startOfHour = Math.ceil(etl.cloud.clock.now() / HOUR) * HOUR;
    // Documents for the windows that end with the third and the last hour.
    for (const hour of [2, 7]) await etl.jobs.insertOne({ runDate: new Date(startOfHour + (hour - 0.2) * HOUR) });
    for (let hour = 0; hour < 8; hour++) {
      await etl.cloud.clock.sleep(startOfHour + (hour + 0.9) * HOUR - etl.cloud.clock.now());
      states.push(etl.cloud.alarms.state(alarm));
    }
    expect(states.slice(2)).toEqual(['OK', 'OK', 'OK', 'ALARM', 'ALARM', 'OK']);
  });
}, OWN_SERVER);

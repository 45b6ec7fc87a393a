import { Duration } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { AddScheduleOptions, RunLedger, RunParameter, RunWindow, SinceWatermarkOptions } from '../../../src';
import { EtlProps, synthEtl } from '../../support/synth-etl';
import { environmentOf, plain, resourcesOfType, roleStatements } from '../../support/template';

const schedule = ScheduleExpression.rate(Duration.minutes(15));
const window = (more: Partial<SinceWatermarkOptions> = {}) => RunWindow.sinceWatermark({ begin: 'date_begin', end: 'date_end', startAt: '2026-11-01', ...more });

function made(props: EtlProps = () => ({ ledger: RunLedger.table() }), more: Partial<AddScheduleOptions> = {}) {
  return synthEtl(props, (etl) => {
    etl.addSchedule('Often', { schedule, window: window(), ...more });
  }).template;
}

const plannerOf = (template: ReturnType<typeof made>) => resourcesOfType(template, 'AWS::Lambda::Function').filter(({ id }) => id.includes('Planner'))[0];

test('the planner may read the item that has its watermark and those of runs, and look at runs', () => {
  const template = made((stack) => ({ ledger: RunLedger.table(), encryptionKey: new Key(stack, 'Key') }));
  const { KEY_PREFIX, SCHEDULE_HASH, WINDOW } = environmentOf(plannerOf(template));
  expect(JSON.parse(String(WINDOW))).toEqual({ kind: 'sinceWatermark', begin: 'date_begin', end: 'date_end', lagSeconds: 60, startAt: '2026-11-01T00:00:00Z' });
  const [role] = resourcesOfType(template, 'AWS::IAM::Role').filter(({ id }) => id.includes('PlannerRole')).map(({ id }) => id);
  const statements = roleStatements(template, role).filter((statement) => !/"logs:|"sqs:|StartExecution|GenerateDataKey/.test(JSON.stringify(statement)));
  const keys = [`${KEY_PREFIX}#WINDOW#schedule-${SCHEDULE_HASH}`, expect.stringMatching(new RegExp(`^${KEY_PREFIX}#RUN#.*execution.*:\\*$`))];
  expect(statements.map((statement) => plain(statement))).toEqual([
    expect.objectContaining({ Action: ['dynamodb:GetItem'], Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } } }),
    expect.objectContaining({ Action: ['kms:Decrypt'], Condition: { StringEquals: { 'kms:ViaService': expect.stringContaining('dynamodb') } } }),
    expect.objectContaining({ Action: ['states:DescribeExecution'] }),
  ]);
});

test('other windows need none of that, with a ledger or without', () => {
  const template = made(undefined, { schedule: ScheduleExpression.rate(Duration.hours(1)), window: RunWindow.lastHours({ hours: 1, begin: 'date_begin', end: 'date_end' }) });
  expect(JSON.stringify(plannerOf(template))).not.toMatch(/KEY_PREFIX|TABLE_NAME|TAKE_OVER/);
});

test('a schedule may be in a time zone whose clocks change, for what one window leaves out the next one has', () => {
  const nightly = ScheduleExpression.cron({ hour: '2', minute: '30', weekDay: 'MON' });
  expect(() => made(undefined, { schedule: nightly })).not.toThrow();
});

test('how far it is behind is a metric of the planner', () => {
  synthEtl(() => ({ ledger: RunLedger.table() }), (etl, stack) => {
    const often = etl.addSchedule('Often', { schedule, window: window() });
    expect(stack.resolve(often.metricWatermarkLag().toMetricConfig().metricStat)).toMatchObject({
      namespace: 'PagedBatchEtl', metricName: 'WatermarkLag', statistic: 'Maximum', dimensions: [{ name: 'FunctionName', value: { Ref: expect.stringContaining('Planner') } }],
    });
    const hourly = etl.addSchedule('Hourly', { schedule: ScheduleExpression.rate(Duration.hours(1)), window: RunWindow.lastHours({ hours: 1, begin: 'date_begin', end: 'date_end' }) });
    expect(() => hourly.metricWatermarkLag()).toThrow('window must be RunWindow.sinceWatermark where metricWatermarkLag is called, got "RunWindow.lastHours"');
  });
});

describe('refused', () => {
  test('without a ledger', () => {
    expect(() => made(() => ({}))).toThrow('window of schedule Often must be another window where ledger is RunLedger.none, got "RunWindow.sinceWatermark"');
  });

  test('with an alarm on windows of a length that nobody knows', () => {
    expect(() => made(undefined, { alarmAfterEmptyRuns: 3 })).toThrow('alarmAfterEmptyRuns of schedule Often must be left out for RunWindow.sinceWatermark');
  });

  test.each<[Partial<SinceWatermarkOptions>, string]>([
    [{ lag: Duration.millis(1_500) }, 'lag of RunWindow.sinceWatermark must be whole seconds'],
    [{ lag: Duration.days(367) }, 'lag of RunWindow.sinceWatermark must be whole seconds from 0 seconds to 366 days'],
    [{ startAt: 'yesterday' }, 'startAt of RunWindow.sinceWatermark must be a date'],
    [{ startAt: '2026-02-30' }, 'startAt of RunWindow.sinceWatermark must be a date'],
    [{ begin: 'nothing' }, 'begin of the window of schedule Often must be the name of a date parameter'],
  ])('%j', (more, message) => {
    expect(() => made(undefined, { window: window(more) })).toThrow(message);
  });

  test.each(['resume', 'watermark'])('a parameter that is called %s', (name) => {
    const parameters = { date_begin: RunParameter.date(), date_end: RunParameter.date(), [name]: RunParameter.text({ defaultValue: '' }) };
    expect(() => synthEtl(() => ({ ledger: RunLedger.table(), parameters }))).toThrow(`every name in parameters must be another one than resume, watermark where there is a ledger, got "${name}"`);
    expect(() => synthEtl(() => ({ parameters }))).not.toThrow();
  });
});

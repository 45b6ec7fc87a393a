import { Duration } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { RunLedger, StalenessAlarmOptions } from '../../../src';
import { synthEtl } from '../../support/synth-etl';

const made = (options: StalenessAlarmOptions, id = 'Stale') => synthEtl(() => ({ ledger: RunLedger.table() }), (etl) => etl.addStalenessAlarm(id, options)).template;

test.each([[undefined, 'ProcessingRuns'], [false, 'ProcessingRuns'], [true, 'SucceededRuns']])('countEmptyRuns %p: it looks at %s', (countEmptyRuns, MetricName) => {
  made({ after: Duration.hours(26), countEmptyRuns }).hasResourceProperties('AWS::CloudWatch::Alarm', {
    Namespace: 'PagedBatchEtl',
    MetricName,
    Dimensions: [{ Name: 'FunctionName', Value: { Ref: Match.stringLikeRegexp('LedgerKeeper') } }],
    Statistic: 'Sum',
    Period: 3_600,
    EvaluationPeriods: 26,
    Threshold: 1,
    ComparisonOperator: 'LessThanThreshold',
    TreatMissingData: 'breaching',
  });
});

test('there may be several', () => {
  synthEtl(() => ({ ledger: RunLedger.table() }), (etl) => {
    const alarms = [etl.addStalenessAlarm('Soon', { after: Duration.hours(1) }), etl.addStalenessAlarm('Late', { after: Duration.days(7) })];
    expect(new Set(alarms.map(({ node }) => node.path)).size).toBe(2);
  });
});

test.each([Duration.minutes(30), Duration.minutes(90), Duration.days(8), Duration.hours(169)])('%s is refused', (after) => {
  expect(() => made({ after })).toThrow('after of staleness alarm Stale must be whole hours, from 1 hour to 7 days');
});

test('so is an alarm without an id', () => {
  expect(() => made({ after: Duration.hours(2) }, '')).toThrow('the id of a staleness alarm must be a text');
});

test('it needs a ledger', () => {
  expect(() => synthEtl(() => ({}), (etl) => etl.addStalenessAlarm('Stale', { after: Duration.hours(2) })))
    .toThrow('ledger must be RunLedger.table where addStalenessAlarm is called, got "RunLedger.none"');
});

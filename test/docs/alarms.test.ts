/** Whoever an alarm calls finds the page that says what to do. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { readManifest, ROOT } from '../../projenrc/tools/repository';
import { RunLedger, RunWindow } from '../../src';
import { anchorsOf } from '../support/doc-pages';
import { synthEtl } from '../support/synth-etl';
import { synth } from '../support/synth-queries';
import { resourcesOfType } from '../support/template';

test('every alarm of an AsyncAthenaQueryApi ends with the address of the page about operations, or of a section that is there', () => {
  const alarms = resourcesOfType(synth().template, 'AWS::CloudWatch::Alarm');
  const page = 'docs/async-athena-query-api/operations.md';
  const addresses = alarms.map(({ id, Properties }) => [id.slice(0, -8), / (https:\S+)$/.exec(String(Properties.AlarmDescription))?.[1]]);
  const address = `${readManifest().repository.url.replace(/\.git$/, '')}/blob/main/${page}`;
  expect(addresses).toEqual([['QueriesFailureAlarm', address], ['QueriesNotStartedAlarm', `${address}#queries-cannot-be-started`]]);
  expect(anchorsOf(page)).toContain('queries-cannot-be-started');
});

test('every alarm of a PagedBatchEtl ends with the address of the page about operations', () => {
  const { template } = synthEtl(() => ({ ledger: RunLedger.table() }), (etl) => {
    etl.addSchedule('Nightly', {
      schedule: ScheduleExpression.cron({ hour: '4', minute: '0' }),
      window: RunWindow.previousDay({ begin: 'date_begin', end: 'date_end' }),
      alarmAfterEmptyRuns: 3,
    });
    etl.addStalenessAlarm('Stale', { after: Duration.hours(26) });
  });
  const alarms = resourcesOfType(template, 'AWS::CloudWatch::Alarm');
  const repository = readManifest().repository.url.replace(/\.git$/, '');
  const page = 'docs/paged-batch-etl/operations.md';
  expect(alarms).toHaveLength(4);
  expect(alarms.map(({ id, Properties }) => [id, / (https:\S+)$/.exec(String(Properties.AlarmDescription))?.[1]]))
    .toEqual(alarms.map(({ id }) => [id, `${repository}/blob/main/${page}`]));
  expect(existsSync(join(ROOT, page))).toBe(true);
});

/** Whoever an alarm calls finds the page that says what to do. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { readManifest, ROOT } from '../../projenrc/tools/repository';
import { RunWindow } from '../../src';
import { synthEtl } from '../support/synth-etl';
import { resourcesOfType } from '../support/template';

test('every alarm of a PagedBatchEtl ends with the address of the page about operations', () => {
  const { template } = synthEtl(undefined, (etl) => void etl.addSchedule('Nightly', {
    schedule: ScheduleExpression.cron({ hour: '4', minute: '0' }),
    window: RunWindow.previousDay({ begin: 'date_begin', end: 'date_end' }),
    alarmAfterEmptyRuns: 3,
  }));
  const alarms = resourcesOfType(template, 'AWS::CloudWatch::Alarm');
  const repository = readManifest().repository.url.replace(/\.git$/, '');
  const page = 'docs/paged-batch-etl/operations.md';
  expect(alarms).toHaveLength(3);
  expect(alarms.map(({ id, Properties }) => [id, / (https:\S+)$/.exec(String(Properties.AlarmDescription))?.[1]]))
    .toEqual(alarms.map(({ id }) => [id, `${repository}/blob/main/${page}`]));
  expect(existsSync(join(ROOT, page))).toBe(true);
});

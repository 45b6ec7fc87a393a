import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { IConstruct } from 'constructs';
import { RunWindowBinding } from './binding';
import { gapsOf } from './schedule-gaps';
import { warn } from '../../private/synth/warning';
import { findTextComparisons } from '../mongo-filter/structure/comparisons';
import { JsonObject } from '../mongo-filter/structure/json-value';
import { RunLedgerCalls } from '../run-ledger/binding';

interface WarnedProps {
  readonly schedule: ScheduleExpression;
  readonly window: RunWindowBinding;
  readonly filter?: JsonObject;
  readonly ledger?: Pick<RunLedgerCalls, 'skips'>;
}

/** Warns of a schedule whose runs probably read something else than their windows, or whose windows leave something out. */
export function warnOfSchedule(scope: IConstruct, id: string, { schedule, window: { config }, filter, ledger }: WarnedProps): void {
  if (filter !== undefined) warnOfFilter(scope, `schedule ${id}`, config, filter);
  if (ledger?.skips === true && config.kind !== 'sinceWatermark') {
    warn(
      scope, 'scheduleSkipped',
      `a run of schedule ${id} that finds its window taken by another run is skipped and counts as succeeded, so nobody processes the window if the other run then fails; `
        + 'choose WhenLocked.FAIL, WhenLocked.WAIT or RunWindow.sinceWatermark, or acknowledge this if nobody else starts runs of its windows',
    );
  }
  const gaps = gapsOf(schedule.expressionString, config);
  if (gaps === undefined) return;
  warn(
    scope, 'scheduleGaps',
    `the windows of schedule ${id} leave out ${gaps}; let it be due once for every window, or acknowledge this if nothing is missed or another schedule has the rest`,
  );
}

/**
 * Either end of a window can belong to it, but not both or none: documents at that moment would be read twice or never.
 *
 * @param starter what has the window, for messages
 */
export function warnOfFilter(
  scope: IConstruct, starter: string, { begin, end }: { readonly begin: string; readonly end: string }, filter: JsonObject,
): void {
  const comparisons = findTextComparisons(filter);
  const operatorsOf = (name: string) => comparisons.filter(({ text }) => text === `$$${name}`).map(({ operator }) => operator);
  const [ofBegin, ofEnd] = [operatorsOf(begin), operatorsOf(end)];
  if (ofBegin.includes('$gt') && ofEnd.includes('$lte')) return;
  for (const [name, member, wanted, found] of [[begin, 'begin', '$gte', ofBegin], [end, 'end', '$lt', ofEnd]] as const) {
    if (found.includes(wanted)) continue;
    warn(
      scope, 'scheduleWindow',
      `$$${name}, ${member} of the window of ${starter}, ${found.length === 0 ? 'is compared with no field' : `is under ${found.join(' and ')}`} in the filter, `
        + `so that runs read more or less than their windows; write { "${wanted}": "$$${name}" }, or acknowledge this if it is meant`,
    );
  }
}

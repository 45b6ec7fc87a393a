import { TableLedgerOptions, WhenLocked } from './run-ledger-options';
import { StalenessAlarmOptions } from './staleness-alarm-options';
import { duration, flag, member, optional, OptionKinds, resource } from '../../private/synth/option-kinds';

export const TABLE_LEDGER_KINDS: OptionKinds<TableLedgerOptions> = {
  table: optional(resource('tableArn', 'a table', 'look it up with Table.fromTableName(…)')),
  whenLocked: optional(member('WhenLocked', WhenLocked)),
  waitAtMost: optional(duration),
  takeOverAfter: optional(duration),
  retention: optional(duration),
};

export const STALENESS_ALARM_KINDS: OptionKinds<StalenessAlarmOptions> = { after: duration, countEmptyRuns: optional(flag) };

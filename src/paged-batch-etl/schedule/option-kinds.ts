import { AddScheduleOptions } from './add-schedule-options';
import { RunWindow } from './run-window';
import { choice, flag, map, number, optional, OptionKinds, schedule, text } from '../../private/synth/option-kinds';

export const ADD_SCHEDULE_KINDS: OptionKinds<AddScheduleOptions> = {
  schedule,
  window: choice(RunWindow),
  parameters: optional(map(text)),
  enabled: optional(flag),
  alarmAfterEmptyRuns: optional(number),
};

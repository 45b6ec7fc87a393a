import { AddScheduleOptions } from './add-schedule-options';
import { RunWindow } from './run-window';
import { choice, flag, number, optional, OptionKinds, schedule } from '../../private/synth/option-kinds';

export const ADD_SCHEDULE_KINDS: OptionKinds<AddScheduleOptions> = {
  schedule, window: choice(RunWindow), enabled: optional(flag), alarmAfterEmptyRuns: optional(number),
};

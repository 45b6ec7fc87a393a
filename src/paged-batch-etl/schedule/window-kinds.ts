import { LastHoursOptions, PreviousDayOptions } from './run-window-options';
import { number, optional, OptionKinds, text } from '../../private/synth/option-kinds';

export const PREVIOUS_DAY_KINDS: OptionKinds<PreviousDayOptions> = { begin: text, end: text, timeZone: optional(text) };

export const LAST_HOURS_KINDS: OptionKinds<LastHoursOptions> = { hours: number, begin: text, end: text };

import { LastHoursOptions, PreviousDayOptions, SinceWatermarkOptions } from './run-window-options';
import { duration, number, optional, OptionKinds, text } from '../../private/synth/option-kinds';

export const PREVIOUS_DAY_KINDS: OptionKinds<PreviousDayOptions> = { begin: text, end: text, timeZone: optional(text) };

export const LAST_HOURS_KINDS: OptionKinds<LastHoursOptions> = { hours: number, begin: text, end: text };

export const SINCE_WATERMARK_KINDS: OptionKinds<SinceWatermarkOptions> = { begin: text, end: text, startAt: text, lag: optional(duration) };

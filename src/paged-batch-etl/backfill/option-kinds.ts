import { AddBackfillOptions } from './add-backfill-options';
import { duration, map, number, optional, OptionKinds, text } from '../../private/synth/option-kinds';

export const ADD_BACKFILL_KINDS: OptionKinds<AddBackfillOptions> = {
  begin: text,
  end: text,
  step: duration,
  beginParameter: text,
  endParameter: text,
  timeZone: optional(text),
  concurrency: optional(number),
  parameters: optional(map(text)),
};

import { DeadLetterOptions, TolerateOptions } from './failure-policy-options';
import { bucket, flag, nested, number, optional, OptionKinds, text } from '../../private/synth/option-kinds';

const DEAD_LETTER_KINDS: OptionKinds<DeadLetterOptions> = { bucket: optional(bucket), prefix: optional(text), withDocuments: optional(flag) };

export const TOLERATE_KINDS: OptionKinds<TolerateOptions> = {
  maxItems: optional(number), maxPercentage: optional(number), deadLetters: optional(nested(DEAD_LETTER_KINDS)),
};

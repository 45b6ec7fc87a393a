import { AdaptivePollingOptions, PollingOptions } from './query-completion-options';
import { duration, number, optional, OptionKinds } from '../../private/synth/option-kinds';

export const POLLING_KINDS: OptionKinds<PollingOptions> = { interval: optional(duration) };

export const ADAPTIVE_POLLING_KINDS: OptionKinds<AdaptivePollingOptions> = { percentage: optional(number), maxInterval: optional(duration) };

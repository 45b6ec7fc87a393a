import { SelfRestartOptions, SupervisedOptions } from './run-continuation-options';
import { number, optional, OptionKinds } from '../../private/synth/option-kinds';

export const SUPERVISED_KINDS: OptionKinds<SupervisedOptions> = { pagesPerSegment: optional(number) };

export const SELF_RESTART_KINDS: OptionKinds<SelfRestartOptions> = { pagesPerSegment: optional(number) };

import { SelfRestartOptions, SupervisedOptions } from './run-continuation-options';
import { duration, number, optional, OptionKinds } from '../../private/synth/option-kinds';

export const SUPERVISED_KINDS: OptionKinds<SupervisedOptions> = { pagesPerSegment: optional(number), outageTolerance: optional(duration) };

export const SELF_RESTART_KINDS: OptionKinds<SelfRestartOptions> = { pagesPerSegment: optional(number) };

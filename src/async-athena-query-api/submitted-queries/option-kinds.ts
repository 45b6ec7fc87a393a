import { TextQueryParameterOptions } from './query-parameter-options';
import { number, optional, OptionKinds } from '../../private/synth/option-kinds';

export const TEXT_KINDS: OptionKinds<TextQueryParameterOptions> = { maxLength: optional(number) };

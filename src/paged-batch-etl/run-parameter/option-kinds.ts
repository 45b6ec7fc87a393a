import { DateParameterOptions, IntegerParameterOptions, ObjectIdParameterOptions, TextParameterOptions } from './run-parameter-options';
import { number, optional, OptionKinds, text } from '../../private/synth/option-kinds';

export const DATE_KINDS: OptionKinds<DateParameterOptions> = { defaultValue: optional(text), timeZone: optional(text) };

export const TEXT_KINDS: OptionKinds<TextParameterOptions> = { defaultValue: optional(text) };

export const INTEGER_KINDS: OptionKinds<IntegerParameterOptions> = { defaultValue: optional(number) };

export const OBJECT_ID_KINDS: OptionKinds<ObjectIdParameterOptions> = { defaultValue: optional(text) };

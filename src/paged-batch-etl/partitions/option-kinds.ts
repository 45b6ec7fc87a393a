import { EqualPartitionsOptions, PartitionsAtOptions } from './partitions-options';
import { ejson, list, number, optional, OptionKinds } from '../../private/synth/option-kinds';

export const EQUAL_PARTITIONS_KINDS: OptionKinds<EqualPartitionsOptions> = { workers: number, slices: optional(number) };

export const PARTITIONS_AT_KINDS: OptionKinds<PartitionsAtOptions> = { boundaries: list(ejson), workers: optional(number) };

import { OrcCompression, OrcResultFormatOptions, ParquetCompression, ParquetResultFormatOptions, TextFileResultFormatOptions } from './result-format-options';
import { member, optional, OptionKinds, text } from '../../private/synth/option-kinds';

export const PARQUET_KINDS: OptionKinds<ParquetResultFormatOptions> = { compression: optional(member('ParquetCompression', ParquetCompression)) };

export const ORC_KINDS: OptionKinds<OrcResultFormatOptions> = { compression: optional(member('OrcCompression', OrcCompression)) };

export const TEXT_FILE_KINDS: OptionKinds<TextFileResultFormatOptions> = { fieldDelimiter: optional(text) };

import { ResultFormatBinding } from './binding';
import { ParquetCompression, ParquetResultFormatOptions } from './result-format-options';

/** Always with the compression, so that a default of Athena's that changes changes nothing. */
export function parquet({ compression = ParquetCompression.SNAPPY }: ParquetResultFormatOptions): ResultFormatBinding {
  return { name: 'PARQUET', properties: `format = 'PARQUET', compression = '${compression}'` };
}

import { ResultFormatBinding } from './binding';
import { OrcCompression, OrcResultFormatOptions } from './result-format-options';

/** Always with the compression, so that a default of Athena's that changes changes nothing. */
export function orc({ compression = OrcCompression.ZLIB }: OrcResultFormatOptions): ResultFormatBinding {
  return { name: 'ORC', properties: `format = 'ORC', compression = '${compression}'` };
}

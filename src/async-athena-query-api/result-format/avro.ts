import { ResultFormatBinding } from './binding';

/** Athena takes no compression with it. */
export function avro(): ResultFormatBinding {
  return { name: 'AVRO', properties: "format = 'AVRO'" };
}

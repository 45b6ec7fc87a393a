import { ResultFormatBinding } from './binding';

/** Athena compresses it with gzip, and takes no other compression. */
export function json(): ResultFormatBinding {
  return { name: 'JSON', properties: "format = 'JSON'" };
}

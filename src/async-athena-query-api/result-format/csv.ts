import { ResultFormatBinding } from './binding';

/** The query runs as it is. */
export function csv(): ResultFormatBinding {
  return { name: 'CSV' };
}

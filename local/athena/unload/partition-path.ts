import { UnloadColumn } from './unload-columns';
import { quoteString } from '../sql/tokens';

/** One value for each column that parts the files, as text; undefined for null. */
export type PartitionValues = readonly (string | undefined)[];

/** What Hive writes where there is no text. */
const NO_VALUE = '__HIVE_DEFAULT_PARTITION__';

/** Characters that Hive writes as `%` and two hexadecimal digits. */
// eslint-disable-next-line no-control-regex
const ESCAPED = /[\u0001-\u001f"#%'*/:=?\\\u007f{[\]^]/g;

/** A partition in S3 and in the engine's table. */
export interface Partition {
  /** `day=2026-01-31/` */
  readonly path: string;
  /** Select its rows. */
  readonly conditions: readonly string[];
}

export function partitionOf(columns: readonly UnloadColumn[], values: PartitionValues): Partition {
  return {
    path: columns.map(({ name }, index) => `${escaped(name)}=${escaped(textOf(values[index]))}/`).join(''),
    conditions: columns.map(({ kept }, index) => {
      const value = values[index];
      return value === undefined ? `${kept} IS NULL` : `CAST(${kept} AS VARCHAR) = ${quoteString(value)}`;
    }),
  };
}

/** Hive does not tell an empty text from null here. */
function textOf(value: string | undefined): string {
  return value === undefined || value === '' ? NO_VALUE : value;
}

function escaped(text: string): string {
  return text.replaceAll(ESCAPED, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}

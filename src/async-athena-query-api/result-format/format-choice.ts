import { ResultFormatBinding } from './binding';

/** Formats that a request may choose from. The first one holds where it chooses none. */
export interface FormatChoice {
  readonly formats: readonly ResultFormatBinding[];
  /** Where results lie, `s3://bucket/prefix/`: files in a folder of each query. */
  readonly location: string;
}

/** Where results are CSV only, as they are where nothing is said, there is nothing to choose. */
export function formatChoice(formats: readonly ResultFormatBinding[], location: string): FormatChoice | undefined {
  return formats.every(({ properties }) => properties === undefined) ? undefined : { formats, location };
}

import { WrittenFormat } from '../contracts/deliver';

/** A format that a request may ask for. */
export interface ResultFormatBinding {
  /** What a request writes as its `ResultFormat`. */
  readonly name: 'CSV' | WrittenFormat;
  /** What stands in the `WITH` of Athena's UNLOAD; undefined where the query runs as it is. */
  readonly properties?: string;
}

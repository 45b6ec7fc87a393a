import { PartitionRule } from '../contracts/plan-ranges';

/** In how many parts a run is processed at once. */
export interface PartitionsBinding {
  /** How a run of this source is divided; undefined: it is not. Throws `InvalidPropError` where it cannot be. */
  bind(source: DividedSource): PartitionParts | undefined;
}

/** What a source is divided by. */
export interface DividedSource {
  /** Fields of its key; absent where a function of the user's decides. */
  readonly sort?: readonly string[];
  /** Whether the source has a collation, in whose order texts are. */
  readonly collated: boolean;
}

export interface PartitionParts {
  /** Ranges at a time. */
  readonly workers: number;
  /** Most ranges of a run. */
  readonly ranges: number;
  readonly rule: PartitionRule;
}

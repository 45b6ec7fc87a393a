/** What the workflow and the source function agree on about the ranges of a run. Of the event, every released contract is accepted for ever. */
import type { RunReference } from './read-page';
import { exactly, listOf, literal, oneOf, Read, Shape, text, anyObject, wholeNumber } from '../../private/shape/json-shape';

/** Version of the event, in the same count as those that ask for a page. */
export const PLAN_RANGES_CONTRACT = 7;

/** The event by which the source function is asked for the ranges of a run; it answers `PlannedRanges`. */
export interface PlanRangesEvent {
  readonly contract: typeof PLAN_RANGES_CONTRACT;
  /** The run's flat input with defaults filled in. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly run: RunReference;
  readonly partitions: PartitionRule;
}

const equalParts = exactly({
  /** Of the type that the first sort field has in all documents. */
  by: oneOf('time', 'objectId'),
  /** How many, at most. */
  ranges: wholeNumber,
});

const givenParts = exactly({
  by: literal('boundaries'),
  /** Canonical or relaxed EJSON of the values that ranges begin with, in ascending order. */
  boundaries: listOf(text),
});

/** How the ranges are made. */
export type PartitionRule = Shape<typeof equalParts> | Shape<typeof givenParts>;

export const partitionRule: Read<PartitionRule> = (value, place) => (
  anyObject(value, place).by === 'boundaries' ? givenParts(value, place) : equalParts(value, place)
);

/** None where there is nothing to read. */
export interface PlannedRanges {
  readonly ranges: readonly RangeProgress[];
}

/** How far a range is processed. */
export interface RangeProgress {
  /** Counted from 0, within the run. */
  readonly number: number;
  readonly cursor: string | null;
  readonly pages: number;
  readonly items: number;
  /** Items that failed, where failures are tolerated. */
  readonly failed: number;
  readonly segments: number;
}

import { Token } from 'aws-cdk-lib';
import { PartitionsBinding } from './binding';
import { checkWorkers, dividedField } from './partitions-check';
import type { EqualPartitionsOptions } from './partitions-options';
import { checkInteger, InvalidPropError, refuseToken } from '../../private/synth/validation';
import { MAX_RANGES } from '../contracts/read-page';

/** Ranges of each worker. */
export const DEFAULT_SLICES = 8;

/** Parts of the same length, between the first and the last value there is. */
export interface EqualParts {
  readonly factory: string;
  readonly by: 'time' | 'objectId';
  /** Whether this field can be divided so, and what to do otherwise. */
  readonly divides: (field: string) => boolean;
  readonly allowed: string;
  readonly fix: string;
}

export const BY_TIME: EqualParts = {
  factory: 'Partitions.ofTime',
  by: 'time',
  divides: (field) => field !== '_id',
  allowed: 'Partitions.ofObjectIds or Partitions.at where sort begins with _id',
  fix: 'or let sort of the source begin with a field that is a date in every document',
};

export const BY_OBJECT_ID: EqualParts = {
  factory: 'Partitions.ofObjectIds',
  by: 'objectId',
  divides: (field) => field === '_id',
  allowed: 'Partitions.ofTime or Partitions.at where sort begins with another field than _id',
  fix: 'or let sort of the source be _id alone, which fits a filter of equalities',
};

export function equalParts({ workers, slices }: EqualPartitionsOptions, { factory, by, divides, allowed, fix }: EqualParts): PartitionsBinding {
  checkWorkers(factory, workers);
  const mostSlices = Math.floor(MAX_RANGES / workers);
  if (slices !== undefined) {
    refuseToken(`slices of ${factory}`, Token.isUnresolved(slices), 'the workflow is rendered with it');
    checkInteger(`slices of ${factory}`, slices, { min: 1, max: mostSlices }, `a run has at most ${MAX_RANGES} ranges, and ${workers} workers`);
  }
  const ranges = workers * (slices ?? Math.min(DEFAULT_SLICES, mostSlices));
  return {
    bind: (source) => {
      if (!divides(dividedField(factory, source))) throw new InvalidPropError('partitions', factory, allowed, fix);
      return { workers, ranges, rule: { by, ranges } };
    },
  };
}

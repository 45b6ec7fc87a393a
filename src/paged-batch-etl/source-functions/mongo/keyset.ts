import { Document } from 'mongodb';
import { isNaNValue } from './bson-order';
import { SortKey } from './sort-key';

/** How the order of documents is walked. */
export interface KeysetOptions {
  /** Fields of the key, ascending, `_id` last. */
  readonly sort: readonly string[];
  /** Values of `_id` are compared across types. */
  readonly mixedIdTypes: boolean;
}

/** Documents that stand together in the order, and in an index. */
export interface KeyRange {
  readonly condition: Document;
  /** Fields of the sort that are not the same in all documents of the range. */
  readonly sort: readonly string[];
}

/**
 * What comes after a key, in the order of the sort: first what shares the most fields with the key.
 *
 * Values are always operands of an operator: as a bare value, a document from the data could be an operator itself, and a regular expression
 * would be matched.
 */
export function rangesAfter({ sort, mixedIdTypes }: KeysetOptions, key: SortKey): KeyRange[] {
  return sort.map((field, level) => {
    const { condition, sort: rest } = rangeOf(sort, key.slice(0, level));
    return { condition: { ...condition, ...comesAfter(field, key[level], mixedIdTypes) }, sort: rest };
  }).reverse();
}

/** What has these values in the first fields of the sort. */
export function rangeOf(sort: readonly string[], values: SortKey): KeyRange {
  return { condition: Object.fromEntries(values.map((value, level) => [sort[level], { $eq: value }])), sort: sort.slice(values.length) };
}

/** Both conditions; an empty one is left out, so that each stays a plain range of an index. */
export function both(filter: Document, condition: Document): Document {
  const conditions = [filter, condition].filter((each) => Object.keys(each).length > 0);
  if (conditions.length > 1) return { $and: conditions };
  return conditions[0] ?? {};
}

function comesAfter(field: string, value: unknown, mixedIdTypes: boolean): Document {
  // Expressions compare values of all types, and serve as the same range of the index; a literal is no path, whatever it looks like.
  if (field === '_id' && mixedIdTypes) return { $expr: { $gt: ['$_id', { $literal: value }] } };
  // NaN is the first of all numbers, and nothing is greater than it.
  if (isNaNValue(value)) return { [field]: { $gte: Number.NEGATIVE_INFINITY } };
  return { [field]: { $gt: value } };
}

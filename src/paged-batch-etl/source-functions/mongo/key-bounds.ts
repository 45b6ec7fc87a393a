import { Document } from 'mongodb';
import { compareBson, isEmbedded, isNaNValue, typeRank } from './bson-order';
import { decodeValue } from './canonical-ejson';
import { atLeast, Read, ShapeError } from '../../../private/shape/json-shape';

/** A part of all documents: those whose first sort field is in a half-open range. An end that is absent is open. */
export interface KeyBounds {
  /** The first value. */
  readonly from?: unknown;
  /** The first value after the range. */
  readonly before?: unknown;
}

const bound: Read<unknown> = (value, place) => {
  if (value === undefined) return undefined;
  if (!isBound(value)) throw new ShapeError(place, 'a value that ranges can begin with');
  return value;
};

const members = atLeast<KeyBounds>({ from: bound, before: bound });

/** How bounds are written in a cursor. */
export const keyBounds: Read<KeyBounds> = (value, place) => {
  // A value of another type is an object, too, once it is decoded.
  if (!isEmbedded(value)) throw new ShapeError(place, 'the bounds of a range');
  return members(value, place);
};

/** Nothing is before null, and nothing is greater than NaN: neither can divide anything. */
export function isBound(value: unknown): boolean {
  return value !== null && typeRank(value) >= 0 && !Array.isArray(value) && !isNaNValue(value);
}

/** The ranges between boundaries, the first and the last one of them open. */
export function rangesBetween(boundaries: readonly unknown[]): KeyBounds[] {
  return [undefined, ...boundaries].map((from, index) => withoutOpen({ from, before: boundaries[index] }));
}

/** Whether each boundary is greater than the one before, as texts are compared by their bytes. */
export function areAscending(boundaries: readonly unknown[]): boolean {
  return boundaries.slice(1).every((value, index) => compareBson(boundaries[index], value) < 0);
}

/** @param field the first sort field */
export function conditionOf({ from, before }: KeyBounds, field: string, mixedIdTypes: boolean): Document {
  const operands = Object.entries({ $gte: from, $lt: before }).filter(([, value]) => value !== undefined);
  if (operands.length === 0) return {};
  if (field !== '_id' || !mixedIdTypes) return { [field]: Object.fromEntries(operands) };
  // Expressions compare values of all types, as those do which go on after a key.
  const comparisons = operands.map(([operator, value]) => ({ $expr: { [operator]: ['$_id', { $literal: value }] } }));
  return comparisons.length === 1 ? comparisons[0] : { $and: comparisons };
}

/** A boundary as the user writes it. */
export function decodeBoundary(text: string): unknown {
  return decodeValue(text);
}

function withoutOpen({ from, before }: KeyBounds): KeyBounds {
  return { ...(from !== undefined && { from }), ...(before !== undefined && { before }) };
}

import { BSON, Document, Double, Int32, Long, Timestamp } from 'mongodb';
import { isEmbedded, membersOf } from './bson-order.lambda-shared';
import { PagedBatchEtlErrorName } from '../contract';
import { SourceError } from '../source-error.lambda-shared';

export type ItemFormat = 'relaxed' | 'canonical';

/**
 * A value as plain JSON: canonical EJSON, or relaxed EJSON in which integers beyond 2^53 and -0 stay typed, so that no reader of JSON rounds them.
 *
 * It walks documents itself, because the driver would take a member `_bsontype` of stored data for a type.
 */
export function formatValue(value: unknown, format: ItemFormat): unknown {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (Array.isArray(value)) return value.map((entry: unknown) => formatValue(entry, format));
  if (isEmbedded(value)) return formatDocument(value, format);
  if (value instanceof Date && Number.isNaN(value.getTime())) throw uncountableDate();
  if (format === 'relaxed') {
    if (value instanceof Int32) return value.value;
    if (isRounded(value)) return formatLeaf(value, 'canonical');
  }
  return formatLeaf(value, format);
}

export function formatDocument(document: Document, format: ItemFormat): Document {
  return Object.fromEntries(Object.entries(membersOf(document)).map(([name, value]) => [name, formatValue(value, format)]));
}

/** Whether a plain JSON number would be another one. */
function isRounded(value: unknown): boolean {
  if (value instanceof Double) return Object.is(value.value, -0);
  return value instanceof Long && !(value instanceof Timestamp) && !Number.isSafeInteger(value.toNumber());
}

function formatLeaf(value: unknown, format: ItemFormat): unknown {
  return BSON.EJSON.serialize(value, { relaxed: format === 'relaxed' });
}

function uncountableDate(): SourceError {
  return new SourceError(
    PagedBatchEtlErrorName.UNSUPPORTED_COLLECTION,
    'A document holds a date that is farther from 1970 than JavaScript can count (271,821 years). Leave the field out by the projection, or the document by the filter',
  );
}

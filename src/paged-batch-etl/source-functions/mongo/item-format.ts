import { Binary, BSON, Code, Document, Double, Int32, Long } from 'mongodb';
import { BsonNumber, isBsonNumber } from './bson-number';
import { isEmbedded, membersOf } from './bson-order';
import { viewOf } from './stored-value';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { SourceError } from '../source-error';

export type ItemFormat = 'relaxed' | 'canonical';

/**
 * A value as plain JSON: canonical EJSON, or relaxed EJSON in which integers beyond 2^53 and -0 stay typed, so that no reader of JSON rounds them.
 *
 * It walks documents itself, because the driver would take a member `_bsontype` of stored data for a type.
 */
export function formatValue(value: unknown, format: ItemFormat): unknown {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  // The driver would make null of it.
  if (value === undefined) return { $undefined: true };
  if (Array.isArray(value)) return value.map((entry: unknown) => formatValue(entry, format));
  if (isEmbedded(value)) return formatDocument(value, format);
  if (value instanceof Code && isEmbedded(value.scope)) return { $code: value.code, $scope: formatDocument(value.scope, format) };
  if (value instanceof Binary) return formatBinary(value);
  if (value instanceof Date && Number.isNaN(value.getTime())) throw uncountableDate();
  if (format === 'relaxed' && isBsonNumber(value)) return plainNumber(value) ?? formatLeaf(value, 'canonical');
  return formatLeaf(value, format);
}

export function formatDocument(document: Document, format: ItemFormat): Document {
  return Object.fromEntries(Object.entries(membersOf(document)).map(([name, value]) => [name, formatValue(value, format)]));
}

/** The number as JSON has it; undefined where that would be another one. */
function plainNumber(value: BsonNumber): number | undefined {
  if (value instanceof Int32) return value.value;
  if (value instanceof Double) return Number.isFinite(value.value) && !Object.is(value.value, -0) ? value.value : undefined;
  if (value instanceof Long && Number.isSafeInteger(value.toNumber())) return value.toNumber();
  return undefined;
}

/** Whatever is in it: the driver refuses what is stored as a vector and is none. */
function formatBinary(value: Binary): Document {
  return { $binary: { base64: viewOf(value.value()).toString('base64'), subType: value.sub_type.toString(16).padStart(2, '0') } };
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

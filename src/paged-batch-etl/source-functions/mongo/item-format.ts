import { Binary, BSON, Code, DBRef, Document, Double, Int32, Long } from 'mongodb';
import { BsonNumber, isBsonNumber } from './bson-number';
import { isEmbedded } from './bson-order';
import { isTypeName } from './extended-json-names';
import { viewOf } from './stored-value';

export type ItemFormat = 'relaxed' | 'canonical';

/** A value that Extended JSON cannot carry such that the same can be read again. */
export class UncarriedValue extends Error {}

/**
 * A value as plain JSON: canonical EJSON, or relaxed EJSON in which integers beyond 2^53 and -0 stay typed, so that no reader of JSON rounds them.
 *
 * It walks documents itself, because the driver would take a member `_bsontype` of stored data for a type.
 *
 * @throws UncarriedValue
 */
export function formatValue(value: unknown, format: ItemFormat): unknown {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  // The driver would make null of it.
  if (value === undefined) return { $undefined: true };
  if (Array.isArray(value)) return value.map((entry: unknown) => formatValue(entry, format));
  if (value instanceof DBRef) return formatPointer(value);
  if (isEmbedded(value)) return formatDocument(value, format);
  if (value instanceof Code && isEmbedded(value.scope)) return { $code: value.code, $scope: formatDocument(value.scope, format) };
  if (value instanceof Binary) return formatBinary(value);
  if (value instanceof Date && Number.isNaN(value.getTime())) throw new UncarriedValue('a date that JavaScript cannot count');
  if (format === 'relaxed' && isBsonNumber(value)) return plainNumber(value) ?? formatLeaf(value, 'canonical');
  return formatLeaf(value, format);
}

export function formatDocument(document: Document, format: ItemFormat): Document {
  const formatted: Document = {};
  for (const name of Object.keys(document)) {
    if (isTypeName(name)) throw new UncarriedValue(`a member ${name}`);
    const value = formatValue(document[name], format);
    // Assigned, it would be the prototype.
    if (name === '__proto__') Object.defineProperty(formatted, name, { value, enumerable: true });
    else formatted[name] = value;
  }
  return formatted;
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

/** The driver makes a reference of the old pointer and cuts its namespace in two where it has one dot. */
function formatPointer({ db, collection, oid }: DBRef): Document {
  return { $dbPointer: { $ref: db === undefined ? collection : `${db}.${collection}`, $id: formatLeaf(oid, 'canonical') } };
}

function formatLeaf(value: unknown, format: ItemFormat): unknown {
  return BSON.EJSON.serialize(value, { relaxed: format === 'relaxed' });
}

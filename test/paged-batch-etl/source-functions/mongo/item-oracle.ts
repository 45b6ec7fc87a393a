/** What an item is, by the driver: its own deserialisation and EJSON, document by document. The reader knows nothing of either. */
import { Binary, BSON, Code, DBRef, Document, Double, Long, Timestamp } from 'mongodb';

export type Format = 'relaxed' | 'canonical';

/** A value that cannot be told as it is. */
export class Untold extends Error {}

const TYPE_NAMES = [
  '$oid', '$binary', '$uuid', '$symbol', '$numberInt', '$numberLong', '$numberDouble', '$numberDecimal', '$minKey', '$maxKey', '$regex',
  '$regularExpression', '$timestamp', '$date', '$code', '$undefined', '$dbPointer',
];

const READ = { promoteValues: false, promoteBuffers: false, bsonRegExp: true } as const;

/**
 * The item of stored bytes.
 *
 * @param shown paths of the projection, without `_id`
 * @throws Untold
 */
export function itemByDriver(bytes: Uint8Array, format: Format, shown?: readonly string[]): Document {
  const document = decoded(bytes);
  const picked = shown === undefined ? document : pick(document, [...shown, '_id'].map((path) => path.split('.')));
  const item = formatted(picked, format);
  if (JSON.stringify(item).includes('\uFFFD') && !isAllText(bytes)) throw new Untold('a name or a pattern that is no UTF-8');
  return item;
}

/** A document of values as the driver has them. */
export function formatted(document: Document, format: Format): Document {
  return Object.fromEntries(Object.entries(document).map(([name, value]) => {
    if (TYPE_NAMES.includes(name)) throw new Untold(`a member ${name}`);
    return [name, formatValue(value, format)];
  }));
}

function formatValue(value: unknown, format: Format): unknown {
  if (value === undefined) return { $undefined: true };
  if (Array.isArray(value)) return value.map((entry) => formatValue(entry, format));
  if (value instanceof DBRef) return { $dbPointer: { $ref: [value.db, value.collection].filter((name) => name !== undefined).join('.'), $id: canonical(value.oid) } };
  if (isDocument(value)) return formatted(value, format);
  if (value instanceof Code && isDocument(value.scope)) return { $code: value.code, $scope: formatted(value.scope, format) };
  // The driver refuses what is stored as a vector and is none.
  if (value instanceof Binary) return { $binary: { base64: Buffer.from(value.value()).toString('base64'), subType: value.sub_type.toString(16).padStart(2, '0') } };
  if (value instanceof Date && Number.isNaN(value.getTime())) throw new Untold('a date that JavaScript cannot count');
  if (format === 'canonical' || isRounded(value)) return canonical(value);
  return BSON.EJSON.serialize(value, { relaxed: true });
}

function canonical(value: unknown): unknown {
  return BSON.EJSON.serialize(value, { relaxed: false });
}

function isRounded(value: unknown): boolean {
  if (value instanceof Double) return !Number.isFinite(value.value) || Object.is(value.value, -0);
  return value instanceof Long && !(value instanceof Timestamp) && !Number.isSafeInteger(value.toNumber());
}

function isDocument(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value));
}

/** The fields of a projection, as the server has them. */
function pick(document: Document, paths: readonly (readonly string[])[]): Document {
  return Object.fromEntries(Object.entries(document).flatMap(([name, value]): [string, unknown][] => {
    const below = paths.filter(([first]) => first === name).map((path) => path.slice(1));
    if (below.length === 0) return [];
    if (below.some((rest) => rest.length === 0)) return [[name, value]];
    return pickWithin(value, below).map((rest) => [name, rest]);
  }));
}

function pickWithin(value: unknown, paths: readonly (readonly string[])[]): unknown[] {
  if (Array.isArray(value)) return [value.flatMap((entry: unknown) => pickWithin(entry, paths))];
  return isDocument(value) ? [pick(value, paths)] : [];
}

/** The driver makes a class of an embedded document with `$ref` and `$id`: where there is such a name, members are read one by one. */
function decoded(bytes: Uint8Array): Document {
  try {
    const whole = BSON.deserialize(bytes, READ);
    return Buffer.from(bytes).includes('$ref\0') ? decodedMembers(bytes) : whole;
  } catch (error) {
    if (error instanceof BSON.BSONError || (error instanceof Error && error.name === 'RangeError')) throw new Untold(error.message);
    throw error;
  }
}

function decodedMembers(bytes: Uint8Array): Document {
  const members = Array.from(BSON.onDemand.parseToElements(bytes), ([type, nameAt, nameLength, at, length]): [string, unknown] => (
    [Buffer.from(bytes.subarray(nameAt, nameAt + nameLength)).toString(), decodedValue(type, bytes.subarray(at, at + length))]
  ));
  return Object.fromEntries(members);
}

function decodedValue(type: number, bytes: Uint8Array): unknown {
  if (type === 3) return decodedMembers(bytes);
  if (type === 4) return Object.values(decodedElements(bytes));
  const single = Buffer.concat([Buffer.alloc(4), Buffer.from([type, 0]), bytes, Buffer.from([0])]);
  single.writeInt32LE(single.byteLength);
  const value: unknown = BSON.deserialize(single, READ)[''];
  if (type !== 15 || !(value instanceof Code)) return value;
  return new Code(value.code, decodedMembers(bytes.subarray(8 + Buffer.from(bytes).readInt32LE(4))));
}

function decodedElements(bytes: Uint8Array): unknown[] {
  return Array.from(BSON.onDemand.parseToElements(bytes), ([type, , , at, length]) => decodedValue(type, bytes.subarray(at, at + length)));
}

/** Whether all names and patterns are UTF-8; the driver looks at texts only. */
function isAllText(bytes: Uint8Array): boolean {
  const text = (part: Uint8Array): boolean => !Buffer.from(part).toString().includes('\uFFFD') || Buffer.from(Buffer.from(part).toString()).equals(part);
  const isSound = (document: Uint8Array, names: boolean): boolean => Array.from(BSON.onDemand.parseToElements(document)).every((element) => {
    const [type, nameAt, nameLength, at, length] = element;
    const value = document.subarray(at, at + length);
    if (names && !text(document.subarray(nameAt, nameAt + nameLength))) return false;
    if (type === 3 || type === 4) return isSound(value, type === 3);
    if (type === 15) return isSound(value.subarray(8 + Buffer.from(value).readInt32LE(4)), true);
    return type !== 11 || text(value);
  });
  return isSound(bytes, true);
}


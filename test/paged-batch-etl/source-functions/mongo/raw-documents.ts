/** Documents byte by byte, also such as no driver would write, with what is to be read of them; and how to store them all the same. */
import { connect } from 'node:net';
import fc from 'fast-check';
import { BSON, Collection, Document } from 'mongodb';
import { MongoServer } from '../../../../local/mongodb/mongo-server';

/** A stored value, and what is known of it without reading it. */
export interface RawValue {
  /** Number of the BSON type. */
  readonly type: number;
  readonly bytes: Uint8Array;
  /** As canonical EJSON. */
  readonly ejson: unknown;
  /** Way to the first thing in it that cannot be read; empty for the value itself. */
  readonly fault?: readonly string[];
}

export interface RawMember {
  readonly name: Uint8Array;
  readonly value: RawValue;
}

const OP_MSG = 2013;
const HEADER_BYTES = 16;
/** Flags, and the kind of the section. */
const MESSAGE_BYTES = 5;

export function rawDocument(members: readonly RawMember[]): Buffer {
  const body = Buffer.concat(members.flatMap(({ name, value }) => [Buffer.from([value.type]), name, Buffer.from([0]), value.bytes]));
  return Buffer.concat([int32(4 + body.byteLength + 1), body, Buffer.from([0])]);
}

export function rawMember(name: string, value: RawValue): RawMember {
  return { name: Buffer.from(name), value };
}

export function rawText(content: Uint8Array, type = 2): RawValue {
  return { type, bytes: Buffer.concat([int32(content.byteLength + 1), content, Buffer.from([0])]), ejson: Buffer.from(content).toString() };
}

export function rawDate(milliseconds: bigint): RawValue {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(milliseconds);
  return { type: 9, bytes, ejson: { $date: { $numberLong: `${milliseconds}` } } };
}

/** Any other value, as the driver writes it. */
export function rawValue(value: unknown): RawValue {
  const document = BSON.serialize({ a: value });
  return { type: document[4], bytes: document.subarray(7, -1), ejson: BSON.EJSON.serialize({ a: value }, { relaxed: false }).a };
}

/** Stores documents past the driver, which would write nothing but what it can read. Throws what the server says where it refuses one. */
export async function insertRaw(mongo: MongoServer, collection: Collection<Document>, documents: readonly Uint8Array[]): Promise<void> {
  const command = BSON.serialize({ insert: collection.collectionName, $db: collection.dbName });
  const label = Buffer.from('documents\0');
  const sequence = Buffer.concat([label, ...documents]);
  const body = Buffer.concat([Buffer.alloc(MESSAGE_BYTES), command, Buffer.from([1]), int32(4 + sequence.byteLength), sequence]);
  const header = Buffer.concat([HEADER_BYTES + body.byteLength, 1, 0, OP_MSG].map(int32));
  const reply = BSON.deserialize((await ask(mongo, Buffer.concat([header, body]))).subarray(HEADER_BYTES + MESSAGE_BYTES));
  if (reply.ok !== 1 || reply.writeErrors !== undefined) throw new Error(`Not stored: ${JSON.stringify(reply)}`);
}

async function ask({ host, port }: MongoServer, message: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port }, () => socket.write(message));
    let answer = Buffer.alloc(0);
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('The server closed the connection')));
    socket.on('data', (data: Buffer) => {
      answer = Buffer.concat([answer, data]);
      if (answer.byteLength < 4 || answer.byteLength < answer.readInt32LE()) return;
      resolve(answer);
      socket.end();
    });
  });
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

/** Cut off, without a beginning, too long for what they say, and halves of a pair. */
const brokenText = fc.constantFrom([0xff], [0x61, 0xc3], [0xa9, 0x61], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80])
  .map((bytes) => Buffer.from(bytes));
/** The last one is what a reader makes of those above. */
const soundText = fc.constantFrom('', 'a', 'é', '\u{1F600}', '10', '$a', 'a.b', '\uFFFD', '\uFEFFa').map((text) => Buffer.from(text));

function broken(value: RawValue): RawValue {
  return { ...value, fault: [] };
}

const DATE_LIMIT = 8_640_000_000_000_000n;

const objectId = Buffer.from('0123456789abcdef01234567', 'hex');

/** Texts of the types string, code and symbol. */
function texts(type: number, ejsonOf: (text: unknown) => unknown): fc.Arbitrary<RawValue> {
  return fc.oneof(
    { arbitrary: soundText.map((bytes) => rawText(bytes, type)), weight: 6 },
    { arbitrary: brokenText.map((bytes) => broken(rawText(bytes, type))), weight: 1 },
  ).map((value) => ({ ...value, ejson: ejsonOf(value.ejson) }));
}

const date = fc.oneof(
  fc.bigInt({ min: -DATE_LIMIT, max: DATE_LIMIT }),
  fc.constantFrom(DATE_LIMIT, -DATE_LIMIT, DATE_LIMIT + 1n, -DATE_LIMIT - 1n, 2n ** 63n - 1n, -(2n ** 63n)),
).map((time) => (time > DATE_LIMIT || time < -DATE_LIMIT ? broken(rawDate(time)) : rawDate(time)));

const pattern = fc.tuple(texts(2, (text) => text), fc.constantFrom('', 'i', 'imsx', 'g'))
  .map(([{ bytes, ejson, fault }, options]): RawValue => ({
    type: 11,
    bytes: Buffer.concat([bytes.subarray(4), Buffer.from(`${options}\0`)]),
    ejson: { $regularExpression: { pattern: ejson, options } },
    ...(fault !== undefined || options === 'g' ? { fault: [] } : {}),
  }));

const pointer = fc.constantFrom('c', 'd.c', 'd.c.e', '.').map((namespace): RawValue => ({
  type: 12,
  bytes: Buffer.concat([rawText(Buffer.from(namespace)).bytes, objectId]),
  ejson: { $dbPointer: { $ref: namespace, $id: { $oid: objectId.toString('hex') } } },
}));

/** Subtype 2 has its length once more within it, here also a wrong one. */
const oldBinary = fc.constantFrom(3, 3, 3, 2, 4, -1).map((length): RawValue => ({
  type: 5,
  bytes: Buffer.concat([int32(7), Buffer.from([2]), int32(length), Buffer.from('abc')]),
  ejson: { $binary: { base64: 'YWJj', subType: '02' } },
  ...(length === 3 ? {} : { fault: [] }),
}));

const binary = fc.tuple(fc.uint8Array({ maxLength: 20 }), fc.constantFrom(0, 3, 4, 9, 128)).map(([content, subtype]): RawValue => ({
  type: 5,
  bytes: Buffer.concat([int32(content.byteLength), Buffer.from([subtype]), content]),
  ejson: { $binary: { base64: Buffer.from(content).toString('base64'), subType: subtype.toString(16).padStart(2, '0') } },
}));

const flag = fc.constantFrom(0, 1, 1, 1, 2)
  .map((byte): RawValue => ({ type: 8, bytes: Buffer.from([byte]), ejson: byte === 1, ...(byte > 1 ? { fault: [] } : {}) }));

const undefinedValue: RawValue = { type: 6, bytes: Buffer.alloc(0), ejson: { $undefined: true } };

const leaf: fc.Arbitrary<RawValue> = fc.oneof(
  texts(2, (text) => text), texts(13, ($code) => ({ $code })), texts(14, ($symbol) => ({ $symbol })),
  date, pattern, pointer, oldBinary, binary, flag, fc.constant(undefinedValue), fc.integer().map((number) => rawValue(new BSON.Int32(number))),
  fc.constantFrom(null, new BSON.MinKey(), new BSON.Double(0.1), BSON.Long.MAX_VALUE, BSON.Decimal128.fromString('1.10'), new BSON.ObjectId(objectId)).map(rawValue),
);

interface Name {
  readonly bytes: Uint8Array;
  readonly broken: boolean;
}

const soundName = fc.constantFrom('a', 'b', 'c', 'é', '', 'x.y', '$x', '$ref', '$id', '__proto__', '\uFFFD')
  .map((text) => ({ bytes: Buffer.from(text), broken: false }));
const ejsonName = fc.constantFrom('$oid', '$numberLong', '$date', '$code', '$undefined', '$dbPointer').map((text) => ({ bytes: Buffer.from(text), broken: true }));

/** Rarely one that is no text, or one of EJSON's. */
const name: fc.Arbitrary<Name> = fc.oneof(
  { arbitrary: soundName, weight: 20 },
  { arbitrary: brokenText.map((bytes) => ({ bytes, broken: true })), weight: 1 },
  { arbitrary: ejsonName, weight: 1 },
);

function membersOf(values: fc.Arbitrary<RawValue>, most: number): fc.Arbitrary<(RawMember & { readonly broken: boolean })[]> {
  return fc.uniqueArray(fc.tuple(name, values), { selector: ([{ bytes }]) => Buffer.from(bytes).toString(), maxLength: most })
    .map((list) => list.map(([{ bytes, broken: isBroken }, value]) => ({ name: bytes, value, broken: isBroken })));
}

function documentOf(members: readonly (RawMember & { readonly broken: boolean })[]): RawValue {
  const faults = members.flatMap(({ name: bytes, value, broken: isBroken }): (readonly string[])[] => {
    if (isBroken) return [[]];
    return value.fault === undefined ? [] : [[Buffer.from(bytes).toString(), ...value.fault]];
  });
  const ejson = Object.fromEntries(members.map(({ name: bytes, value }) => [Buffer.from(bytes).toString(), value.ejson]));
  return { type: 3, bytes: rawDocument(members), ejson, ...(faults.length === 0 ? {} : { fault: faults[0] }) };
}

/** Names of their members say nothing. */
function arrayOf(values: readonly RawValue[]): RawValue {
  const faults = values.flatMap(({ fault }, index) => (fault === undefined ? [] : [[`${index}`, ...fault]]));
  const members = values.map((value, index) => ({ name: index === 1 ? Buffer.from([0xff]) : Buffer.from(`${index}`), value }));
  return { type: 4, bytes: rawDocument(members), ejson: values.map(({ ejson }) => ejson), ...(faults.length === 0 ? {} : { fault: faults[0] }) };
}

function scopedCode(code: RawValue, scope: RawValue): RawValue {
  const within = scope.fault && ['$scope', ...scope.fault];
  const fault = within ?? code.fault;
  return {
    type: 15,
    bytes: Buffer.concat([int32(4 + code.bytes.byteLength + scope.bytes.byteLength), code.bytes, scope.bytes]),
    ejson: { $code: code.ejson, $scope: scope.ejson },
    ...(fault === undefined ? {} : { fault }),
  };
}

const { value: anyValue } = fc.letrec<{ value: RawValue; document: RawValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    tie('document'),
    fc.array(tie('value'), { maxLength: 3 }).map(arrayOf),
    fc.tuple(texts(2, (text) => text), tie('document')).map(([code, scope]) => scopedCode(code, scope)),
  ),
  document: membersOf(tie('value'), 3).map(documentOf),
}));

/** What is in a document beside `_id`. */
export const rawMembers = membersOf(anyValue, 4);

/** A whole document with this `_id`. */
export function withId(id: RawValue, members: readonly (RawMember & { readonly broken: boolean })[]): RawValue {
  return documentOf([{ ...rawMember('_id', id), broken: false }, ...members]);
}

import { readerFailed } from './reader-failure';
import { messageOf } from '../../../../errors';
import { InexactNumber, objectOf } from '../../../../exact-json';
import { JsonValue } from '../../../../json';

/** Largest footer and row group in bytes. Source: developer guide, "ItemReader", Parquet files. */
const MAX_FOOTER_BYTES = 5 * 1024 * 1024;
const MAX_ROW_GROUP_BYTES = 256 * 1024 * 1024;

/** Every row as an object. How AWS writes types that JSON lacks is not documented: here times are ISO 8601 and bytes are Base64. */
export async function parquetItems(body: Buffer): Promise<JsonValue[]> {
  const { parquetMetadata, parquetReadObjects } = await import('hyparquet');
  const { compressors } = await import('hyparquet-compressors');
  const file = new Uint8Array(body).buffer;
  try {
    if (body.length >= 8 && body.readUInt32LE(body.length - 8) > MAX_FOOTER_BYTES) throw new Error('The footer exceeds 5 MB.');
    const metadata = parquetMetadata(file);
    if (metadata.row_groups.some(({ total_byte_size: size }) => size > MAX_ROW_GROUP_BYTES)) throw new Error('A row group exceeds 256 MB.');
    return (await parquetReadObjects({ file, metadata, compressors })).map(toJson);
  } catch (error) {
    if (error instanceof InexactNumber) throw error;
    throw readerFailed(`The Parquet file cannot be read: ${messageOf(error)}`);
  }
}

function toJson(value: unknown): JsonValue {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : null;
    case 'bigint':
      if (!Number.isSafeInteger(Number(value))) throw new InexactNumber(String(value));
      return Number(value);
    case 'object':
      return objectToJson(value);
    default:
      return null;
  }
}

function objectToJson(value: object | null): JsonValue {
  if (value === null) return null;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(toJson);
  return objectOf(Object.entries(value).map(([name, member]) => [name, toJson(member)] as const));
}

import { WrittenFormat } from '../../contracts/deliver';

/** As what a link gives an object: the file it is saved as, and what the file holds. */
export interface Download {
  readonly name: string;
  readonly contentType: string;
}

/** What browsers and clients save without looking into it. */
const BYTES = 'application/octet-stream';

/** Media types by the ending of the name. ORC and Avro have none that is registered. Source: the registry of media types of IANA. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  csv: 'text/csv; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  json: 'application/x-ndjson',
  parquet: 'application/vnd.apache.parquet',
  gz: 'application/gzip',
  zst: 'application/zstd',
};

const EXTENSIONS: Readonly<Record<WrittenFormat, string>> = { PARQUET: 'parquet', ORC: 'orc', AVRO: 'avro', JSON: 'json', TEXTFILE: 'txt' };

/** Endings that say how a whole file is compressed, and come after that of the format. */
const COMPRESSED = /\.(gz|zst|bz2|lz4|snappy|deflate)$/;

/**
 * The name that a file is saved as: Athena's own, with the ending of the format, which Athena leaves out. What has a meaning in a header or a path is replaced.
 *
 * @param fileName the last part of the key
 * @param format undefined where it is not known
 */
export function downloadOf(fileName: string, format?: WrittenFormat): Download {
  const safe = fileName.replace(/[^\w.=-]/g, '_').replace(/^\.+/, '_');
  const [compression = ''] = COMPRESSED.exec(safe) ?? [];
  const stem = safe.slice(0, safe.length - compression.length);
  const extension = format === undefined ? '' : `.${EXTENSIONS[format]}`;
  const name = `${stem}${stem.endsWith(extension) ? '' : extension}${compression}`;
  const ending = name.slice(name.lastIndexOf('.') + 1);
  return { name, contentType: Object.hasOwn(CONTENT_TYPES, ending) ? CONTENT_TYPES[ending] : BYTES };
}

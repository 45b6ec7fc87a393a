import { ServiceError } from '../aws/service';

export interface DecodedChunks {
  readonly body: Buffer;
  /** Names in lower case. */
  readonly trailers: Readonly<Record<string, string>>;
}

const LINE_END = Buffer.from('\r\n');

/** Takes a body out of the framing of `Content-Encoding: aws-chunked` without chunk signatures, and reads what trails it. */
export function decodeAwsChunked(framed: Buffer): DecodedChunks {
  const chunks: Buffer[] = [];
  let position = 0;
  const nextLine = () => {
    const end = framed.indexOf(LINE_END, position);
    if (end < 0) throw incomplete();
    const line = framed.toString('latin1', position, end);
    position = end + LINE_END.length;
    return line;
  };
  for (let size = chunkSize(nextLine()); size > 0; size = chunkSize(nextLine())) {
    if (position + size + LINE_END.length > framed.length) throw incomplete();
    chunks.push(framed.subarray(position, position + size));
    position += size;
    if (nextLine() !== '') throw incomplete();
  }
  const trailers: Record<string, string> = {};
  for (let line = nextLine(); line !== ''; line = nextLine()) {
    const colon = line.indexOf(':');
    if (colon < 0) throw incomplete();
    trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  if (position !== framed.length) throw incomplete();
  return { body: Buffer.concat(chunks), trailers };
}

function chunkSize(line: string): number {
  if (!/^[0-9a-fA-F]{1,8}$/.test(line)) throw incomplete();
  return parseInt(line, 16);
}

function incomplete(): ServiceError {
  return new ServiceError('IncompleteBody', 'The request body terminated unexpectedly');
}

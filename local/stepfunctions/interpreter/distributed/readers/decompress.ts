import { gunzipSync } from 'node:zlib';
import { decompress as unzstd } from 'fzstd';
import { readerFailed } from './reader-failure';
import { messageOf } from '../../../../errors';

/** The text of an object. What its key ends in tells how it is compressed: `.gz` and `.zst`, or the longer forms of these. */
export function textOf(body: Buffer, key: string): string {
  return decompress(body, key).toString('utf8');
}

function decompress(body: Buffer, key: string): Buffer {
  try {
    if (/\.(gz|gzip)$/i.test(key)) return gunzipSync(body);
    if (/\.(zst|zstd)$/i.test(key)) return Buffer.from(unzstd(body));
  } catch (error) {
    throw readerFailed(`The object ${key} cannot be decompressed: ${messageOf(error)}`);
  }
  return body;
}

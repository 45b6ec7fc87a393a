import { Bucket, gather } from './bucket';
import { parseCsv } from './csv';
import { itemsOfFile } from './data-file';
import { textOf } from './decompress';
import { readerFailed } from './reader-failure';
import { ReaderConfig } from '../../definition';
import { MapItem } from '../map-item';
import { ObjectLocation } from '../object-storage';

/** The items of the files that a manifest of Athena lists: one address, `s3://bucket/key`, in each line. */
export async function athenaItems(bucket: Bucket, manifest: ObjectLocation, config: ReaderConfig, limit: number): Promise<MapItem[]> {
  const addresses = parseCsv(textOf(await bucket.get(manifest), manifest.key), ',').map(([address]) => address);
  return gather(addresses.map(locate), limit, async (file) => itemsOfFile(await bucket.get(file), file, config));
}

function locate(address: string): ObjectLocation {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/i.exec(address) ?? [];
  if (bucket === undefined) throw readerFailed(`The manifest names no S3 object: ${address}`);
  return { bucket, key };
}

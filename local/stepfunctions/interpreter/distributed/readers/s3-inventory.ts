import { Bucket, gather } from './bucket';
import { csvItems } from './csv';
import { textOf } from './decompress';
import { readerFailed } from './reader-failure';
import { readJsonIfAny } from '../../../../exact-json';
import { isObject, JsonObject, JsonValue } from '../../../../json';
import { MapItem, s3Source } from '../map-item';
import { ObjectLocation } from '../object-storage';

/** What an S3 inventory tells of every object: the columns of its CSV files, under the names that its manifest has for them. */
export async function inventoryItems(bucket: Bucket, location: ObjectLocation, limit: number): Promise<MapItem[]> {
  const { files, headers, fileBucket } = readManifest(textOf(await bucket.get(location), location.key));
  return gather(files, limit, async (key) => {
    const text = textOf(await bucket.get({ bucket: fileBucket, key, expectedBucketOwner: location.expectedBucketOwner }), key);
    return csvItems(text, { CSVHeaderLocation: 'GIVEN', CSVHeaders: headers }).map((value) => ({ value, source: s3Source(fileBucket, key) }));
  });
}

function readManifest(text: string): { files: string[]; headers: string[]; fileBucket: string } {
  const manifest = readJsonIfAny(text);
  if (!isObject(manifest)) throw readerFailed('The manifest is no JSON object.');
  if (manifest.fileFormat !== 'CSV') throw readerFailed(`The inventory must have the format CSV, not ${String(manifest.fileFormat)}.`);
  return {
    files: Array.isArray(manifest.files) ? manifest.files.map((file) => textMember(isObject(file) ? file : {}, 'key')) : [],
    headers: textMember(manifest, 'fileSchema').split(',').map((name) => name.trim()),
    fileBucket: textMember(manifest, 'destinationBucket').replace(/^arn:[^:]*:s3:::/, ''),
  };
}

function textMember(holder: JsonObject, name: string): string {
  const value: JsonValue | undefined = holder[name];
  if (typeof value !== 'string') throw readerFailed(`The manifest lacks ${name}.`);
  return value;
}

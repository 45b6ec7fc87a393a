import { csvItems } from './csv';
import { textOf } from './decompress';
import { jsonItems, jsonLines } from './json';
import { parquetItems } from './parquet';
import { readerFailed } from './reader-failure';
import { ReaderConfig } from '../../definition';
import { MapItem, s3Source } from '../map-item';
import { ObjectLocation } from '../object-storage';

/** Largest item that is read, in bytes. Source: developer guide, "ItemReader". */
const MAX_ITEM_BYTES = 8 * 1024 * 1024;

/** The items in one data file. */
export async function itemsOfFile(body: Buffer, { bucket, key }: ObjectLocation, config: ReaderConfig): Promise<MapItem[]> {
  const source = s3Source(bucket, key);
  const items = await parse(body, key, config, source);
  if (items.some(({ value }) => Buffer.byteLength(JSON.stringify(value)) > MAX_ITEM_BYTES)) throw readerFailed('An item cannot exceed 8 MB.');
  return items;
}

async function parse(body: Buffer, key: string, config: ReaderConfig, source: string): Promise<MapItem[]> {
  switch (config.InputType) {
    case 'CSV':
      return csvItems(textOf(body, key), config).map((value) => ({ value, source }));
    case 'JSON':
      return jsonItems(textOf(body, key), config, source);
    case 'JSONL':
      return jsonLines(textOf(body, key)).map((value) => ({ value, source }));
    case 'PARQUET':
      return (await parquetItems(body)).map((value) => ({ value, source }));
    default:
      throw new Error(`the local cloud does not implement the ItemReader InputType ${config.InputType}`);
  }
}

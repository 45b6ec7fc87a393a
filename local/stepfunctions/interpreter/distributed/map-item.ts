import { membersOf } from '../../../exact-json';
import { isObject, JsonValue } from '../../../json';

/** One item of the dataset of a distributed Map. */
export interface MapItem {
  readonly value: JsonValue;
  /** Where the dataset is a JSON object: the name of this member. `$$.Map.Item.Key`. */
  readonly key?: string;
  /** `$$.Map.Item.Source`: `STATE_DATA`, or the address of what was read, such as `S3://bucket/key`. */
  readonly source: string;
}

/** What an item from the input of the state has as its source. */
export const STATE_DATA = 'STATE_DATA';

/** The items of a list, or of an object, member by member; undefined for what is neither. */
export function itemsIn(dataset: JsonValue | undefined, source: string): MapItem[] | undefined {
  if (Array.isArray(dataset)) return listItems(dataset, source);
  if (isObject(dataset)) return membersOf(dataset).map(([key, value]) => ({ key, value, source }));
  return undefined;
}

export function listItems(values: readonly JsonValue[], source: string): MapItem[] {
  return values.map((value) => ({ value, source }));
}

/** What the child gets of an item that no ItemSelector has changed: the value, or the pair. */
export function plainInput({ key, value }: MapItem): JsonValue {
  return key === undefined ? value : { Key: key, Value: value };
}

export function s3Source(bucket: string, key?: string): string {
  return key === undefined ? `S3://${bucket}` : `S3://${bucket}/${key}`;
}

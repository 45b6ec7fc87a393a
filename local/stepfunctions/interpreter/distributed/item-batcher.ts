import { JsonObject, JsonValue } from '../../../json';
import { ItemBatcher, MapState } from '../definition';
import { RuntimeProblem } from '../failure';
import { MAX_PAYLOAD_BYTES } from '../payload';
import { Visit } from '../visit';
import { MapFields } from './map-fields';
import { ChildInput } from './map-run';

/** Puts items together as ItemBatcher says; without one, every item is an input of its own. */
export async function batchItems(visit: Visit<MapState>, fields: MapFields, items: readonly JsonValue[]): Promise<readonly ChildInput[]> {
  const batcher = visit.state.ItemBatcher;
  return batcher === undefined ? items.map((item) => ({ input: item, itemCount: 1 })) : batches(visit, fields, batcher, items);
}

/** An item that is larger than a batch may be has a batch to itself. */
async function batches(
  visit: Visit<MapState>, fields: MapFields, batcher: ItemBatcher, items: readonly JsonValue[],
): Promise<readonly ChildInput[]> {
  const { meter } = visit.run;
  const maxItems = await limit(visit, batcher, 'MaxItemsPerBatch') ?? Infinity;
  const maxBytes = await limit(visit, batcher, 'MaxInputBytesPerBatch') ?? MAX_PAYLOAD_BYTES;
  const batchInput = await fields.batchInput();
  const common: JsonObject = batchInput === undefined ? {} : { BatchInput: batchInput };
  const empty = meter.bytes({ ...common, Items: [] });

  const found: JsonValue[][] = [];
  let bytes = 0;
  for (const item of items) {
    const last = found.at(-1);
    // With the comma that would stand before it.
    const size = meter.bytes(item) + 1;
    if (last === undefined || bytes + size > maxBytes || last.length >= maxItems) {
      found.push([item]);
      bytes = empty + size - 1;
    } else {
      last.push(item);
      bytes += size;
    }
  }
  return found.map((batch) => ({ input: { ...common, Items: batch }, itemCount: batch.length }));
}

/** Undefined: no limit. */
async function limit(
  { language }: Visit<MapState>, batcher: ItemBatcher, field: 'MaxItemsPerBatch' | 'MaxInputBytesPerBatch',
): Promise<number | undefined> {
  const value = await language.number(batcher, field, 'ItemBatcher/') ?? 0;
  if (value < 0) throw new RuntimeProblem(`${field} cannot be negative.`);
  return value === 0 ? undefined : value;
}

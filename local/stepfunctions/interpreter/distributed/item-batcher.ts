import { JsonObject, JsonValue } from '../../../json';
import { MapState } from '../definition';
import { MAX_PAYLOAD_BYTES } from '../payload';
import { Visit } from '../visit';

/** Puts items together as ItemBatcher says; without one, every item is an input of its own. */
export function batchItems(visit: Visit<MapState>, items: readonly JsonValue[], input: JsonValue): readonly JsonValue[] {
  const batcher = visit.state.ItemBatcher;
  if (batcher === undefined) return items;
  const data = visit.data(input);
  const maxItems = visit.integer('MaxItemsPerBatchPath', batcher.MaxItemsPerBatch, batcher.MaxItemsPerBatchPath, data) ?? Infinity;
  const maxBytes = visit.integer('MaxInputBytesPerBatchPath', batcher.MaxInputBytesPerBatch, batcher.MaxInputBytesPerBatchPath, data) ?? MAX_PAYLOAD_BYTES;
  const common: JsonObject = batcher.BatchInput === undefined ? {} : { BatchInput: visit.fill(batcher.BatchInput, data) };
  const empty = visit.run.meter.bytes({ ...common, Items: [] });

  const batches: JsonValue[][] = [];
  let bytes = Infinity;
  for (const item of items) {
    const size = visit.run.meter.bytes(item) + 1;
    if (bytes + size > maxBytes || batches[batches.length - 1].length >= maxItems) {
      batches.push([]);
      bytes = empty;
    }
    batches[batches.length - 1].push(item);
    bytes += size;
  }
  return batches.map((batch) => ({ ...common, Items: batch }));
}

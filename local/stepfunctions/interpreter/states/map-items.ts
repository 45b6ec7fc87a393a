import { JsonValue } from '../../../json';
import { MapState } from '../definition';
import { RuntimeProblem } from '../failure';
import { Visit } from '../visit';

/** The list that ItemsPath points to. */
export function itemsOf(visit: Visit<MapState>, input: JsonValue): readonly JsonValue[] {
  const path = visit.state.ItemsPath ?? '$';
  const items = visit.run.expressions.readField(path, visit.data(input));
  if (!Array.isArray(items)) throw new RuntimeProblem(`Reference path "${path}" must point to array.`);
  return items;
}

/** The input of an iteration: the item, or what ItemSelector (formerly Parameters) makes of it. */
export function iterationInput(visit: Visit<MapState>, input: JsonValue, map: { Item: { Index: number; Value: JsonValue } }): JsonValue {
  const selector = visit.state.ItemSelector ?? visit.state.Parameters;
  return selector === undefined ? map.Item.Value : visit.fill(selector, visit.data(input, { Map: map }));
}

import { JsonValue } from '../../../json';
import { MapState } from '../definition';
import { Awaitable } from '../languages/language';
import { Visit } from '../visit';

/** An item as the context object has it. */
export interface MapItemContext {
  readonly Index: number;
  readonly Value: JsonValue;
  readonly Key?: string;
  readonly Source?: string;
}

/** The input of an iteration: the item, or what ItemSelector (formerly Parameters) makes of it. */
export function iterationInput({ language, state }: Visit<MapState>, item: MapItemContext): Awaitable<JsonValue> {
  const selector = state.ItemSelector ?? state.Parameters;
  return selector === undefined ? item.Value : language.fill(selector, 'ItemSelector', { Map: { Item: { ...item } } });
}

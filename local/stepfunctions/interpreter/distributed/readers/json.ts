import { readerFailed } from './reader-failure';
import { readJsonIfAny } from '../../../../exact-json';
import { isObject, JsonValue } from '../../../../json';
import { ReaderConfig } from '../../definition';
import { itemsIn, MapItem } from '../map-item';

/** The elements of a list, or the members of an object, at the place that ItemsPointer names. */
export function jsonItems(text: string, { ItemsPointer: pointer }: ReaderConfig, source: string): MapItem[] {
  const items = itemsIn(find(readJsonIfAny(withoutMark(text)), pointer ?? ''), source);
  if (items === undefined) throw readerFailed('Attempting to map over non-iterable node.');
  return items;
}

/** Every line that is not blank is an item, also one of `null`. */
export function jsonLines(text: string): JsonValue[] {
  return withoutMark(text).split('\n').filter((line) => line.trim() !== '').map((line) => {
    const item = readJsonIfAny(line);
    if (item === undefined) throw readerFailed('Attempting to map over non-iterable node.');
    return item;
  });
}

/** The value at a JSON Pointer (RFC 6901); undefined where there is none. */
function find(value: JsonValue | undefined, pointer: string): JsonValue | undefined {
  const steps = pointer.split('/').slice(1).map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return steps.reduce((found, step) => {
    if (Array.isArray(found)) return /^(0|[1-9]\d*)$/.test(step) ? found[Number(step)] : undefined;
    return isObject(found) && Object.hasOwn(found, step) ? found[step] : undefined;
  }, value);
}

function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

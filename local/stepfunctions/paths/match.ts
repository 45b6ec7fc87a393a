import { isObject, JsonValue } from '../../json';

/** One step of a path. */
export type Step =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'indexes'; readonly indexes: readonly number[] }
  | { readonly kind: 'slice'; readonly from?: number; readonly to?: number }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'descend' }
  | { readonly kind: 'filter'; readonly filter: Filter };

/** Decides about one item; `root` is what `$` means inside the filter. */
export type Filter = (item: JsonValue, root: JsonValue) => boolean;

/** All values that the steps lead to; nothing is no error here. */
export function matchSteps(steps: readonly Step[], start: JsonValue, root: JsonValue): JsonValue[] {
  return steps.reduce<JsonValue[]>((values, step) => values.flatMap((value) => followStep(step, value, root)), [start]);
}

/** The values that one step leads to. */
export function followStep(step: Step, value: JsonValue, root: JsonValue): JsonValue[] {
  switch (step.kind) {
    case 'name':
      return isObject(value) && Object.hasOwn(value, step.name) ? [value[step.name]] : [];
    case 'names':
      return isObject(value) ? [Object.fromEntries(Object.entries(value).filter(([name]) => step.names.includes(name)))] : [];
    case 'index':
      return itemsAt(value, [step.index]);
    case 'indexes':
      return itemsAt(value, step.indexes);
    case 'slice':
      return Array.isArray(value) ? value.slice(step.from, step.to) : [];
    case 'wildcard':
      return children(value);
    case 'descend':
      return [value, ...children(value).flatMap((child) => followStep(step, child, root))];
    case 'filter':
      return (Array.isArray(value) ? value : isObject(value) ? [value] : []).filter((item) => step.filter(item, root));
  }
}

function itemsAt(value: JsonValue, indexes: readonly number[]): JsonValue[] {
  if (!Array.isArray(value)) return [];
  return indexes.map((index) => value.at(index)).filter((item) => item !== undefined);
}

function children(value: JsonValue): JsonValue[] {
  return Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];
}

import { JsonValue } from '../json';

/** The value at a path of the few forms that EventBridge and this cloud both know: `$`, `$.detail.name`, `$.resources[0]`. */
export function valueAtPath(path: string, event: JsonValue): JsonValue | undefined {
  return parsePath(path).reduce<JsonValue | undefined>((value, step) => {
    if (value === null || typeof value !== 'object') return undefined;
    if (Array.isArray(value)) return typeof step === 'number' ? value[step] : undefined;
    return typeof step === 'string' && Object.hasOwn(value, step) ? value[step] : undefined;
  }, event);
}

/** Names and list indices. Throws for a path of another form. */
export function parsePath(path: string): readonly (string | number)[] {
  if (!/^\$(?:\.[\w/-]+|\[\d+\])*$/.test(path)) throw new Error(`EventBridge: the local cloud does not implement the path ${path}`);
  return [...path.matchAll(/\.([\w/-]+)|\[(\d+)\]/g)].map(([, name, index]) => name ?? Number(index));
}

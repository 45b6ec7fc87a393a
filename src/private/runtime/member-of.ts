/** A member of whatever was thrown, undefined when there is none: errors of Node and of SDKs say more than their types do. */
export function memberOf(thrown: unknown, name: string): unknown {
  return typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, name) : undefined;
}

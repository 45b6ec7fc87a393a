/** Further in, an object is not shown; it could lead back to itself. */
const MAX_DEPTH = 10;

/**
 * How a value of a driver is written as EJSON text, for messages: a date and an ObjectId have a text in JSON too, but it is another value for MongoDB.
 * Undefined where there is no such text.
 */
export function ejsonTextOf(value: unknown): string | undefined {
  return JSON.stringify(ejsonOf(value, 0));
}

function ejsonOf(value: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH) return '…';
  // JSON.stringify knows no bigint.
  if (typeof value === 'bigint') return { $numberLong: `${value}` };
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : { $date: isoText(value) };
  if ('toHexString' in value && typeof value.toHexString === 'function') return { $oid: String(value.toHexString()) };
  if (Array.isArray(value)) return value.map((entry) => ejsonOf(entry, depth + 1));
  return isPlain(value) ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, ejsonOf(member, depth + 1)])) : undefined;
}

/** As short as it can be: 2026-11-24T06:00:00Z. */
export function isoText(date: Date): string {
  return date.toISOString().replace('.000Z', 'Z');
}

/** Whether it has no class of its own. By the name of its class: that of another realm is another one. */
export function isPlain(value: object): boolean {
  const prototype: object | null = Object.getPrototypeOf(value);
  return prototype === null || prototype.constructor?.name === 'Object';
}

/**
 * Readers of JSON values: each either answers a typed value or throws a `ShapeError` that names the place, never the content.
 *
 * A schema library would weigh more than the handlers it serves; what they read fits in these few shapes.
 */
export type Read<T> = (value: unknown, place: string) => T;

/** The type of what a reader answers, so that a shape which is told once is both. Members that may be undefined may be left out. */
export type Shape<R> = R extends Read<infer T> ? Written<T> : never;

type Written<T> = T extends readonly (infer E)[] ? readonly Written<E>[] : T extends object ? WrittenObject<T> : T;

type WrittenObject<T> = {
  readonly [K in keyof T as undefined extends T[K] ? never : K]: Written<T[K]>
} & {
  readonly [K in keyof T as undefined extends T[K] ? K : never]?: Written<T[K]>
};

/** One reader for every member, also for the optional ones. */
export type Members<T> = { readonly [K in keyof T]-?: Read<T[K]> };

/** A value is not of the shape it has to be. The message names the place in the readers' own words, so it can be shown to anyone. */
export class ShapeError extends Error {
  constructor(readonly place: string, expected: string) {
    super(`${place === '' ? 'The value' : place} must be ${expected}`);
    this.name = 'ShapeError';
  }
}

export const text: Read<string> = (value, place) => {
  if (typeof value !== 'string') throw new ShapeError(place, 'a string');
  return value;
};

export const finiteNumber: Read<number> = (value, place) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new ShapeError(place, 'a number');
  return value;
};

/** A whole number, zero or more. */
export const wholeNumber: Read<number> = (value, place) => {
  const read = finiteNumber(value, place);
  if (!Number.isInteger(read) || read < 0) throw new ShapeError(place, 'a whole number, zero or more');
  return read;
};

export const flag: Read<boolean> = (value, place) => {
  if (typeof value !== 'boolean') throw new ShapeError(place, 'true or false');
  return value;
};

/** An object whose members are nobody's business here. */
export const anyObject: Read<Readonly<Record<string, unknown>>> = (value, place) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ShapeError(place, 'an object');
  return { ...value };
};

export function literal<const T extends string | number>(expected: T): Read<T> {
  return (value, place) => {
    if (value !== expected) throw new ShapeError(place, JSON.stringify(expected));
    return expected;
  };
}

export function oneOf<const T extends string>(...allowed: readonly T[]): Read<T> {
  return (value, place) => {
    const found = allowed.find((option) => option === value);
    if (found === undefined) throw new ShapeError(place, `one of ${allowed.join(', ')}`);
    return found;
  };
}

export function matching(pattern: RegExp, expected: string): Read<string> {
  return (value, place) => {
    const read = text(value, place);
    if (!pattern.test(read)) throw new ShapeError(place, expected);
    return read;
  };
}

export function listOf<T>(read: Read<T>): Read<readonly T[]> {
  return (value, place) => {
    if (!Array.isArray(value)) throw new ShapeError(place, 'a list');
    return value.map((entry: unknown, index) => read(entry, `${place}[${index}]`));
  };
}

/** An object whose members all have the same shape, under names that are somebody else's. */
export function recordOf<T>(read: Read<T>): Read<Readonly<Record<string, T>>> {
  return (value, place) => (
    Object.fromEntries(Object.entries(anyObject(value, place)).map(([name, member]) => [name, read(member, `${place}.${name}`)]))
  );
}

/** A member that may be absent. `null` is not absent. */
export function optional<T>(read: Read<T>): Read<T | undefined> {
  return (value, place) => (value === undefined ? undefined : read(value, place));
}

/** A member of a service's answer that may be absent, or null, which then is the same. */
export function nullable<T>(read: Read<T>): Read<T | undefined> {
  return (value, place) => (value === null ? undefined : optional(read)(value, place));
}

/** An object with these members and no other: for what we wrote ourselves. */
export function exactly<T extends object>(members: Members<T>): Read<T> {
  const read = atLeast(members);
  return (value, place) => {
    const unknown = Object.keys(anyObject(value, place)).some((name) => !Object.hasOwn(members, name));
    if (unknown) throw new ShapeError(place, `an object with no members but ${Object.keys(members).join(', ')}`);
    return read(value, place);
  };
}

/** An object with these members, others are dropped: for what a service answered, which may gain members at any time. */
export function atLeast<T extends object>(members: Members<T>): Read<T> {
  return (value, place) => {
    const given = anyObject(value, place);
    const read: Partial<T> = {};
    for (const name in members) {
      const member = Object.hasOwn(given, name) ? given[name] : undefined;
      const result = members[name](member, place === '' ? name : `${place}.${name}`);
      if (result !== undefined) read[name] = result;
    }
    // Every reader has run, so no required member is missing.
    return read as T;
  };
}

/** A string of JSON: a setting in an environment variable. */
export function jsonOf<T>(read: Read<T>): Read<T> {
  return (value, place) => read(parseJson(text(value, place), place), place);
}

function parseJson(json: string, place: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new ShapeError(place, 'JSON');
  }
}

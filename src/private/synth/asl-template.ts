import { AslObject } from './asl';

/**
 * How a state writes a `T` into `Parameters`, `ResultSelector` or a payload: every member under its name, or under its name with `.$` as a path or an
 * intrinsic function. `satisfies AslTemplate<T>` refuses a member that is missing or misspelt, a `.$` without a path, and, in an object that is
 * written out, a member that is made up. It cannot tell a text from a path whose `.$` was forgotten. No optional members, no lists.
 */
export type AslTemplate<T> = string extends keyof T ? AslObject : AllOf<{ [K in keyof T & string]: Member<K, T[K]> }>;

type Member<K extends string, V> = { readonly [Name in K]: Written<V> } | { readonly [Name in `${K}.$`]: Computed };

/** A path into the input, a variable or the context object, or an intrinsic function. */
type Computed = `$${string}` | `States.${string}`;

type Written<V> = V extends string | number | boolean | null ? V : AslTemplate<V>;

/** What has the shape of each of the members: their intersection. */
type AllOf<M> = { [K in keyof M]: (member: M[K]) => void }[keyof M] extends (all: infer All) => void ? All : never;

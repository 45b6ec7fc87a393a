import { AslObject } from './asl';

/**
 * How a state writes a `T` into `Parameters`, `ResultSelector` or a payload: every member under its name, or under its name with `.$` as a path or an
 * intrinsic function. So `satisfies AslTemplate<T>` says that nothing of the contract is missing, misspelt or made up.
 */
export type AslTemplate<T> = string extends keyof T ? AslObject : AllOf<{ [K in keyof T & string]: Member<K, T[K]> }>;

type Member<K extends string, V> = { readonly [Name in K]: Written<V> } | { readonly [Name in `${K}.$`]: string };

type Written<V> = V extends string | number | boolean | null ? V : AslTemplate<V>;

/** What has the shape of each of the members: their intersection. */
type AllOf<M> = { [K in keyof M]: (member: M[K]) => void }[keyof M] extends (all: infer All) => void ? All : never;

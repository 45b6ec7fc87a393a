/**
 * What the operations of a service take, as short texts. A type is `s` string, `n` number, `b` boolean, `t` timestamp, `x` binary data, `d` any JSON,
 * `[` and the type of the items of a list, `{` and that of the values of a map, or `#` and the name of a shape. `!` before it: the member is required.
 */
export interface SdkModel {
  /** Operations with the types of their requests; empty for those without one. */
  readonly operations: Readonly<Record<string, string>>;
  /** Structures and unions with the types of their members, whose names begin with a capital. */
  readonly shapes: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Members of answers that are dates, with a capital at the beginning. */
  readonly dates: readonly string[];
}

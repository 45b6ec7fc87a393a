/** Numbers that the sentences of a page tell. */
export interface ToldNumbers {
  /** From the root of the repository. */
  readonly page: string;
  /** Parts of sentences, each written from values of the code: when a value changes, the page does not have its sentence any more. */
  readonly fromCode: readonly string[];
  /** Parts of sentences with numbers that are not ours, each with its source. */
  readonly fromOutside: Readonly<Record<string, string>>;
}

/** `200,000`. */
export function count(number: number): string {
  return number.toLocaleString('en-US');
}

/** Options of `QueryParameter.text`. */
export interface TextQueryParameterOptions {
  /**
   * Longest text, in characters, from 1 to 511: Athena takes 1,024 characters for a literal, of which a quote takes two.
   *
   * @default 511
   */
  readonly maxLength?: number;
}

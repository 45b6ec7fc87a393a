import { MongoFilterBinding } from './binding';
import { ejsonFilter } from './ejson-filter';

/** Which documents are read, in MongoDB's own language. */
export class MongoFilter {
  /**
   * A filter as EJSON text.
   *
   * Choose it whenever a run reads less than the whole collection. Without a filter, every document is read.
   *
   * A text that is exactly `$$name` stands for the value of the run parameter of that name, wherever a value is allowed. The value is bound with its
   * type and never becomes part of the text. Write types that JSON lacks as EJSON does: `{ "$date": "2026-11-24T00:00:00Z" }`,
   * `{ "$numberLong": "9007199254740993" }`, `{ "$oid": "…" }`. Code (`$where`, `$function`) is refused.
   *
   * @example
   * MongoFilter.ejson('{ "runDate": { "$gte": "$$date_begin", "$lt": "$$date_end" }, "status": null }');
   */
  public static ejson(text: string): MongoFilter {
    return new MongoFilter(ejsonFilter(text));
  }

  /** @internal */
  public readonly _binding: MongoFilterBinding;

  private constructor(binding: MongoFilterBinding) {
    this._binding = binding;
  }
}

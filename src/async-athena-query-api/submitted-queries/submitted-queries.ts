import { anySql } from './any-sql';
import { SubmittedQueriesBinding } from './binding';
import { named } from './named';
import { NamedQuery } from './named-query';
import { NamedQueriesOptions } from './submitted-queries-options';
import { checkOptions, choice, map, OptionKinds } from '../../private/synth/option-kinds';

const NAMED_KINDS: OptionKinds<NamedQueriesOptions> = { queries: map(choice(NamedQuery)) };

/** What callers may submit. */
export class SubmittedQueries {
  /**
   * Any SQL that Athena runs, as far as the rights of the query role go.
   *
   * Choose this, the default, where callers are trusted with all that the query role may do, such as analysts.
   *
   * @example
   * new AsyncAthenaQueryApi(this, 'Queries', { submittedQueries: SubmittedQueries.anySql() });
   */
  public static anySql(): SubmittedQueries {
    return new SubmittedQueries(anySql());
  }

  /**
   * The listed queries only: callers send `QueryName` and `Parameters`, and never SQL.
   *
   * Choose this where the questions are known and callers must not read anything else, such as customers or other teams. To change a query is a deployment.
   *
   * @example
   * new AsyncAthenaQueryApi(this, 'Queries', {
   *   submittedQueries: SubmittedQueries.named({
   *     queries: {
   *       daily_sales: NamedQuery.of({ sql: 'SELECT * FROM orders WHERE day = :day', parameters: { day: QueryParameter.date() } }),
   *     },
   *   }),
   * });
   */
  public static named(options: NamedQueriesOptions): SubmittedQueries {
    return new SubmittedQueries(named(checkOptions('SubmittedQueries.named', options, NAMED_KINDS)));
  }

  /** @internal */
  public readonly _binding: SubmittedQueriesBinding;

  private constructor(binding: SubmittedQueriesBinding) {
    this._binding = binding;
  }
}

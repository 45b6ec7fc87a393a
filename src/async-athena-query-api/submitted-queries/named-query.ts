import { Token } from 'aws-cdk-lib';
import { QueryParameterBinding } from './binding';
import { positionalSql, PositionalSql } from './positional-sql';
import { QueryParameter } from './query-parameter';
import type { NamedQueryOptions } from './submitted-queries-options';
import { choice, checkOptions, map, optional, OptionKinds, text } from '../../private/synth/option-kinds';
import { checkText, InvalidPropError, refuseToken } from '../../private/synth/validation';
import { MAX_QUERY_LENGTH } from '../contracts/submit-query';

const KINDS: OptionKinds<NamedQueryOptions> = { sql: text, parameters: optional(map(choice(QueryParameter))) };

/** A query that callers run by its name. */
export class NamedQuery {
  /**
   * A statement with parameters.
   *
   * Choose one for each question that callers ask. What differs from request to request is a parameter; another table or another order is another query.
   *
   * @example
   * NamedQuery.of({
   *   sql: 'SELECT product, sum(amount) AS total FROM orders WHERE day = :day GROUP BY product',
   *   parameters: { day: QueryParameter.date() },
   * });
   */
  public static of(options: NamedQueryOptions): NamedQuery {
    const { sql, parameters = {} } = checkOptions('NamedQuery.of', options, KINDS);
    const what = 'sql of NamedQuery.of';
    refuseToken(what, Token.isUnresolved(sql), 'its parameters are found in it; write names of tables out, and choose the database by `database`');
    if (sql.length > MAX_QUERY_LENGTH) throw new InvalidPropError(what, `${sql.length} characters`, `up to ${MAX_QUERY_LENGTH} characters`, 'make a view of a part of it');
    for (const name of Object.keys(parameters)) {
      checkText('every name in parameters of NamedQuery.of', name, /^[A-Za-z_][A-Za-z0-9_]{0,63}$/, '1 to 64 letters, digits and _, the first no digit', 'rename it, in the SQL too');
    }
    const bindings = Object.fromEntries(Object.entries(parameters).map(([name, { _binding }]) => [name, _binding]));
    return new NamedQuery(positionalSql(what, sql, Object.keys(parameters)), bindings);
  }

  /** @internal */
  public readonly _statement: PositionalSql;
  /** @internal */
  public readonly _parameters: Readonly<Record<string, QueryParameterBinding>>;

  private constructor(statement: PositionalSql, parameters: Readonly<Record<string, QueryParameterBinding>>) {
    this._statement = statement;
    this._parameters = parameters;
  }
}

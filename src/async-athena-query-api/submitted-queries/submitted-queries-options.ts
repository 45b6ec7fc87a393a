import { NamedQuery } from './named-query';
import { QueryParameter } from './query-parameter';

/** Options of `SubmittedQueries.named`. */
export interface NamedQueriesOptions {
  /** The queries by their names, of 1 to 64 letters, digits, `_` and `-`: what callers write as `QueryName`. */
  readonly queries: { [name: string]: NamedQuery };
}

/** Options of `NamedQuery.of`. */
export interface NamedQueryOptions {
  /**
   * One statement of Athena's SQL, known at synthesis, of up to 200,000 characters. `:name` stands for the parameter of that name, wherever a literal may
   * stand in a `WHERE` clause; within texts, quoted names and comments it stands for itself. Only SELECT, INSERT INTO, CREATE TABLE AS and UNLOAD take
   * parameters.
   */
  readonly sql: string;

  /**
   * The parameters by their names, of 1 to 64 letters, digits and `_`, the first no digit. Every request gives a value to each.
   *
   * @default - the SQL takes no parameters
   */
  readonly parameters?: { [name: string]: QueryParameter };
}

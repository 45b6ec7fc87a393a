import { JsonSchema } from 'aws-cdk-lib/aws-apigateway';

/** Whether queries have execution parameters: Athena refuses an empty list of them, so the workflow has to know. */
export type WithParameters = 'NEVER' | 'SOMETIMES' | 'ALWAYS';

/** What may be submitted. */
export interface SubmittedQueriesBinding {
  /** Members of a request that say what to run, for the request model. */
  readonly model: Required<Pick<JsonSchema, 'required' | 'properties'>> & Pick<JsonSchema, 'anyOf'>;
  /** The same in words, for the answer to a request that the model refuses. */
  readonly inWords: string;
  /** The same for the description of the API. */
  readonly described: DescribedQueries;
  /** Parts of the mapping template. They render text that stands within a JSON string. */
  readonly template: QueryTemplate;
  readonly withParameters: WithParameters;
  /** Names of queries that are no SELECT, as far as that is known at synthesis: they have no other format than CSV. */
  readonly noSelect: readonly string[];
}

/** What callers are told of the members that say what to run. */
export interface DescribedQueries {
  /** What can be run, in a sentence. */
  readonly request: string;
  /** What each member is. */
  readonly members: Readonly<Record<string, string>>;
  /** The member by whose one value each `anyOf` of the model differs from the others; absent without `anyOf`. */
  readonly variantsBy?: string;
}

export interface QueryTemplate {
  /** Sets what the parts below use; renders nothing. */
  readonly setUp: string;
  /** Renders the SQL as a JSON text. */
  readonly query: string;
  /** The same where the SQL stands within other SQL: without a semicolon at its end, as far as that is known at synthesis. */
  readonly inner: string;
  /** Members of `Statement` in the execution's input, with commas between them; empty where there are none. */
  readonly statement: string;
}

/** How a parameter is checked and written as a literal of Athena. */
export interface QueryParameterBinding {
  readonly schema: JsonSchema;
  /** Renders the literal as a JSON text within a JSON string, or what is no JSON if the value is not of the type. */
  literal(parameter: string): string;
}

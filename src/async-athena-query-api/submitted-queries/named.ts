import { JsonSchema, JsonSchemaType } from 'aws-cdk-lib/aws-apigateway';
import { SubmittedQueriesBinding, WithParameters } from './binding';
import { constant, given, NO_VALUE } from './mapping';
import type { NamedQuery } from './named-query';
import { isSelect, withoutSemicolon } from './sql-tokens';
import type { NamedQueriesOptions } from './submitted-queries-options';
import { checkText, InvalidPropError } from '../../private/synth/validation';

/** The SQL stands in the request template: callers name it, and never write any. */
export function named({ queries }: NamedQueriesOptions): SubmittedQueriesBinding {
  const entries = sorted(queries);
  if (entries.length === 0) throw new InvalidPropError('queries of SubmittedQueries.named', {}, 'at least one query', 'add one, or use SubmittedQueries.anySql()');
  for (const [name] of entries) {
    checkText('every name in queries of SubmittedQueries.named', name, /^[A-Za-z0-9_-]{1,64}$/, '1 to 64 letters, digits, _ and -', 'rename it');
  }
  return {
    model: {
      required: ['QueryName'],
      properties: { QueryName: { type: JsonSchemaType.STRING }, Parameters: { type: JsonSchemaType.OBJECT } },
      anyOf: entries.map(([name, query]) => requestOf(name, query)),
    },
    inWords: 'QueryName, the name of a query, Parameters, an object with exactly the parameters of that query, each of its type',
    described: {
      members: { QueryName: 'The name of the query to run.', Parameters: 'A value for each parameter of that query.' },
      request: 'One of the queries that this API runs, by its name.',
      variantsBy: 'QueryName',
    },
    template: {
      setUp: given('queryName', 'QueryName'),
      query: byName(entries, ({ _statement: { sql } }) => constant(sql)),
      inner: byName(entries, ({ _statement: { sql } }) => constant(withoutSemicolon(sql))),
      statement: byName(entries, statementOf),
    },
    withParameters: withParameters(entries.map(([, query]) => query)),
    noSelect: entries.filter(([, { _statement: { sql } }]) => !isSelect(sql)).map(([name]) => name),
  };
}

/** By their names: some languages hand over a map in the order of its making, others sorted. */
function sorted<T>(map: Readonly<Record<string, T>>): [name: string, value: T][] {
  return Object.keys(map).sort().map((name) => [name, map[name]]);
}

/** What a request of one query looks like. */
function requestOf(name: string, { _parameters }: NamedQuery): JsonSchema {
  const parameters = sorted(_parameters);
  const names = parameters.map(([parameter]) => parameter);
  const properties = Object.fromEntries(parameters.map(([parameter, { schema }]) => [parameter, schema]));
  return {
    // Draft 4 knows no empty list of required members.
    required: names.length === 0 ? ['QueryName'] : ['QueryName', 'Parameters'],
    properties: {
      QueryName: { enum: [name] },
      Parameters: { type: JsonSchemaType.OBJECT, additionalProperties: false, properties, ...(names.length > 0 && { required: names }) },
    },
  };
}

function statementOf({ _statement: { parameters }, _parameters }: NamedQuery, name: string): string {
  const literals = parameters.map((parameter) => _parameters[parameter].literal(parameter));
  return `\\"QueryName\\":${constant(name)}${literals.length === 0 ? '' : `,\\"ExecutionParameters\\":[${literals.join(',')}]`}`;
}

function byName(entries: readonly (readonly [string, NamedQuery])[], rendered: (query: NamedQuery, name: string) => string): string {
  const branches = entries.map(([name, query], index) => `#${index === 0 ? 'if' : 'elseif'}($queryName == '${name}')${rendered(query, name)}`);
  return `${branches.join('')}#{else}${NO_VALUE}#end`;
}

function withParameters(queries: readonly NamedQuery[]): WithParameters {
  const having = queries.filter(({ _statement: { parameters } }) => parameters.length > 0).length;
  if (having === 0) return 'NEVER';
  return having === queries.length ? 'ALWAYS' : 'SOMETIMES';
}

/** An OpenAPI document for the docs: of an API with named queries, a choice of databases and public keys. */
import { App, Stack } from 'aws-cdk-lib';
import { AsyncAthenaQueryApi, CallbackPolicy, NamedQuery, QueryParameter, SigningKeys, SubmittedQueries } from '../../../src';

export const OPENAPI_EXAMPLE = 'docs/async-athena-query-api/openapi.json';

/** Where no API is. */
const SERVER = 'https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/prod';

/** The text of the file. */
export function openApiExample(): string {
  const { openApi } = new AsyncAthenaQueryApi(new Stack(new App({ treeMetadata: false }), 'Example'), 'Queries', {
    databases: ['sales', 'archive'],
    database: 'sales',
    callbackPolicy: CallbackPolicy.hosts({ hosts: ['hooks.example.com'] }),
    signingKeys: SigningKeys.ed25519(),
    submittedQueries: SubmittedQueries.named({
      queries: {
        daily_sales: NamedQuery.of({
          sql: 'SELECT product, sum(amount) AS total FROM orders WHERE day = :day AND amount >= :least GROUP BY product',
          parameters: { day: QueryParameter.date(), least: QueryParameter.decimalNumber() },
        }),
        products: NamedQuery.of({ sql: 'SELECT DISTINCT product FROM orders' }),
      },
    }),
  });
  return `${JSON.stringify({ ...JSON.parse(openApi), servers: [{ url: SERVER }] }, undefined, 2)}\n`;
}

import { RequestModel } from '../../../local/apigateway/request-model';
import { NamedQuery, SubmittedQueries } from '../../../src';
import { MAX_MODEL_SIZE } from '../../../src/async-athena-query-api/api/submit-route';
import { synth } from '../../support/synth-queries';
import { only } from '../../support/template';

/** So short that the model of the queries, with all their names, is full before the template is. */
const SHORT = NamedQuery.of({ sql: 'SELECT 1' });

/** How long the schema is of a model of so many queries. */
function lengthOf(count: number): number {
  const queries = Object.fromEntries(Array.from({ length: count }, (_, index) => [`q${10_000 + index}`, SHORT]));
  const { template } = synth(() => ({ submittedQueries: SubmittedQueries.named({ queries }) }));
  return JSON.stringify(only(template, 'AWS::ApiGateway::Model').Properties?.Schema).length;
}

test('named queries that do not fit into the request model are refused, and those that do are not', () => {
  const [ten, twenty] = [10, 20].map(lengthOf);
  const most = 10 + Math.floor((MAX_MODEL_SIZE - ten) / ((twenty - ten) / 10));
  expect(lengthOf(most - 5)).toBeLessThanOrEqual(MAX_MODEL_SIZE);
  expect(() => lengthOf(most + 5)).toThrow('submittedQueries must be queries that fit into a model of 409600 bytes');
});

test('the local API Gateway refuses a model that is too large', () => {
  const schema = { type: 'object', description: 'x'.repeat(MAX_MODEL_SIZE) };
  expect(() => new RequestModel('Large', 'application/json', schema)).toThrow('at most 409600 are allowed');
});

import { RequestModel } from '../../../local/apigateway/request-model';
import { expectObject, JsonObject, JsonValue } from '../../../local/json';
import { NamedQuery, SubmittedQueries } from '../../../src';
import { MAX_MODEL_SIZE } from '../../../src/async-athena-query-api/api/submit-route';
import { synth } from '../../support/synth-queries';
import { only } from '../../support/template';

/** So short that the model of the queries, with all their names, is full before the template is. */
const SHORT = NamedQuery.of({ sql: 'SELECT 1' });

function modelOf(count: number): JsonObject {
  const queries = Object.fromEntries(Array.from({ length: count }, (_, index) => [`q${10_000 + index}`, SHORT]));
  const { template } = synth(() => ({ submittedQueries: SubmittedQueries.named({ queries }) }));
  const schema: JsonValue = only(template, 'AWS::ApiGateway::Model').Properties?.Schema;
  return expectObject(schema, 'the schema');
}

test('named queries that do not fit into the request model are refused, and those that do are not', () => {
  const [ten, twenty] = [10, 20].map((count) => JSON.stringify(modelOf(count)).length);
  const most = 10 + Math.floor((MAX_MODEL_SIZE - ten) / ((twenty - ten) / 10));
  expect(JSON.stringify(modelOf(most - 5)).length).toBeLessThanOrEqual(MAX_MODEL_SIZE);
  expect(() => modelOf(most + 5)).toThrow('submittedQueries must be queries that fit into a model of 409600 bytes');
});

test('the local API Gateway refuses a model that is too large', () => {
  const schema = { type: 'object', description: 'x'.repeat(MAX_MODEL_SIZE) };
  expect(() => new RequestModel('Large', 'application/json', schema)).toThrow('at most 409600 are allowed');
});

/** A request fits the document exactly if it fits the model that checks requests. */
import Ajv from 'ajv';
import Ajv2020 from 'ajv/dist/2020';
import { Stack } from 'aws-cdk-lib';
import { JsonSchema, JsonSchemaType } from 'aws-cdk-lib/aws-apigateway';
import { EventBus } from 'aws-cdk-lib/aws-events';
import fc from 'fast-check';
import { RequestModel } from '../../../local/apigateway/request-model';
import { JsonValue } from '../../../local/json';
import { AsyncAthenaQueryApiProps, CallbackPolicy, NamedQuery, QueryAnnouncement, QueryParameter, SubmittedQueries } from '../../../src';
import { fromDraft4 } from '../../../src/async-athena-query-api/open-api/draft4';
import { DescribedApi } from '../../support/described-api';
import { fcRuns } from '../../support/fc-runs';
import { synth } from '../../support/synth-queries';
import { only } from '../../support/template';

const KINDS: Record<string, (stack: Stack) => AsyncAthenaQueryApiProps> = {
  'any SQL': () => ({}),
  'named queries with an optional callback': (stack) => ({
    announcements: [QueryAnnouncement.eventBus({ bus: EventBus.fromEventBusName(stack, 'Bus', 'bus') })],
    callbackPolicy: CallbackPolicy.hosts({ hosts: ['hooks.example.com'] }),
    databases: ['sales', 'scratch'],
    submittedQueries: SubmittedQueries.named({
      queries: {
        day: NamedQuery.of({ sql: 'SELECT 1 WHERE d = :day AND n > :least', parameters: { day: QueryParameter.date(), least: QueryParameter.integer() } }),
        name: NamedQuery.of({ sql: 'SELECT 1 WHERE n = :name', parameters: { name: QueryParameter.text({ maxLength: 3 }) } }),
        all: NamedQuery.of({ sql: 'SELECT 1' }),
      },
    }),
  }),
};

/** Values of which some fit somewhere. */
const value: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.constantFrom<JsonValue>('', 'SELECT 1', 'day', 'name', 'all', 'sales', 'scratch', '2026-01-31', '2026-02-30', 'abc', 'abcd', 1, -2, 1.5, true, null, [], {}, 2 ** 53),
  fc.constantFrom('https://hooks.example.com/x', 'https://HOOKS.example.com:443', 'https://other.example.com/', 'http://hooks.example.com/', 'https://10.0.0.1/', 'https://hooks.example.com/😀'),
  fc.string({ unit: 'binary', maxLength: 4 }),
);
const member = (good: fc.Arbitrary<JsonValue>) => (
  fc.option(fc.oneof({ weight: 6, arbitrary: good }, { weight: 1, arbitrary: value }), { nil: undefined, freq: 6 })
);
const parameters = fc.oneof(
  fc.constantFrom<JsonValue>({ day: '2026-01-31', least: 1 }, { name: 'abc' }, {}, { day: '2026-01-31' }, { name: 'abcd' }, { day: '2026-01-31', least: 1, name: '' }),
  fc.dictionary(fc.constantFrom('day', 'least', 'name', 'other'), value),
);
const seldom = fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
const request = fc.record({
  Query: seldom,
  QueryName: member(fc.constantFrom('day', 'name', 'all')),
  Parameters: member(parameters),
  CallbackUrl: member(fc.constant('https://hooks.example.com/x')),
  ClientReference: member(fc.string({ minLength: 1, maxLength: 129 })),
  IdempotencyKey: member(fc.constant('a-1')),
  Database: member(fc.constantFrom('sales', 'scratch')),
  Other: seldom,
}, { requiredKeys: [] });

/** Some that fit one of them, and one that fits none. */
const EXAMPLES = [{ QueryName: 'all' }, { QueryName: 'name', Parameters: { name: 'abc' } }, { Query: 'SELECT 1', CallbackUrl: 'https://hooks.example.com/x' }, {}];

test.each(Object.entries(KINDS))('%s', (_, props) => {
  const { queries: { openApi }, template } = synth(props);
  const schema: JsonValue = JSON.parse(JSON.stringify(only(template, 'AWS::ApiGateway::Model').Properties.Schema));
  const model = new RequestModel('SubmitQuery', 'application/json', schema);
  const described = new DescribedApi(openApi);
  const seen = new Set<boolean>();
  const holds = (body: object) => {
    const text = JSON.stringify(body);
    const fits = model.errors(text) === undefined;
    seen.add(fits);
    expect({ text, fits: described.requestFaults('SubmitQuery', JSON.parse(text)).length === 0 }).toEqual({ text, fits });
  };
  EXAMPLES.forEach(holds);
  fc.assert(fc.property(fc.oneof(request, fc.record({ Query: fc.constant('SELECT 1'), CallbackUrl: value })), holds), { numRuns: fcRuns(1_000) });
  expect([...seen].sort()).toEqual([false, true]);
});

test('bounds that draft 4 marks as exclusive are so in 2020-12', () => {
  const model: JsonSchema = { type: JsonSchemaType.NUMBER, minimum: 1, exclusiveMinimum: true, maximum: 5, exclusiveMaximum: false };
  const schema = fromDraft4({ type: JsonSchemaType.ARRAY, items: model });
  expect(JSON.parse(JSON.stringify(schema))).toEqual({ type: 'array', items: { type: 'number', exclusiveMinimum: 1, maximum: 5 } });
  const fits = new Ajv2020().compile(schema);
  expect([[1], [1.5], [5], [5.5]].map((list) => fits(list))).toEqual([false, true, true, false]);
});

test('a keyword that nothing was said about is refused', () => {
  expect(() => fromDraft4({ not: { dependencies: {} } })).toThrow('dependencies');
  expect(() => fromDraft4({ items: [{}] })).toThrow('a list of items');
});

test('what means the same in both drafts stays as it is', () => {
  const leaf = fc.record({ minLength: fc.nat(3), maxLength: fc.nat(6), pattern: fc.constantFrom('^a', 'b$'), minimum: fc.integer({ min: -3, max: 3 }) }, { requiredKeys: [] });
  const schema = fc.letrec<{ schema: JsonSchema }>((tie) => ({
    schema: fc.oneof({ maxDepth: 3 }, leaf, fc.record({
      required: fc.uniqueArray(fc.constantFrom('a', 'b'), { minLength: 1 }),
      properties: fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('schema')),
      additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
      anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }),
      not: tie('schema'),
    }, { requiredKeys: [] })),
  })).schema;
  const values = fc.oneof(fc.string({ maxLength: 7 }), fc.integer({ min: -5, max: 5 }), fc.dictionary(fc.constantFrom('a', 'b', 'd'), fc.oneof(fc.string({ maxLength: 3 }), fc.integer())));
  fc.assert(fc.property(schema, values, (model, candidate) => {
    expect(new Ajv2020({ strict: false }).validate(fromDraft4(model), candidate)).toBe(new Ajv({ strict: false }).validate(model, candidate));
  }), { numRuns: fcRuns(200) });
});

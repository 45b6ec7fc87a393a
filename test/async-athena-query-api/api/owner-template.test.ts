/** Owners that a function of the user's names: any text, or none. */
import { AuthorizationType } from 'aws-cdk-lib/aws-apigateway';
import * as fc from 'fast-check';
import { MappingTemplate } from '../../../local/apigateway/vtl/mapping-template';
import { manageTemplate } from '../../../src/async-athena-query-api/api/manage-template';
import { requestTemplate } from '../../../src/async-athena-query-api/api/request-template';
import { parseEvent } from '../../../src/async-athena-query-api/management/function/parse-event';
import { authorizerAccess } from '../../../src/async-athena-query-api/submit-access/authorizer';
import { anySql } from '../../../src/async-athena-query-api/submitted-queries/any-sql';

const { caller: CALLER } = authorizerAccess({ authorizer: { authorizerId: 'a', authorizationType: AuthorizationType.CUSTOM } });
const MACHINE = 'arn:aws:states:eu-west-1:111122223333:stateMachine:Workflow-x1';
const REQUEST = { Query: 'SELECT 1', CallbackUrl: 'https://hooks.example.com/x' };

/** `$context.authorizer`. */
type Authorizer = Readonly<Record<string, string>>;

const render = (template: string, body: object, authorizer: Authorizer) => JSON.parse(new MappingTemplate(template).render({
  body: JSON.stringify(body),
  parameters: { path: { QueryId: 'q' }, querystring: {}, header: {} },
  context: { path: '/prod/queries', authorizer },
  stageVariables: {},
}).text);
const SUBMISSION = requestTemplate(MACHINE, CALLER, anySql().template);
const submit = (authorizer: Authorizer, more: object = {}) => render(SUBMISSION, { ...REQUEST, ...more }, authorizer);
const look = (authorizer: Authorizer) => render(manageTemplate('GetQuery', CALLER), {}, authorizer);

const awkward = ['\'', '"', '\\', '\\\'', '\\"', '\n', '\t', '/', '$', '#', '${owner}', '#end', '"},"Extra":{"', '\\u0022', '\u2028', '|', '@'];
const piece = fc.oneof(fc.string({ unit: 'binary', maxLength: 1 }), fc.constantFrom(...awkward));
const ids = fc.array(piece, { minLength: 1 }).map((pieces) => pieces.join(''));

test('whatever the id is, it is the owner, and nothing else comes of it', () => {
  fc.assert(fc.property(ids.filter((id) => /[^\u0000- ]/.test(id)), (principalId) => {
    const { input, ...call } = submit({ principalId });
    expect(call).toEqual({ stateMachineArn: MACHINE });
    expect(JSON.parse(input)).toEqual({ ApiRequest: REQUEST, Caller: { Id: principalId } });
    expect(look({ principalId })).toEqual({ contract: 1, Operation: 'GetQuery', QueryId: 'q', Caller: { Id: principalId, Arn: '' } });
  }));
});

test.each<[string, Authorizer]>([
  ['there is none', {}],
  ['it is empty', { principalId: '' }],
  ['it is blank', { principalId: ' \t\n' }],
])('without an id nothing is asked that a service would do: %s', (_name, authorizer) => {
  expect(submit(authorizer)).toEqual({});
  expect(submit(authorizer, { IdempotencyKey: 'order-17' })).toEqual({});
  expect(look(authorizer)).toEqual({});
  expect(() => parseEvent(look(authorizer))).toThrow(expect.objectContaining({ answer: expect.objectContaining({ StatusCode: 500 }) }));
});

test.each([
  ['1e4f7d3c-9d1e-4c58-8a0b-2b6a3c2d5a0f', '1e4f7d3c-9d1e-4c58-8a0b-2b6a3c2d5a0f_order-17'],
  ['alice_order', '?'],
  ['a'.repeat(37), '?'],
  ['alice\n', '?'],
  ['auth0|17', '?'],
])('an idempotency key is joined to an id that fits: %j', (principalId, name) => {
  expect(submit({ principalId }, { IdempotencyKey: 'order-17' }).name).toBe(name);
});

import * as fc from 'fast-check';
import { MappingTemplate, RenderedTemplate } from '../../../local/apigateway/vtl/mapping-template';
import { assertName } from '../../../local/stepfunctions/api/request';
import {
  acceptedTemplate, failedTemplate, refusedTemplate, requestTemplate, tooLargeTemplate,
} from '../../../src/async-athena-query-api/api/request-template';
import { IDEMPOTENCY_KEY, IDEMPOTENT_CALLER } from '../../../src/async-athena-query-api/contracts/submit-query';
import { iamAccess } from '../../../src/async-athena-query-api/submit-access/iam';
import { QueryOwnership } from '../../../src/async-athena-query-api/submit-access/submit-access-options';
import { anySql } from '../../../src/async-athena-query-api/submitted-queries/any-sql';

const { caller: CALLER } = iamAccess({});
const SESSIONS = iamAccess({ ownership: QueryOwnership.SESSION }).caller;
const MACHINE = 'arn:aws:states:eu-west-1:111122223333:stateMachine:Workflow-x1';
/** Room in the execution input for what Athena answers. */
const HEADROOM = 32_768;

interface Circumstances {
  readonly path?: string;
  /** `$context.identity.caller`. */
  readonly caller?: string;
}

function render(
  template: string, body: object, { path = '/prod/queries', caller = 'AROAEXAMPLE:session' }: Circumstances = {},
): RenderedTemplate {
  const parameters = { path: {}, querystring: {}, header: {} };
  const context = { path, identity: { caller } };
  return new MappingTemplate(template).render({ body: JSON.stringify(body), parameters, context, stageVariables: {} });
}

describe('the call of Step Functions', () => {
  const call = (body: object, caller?: string, template = CALLER): { stateMachineArn: string; name?: string; input: string } => (
    JSON.parse(render(requestTemplate(MACHINE, template, anySql().template), body, { caller }).text)
  );

  test('has exactly the request, whatever is in it, and the state machine', () => {
    const awkward = ['\'', '"', '\\', '\\\'', '\n', '\t', '/', '$', '#', '${x}', '#if', '\u2028'];
    const character = fc.oneof(fc.string({ unit: 'binary', maxLength: 1 }), fc.constantFrom(...awkward));
    const words = fc.array(character).map((pieces) => pieces.join(''));
    const reference = fc.option(words.filter((text) => text !== ''), { nil: undefined });
    fc.assert(fc.property(words, words, reference, (Query, CallbackUrl, ClientReference) => {
      const request = { Query, CallbackUrl, ...(ClientReference !== undefined && { ClientReference }) };
      const { input, ...rest } = call(request);
      expect(rest).toEqual({ stateMachineArn: MACHINE });
      expect(JSON.parse(input)).toEqual({ ApiRequest: request, Caller: { Id: 'AROAEXAMPLE' } });
    }));
  });

  const REQUEST = { Query: 'SELECT 1', CallbackUrl: 'https://hooks.example.com/x' };

  test.each([
    ['AROAEXAMPLE:session', CALLER, 'AROAEXAMPLE'], ['AROAEXAMPLE:other@example.com', CALLER, 'AROAEXAMPLE'], ['AIDAEXAMPLE', CALLER, 'AIDAEXAMPLE'],
    ['111122223333:bob', CALLER, '111122223333:bob'], ['111122223333', CALLER, '111122223333'],
    ['AROAEXAMPLE:session', SESSIONS, 'AROAEXAMPLE:session'], ['AIDAEXAMPLE', SESSIONS, 'AIDAEXAMPLE'],
  ])('says who asks: %s', (caller, template, expected) => {
    expect(JSON.parse(call(REQUEST, caller, template).input).Caller).toEqual({ Id: expected });
  });

  test('names the execution by the owner and the key, and does not put the key into the input', () => {
    const body = { ...REQUEST, IdempotencyKey: 'order-17' };
    for (const caller of ['AROAEXAMPLE:one', 'AROAEXAMPLE:two']) {
      const { name, input } = call(body, caller);
      expect(name).toBe('AROAEXAMPLE_order-17');
      expect(JSON.parse(input).ApiRequest).toEqual(REQUEST);
    }
  });

  test.each(['AROAEXAMPLE:session', 'a_b', 'x'.repeat(37)])('gives no name that Step Functions takes to a caller whose id cannot be part of one: %s', (caller) => {
    const name = call({ ...REQUEST, IdempotencyKey: 'order-17' }, caller, SESSIONS).name;
    expect(name).toBe('?');
    expect(() => assertName(name ?? '')).toThrow(/Invalid Name/);
  });

  test('no two owners and keys make one name', () => {
    const id = fc.stringMatching(new RegExp(`^${IDEMPOTENT_CALLER}$`));
    const key = fc.stringMatching(new RegExp(`^${IDEMPOTENCY_KEY}$`));
    fc.assert(fc.property(fc.tuple(id, key), fc.tuple(id, key), (one, other) => {
      const [first, second] = [one, other].map(([caller, IdempotencyKey]) => call({ ...REQUEST, IdempotencyKey }, caller).name);
      expect(first === second).toBe(one[0] === other[0] && one[1] === other[1]);
      expect(first?.length).toBeLessThanOrEqual(80);
    }));
  });

  test('keeps 32 KiB of the input free, whatever the length of the SQL', () => {
    for (const length of [1, 1000, 200_000]) {
      const { input } = call({ Query: 'x'.repeat(length), CallbackUrl: 'https://hooks.example.com/x' });
      expect(Buffer.byteLength(input) - Buffer.byteLength(input.trimEnd())).toBe(HEADROOM);
    }
  });

  test('fits into an execution for the longest SQL of plain characters and the longest URL', () => {
    const { input } = call({ Query: 'x'.repeat(200_000), CallbackUrl: `https://hooks.example.com/${'y'.repeat(2_022)}` });
    expect(Buffer.byteLength(input)).toBeLessThan(262_144);
  });
});

describe('the answer to an accepted request', () => {
  const id = '0b8f6d9e-4a57-4c1f-9d55-3f3c0d6a1e10';
  const body = { executionArn: `arn:aws:states:eu-west-1:111122223333:execution:Workflow-x1:${id}`, startDate: 1795507200 };

  test.each([['/prod/queries', `/prod/queries/${id}`], ['/prod/queries/', `/prod/queries/${id}`], ['/base/queries', `/base/queries/${id}`]])(
    'is the name of the execution, and nothing of the account; it is found below %s', (path, location) => {
      const { text, overrides } = render(acceptedTemplate({ managed: true }), body, { path });
      expect(JSON.parse(text)).toEqual({ QueryId: id });
      expect(overrides.response.status).toBeUndefined();
      expect([...overrides.response.header]).toEqual([['Location', location]]);
    },
  );

  test('has no place where queries cannot be looked at', () => {
    expect([...render(acceptedTemplate({ managed: false }), body).overrides.response.header]).toEqual([]);
  });
});

describe('the answer to a key that was used', () => {
  const message = 'Execution Already Exists: \'arn:aws:states:eu-west-1:111122223333:execution:Stack_Queries-x_1:AROAEXAMPLE_order-17\'';

  test.each([
    message.replace('AROAEXAMPLE_', ''), message.replace(/'/g, '').replace(':AROAEXAMPLE', '/AROAEXAMPLE'), '', `${message}\n`.replace('order', 'or\nder'),
  ])('says nothing of the account where Step Functions chooses other words: %j', (words) => {
    const { text } = render(refusedTemplate({ managed: true }), { __type: 'ExecutionAlreadyExists', message: words });
    expect(JSON.parse(text)).toEqual({ Code: 'DuplicateRequest', Message: expect.any(String) });
  });

  test.each(['', 'com.amazonaws.states#'])('names the query, and where it is: %s', (namespace) => {
    const { text, overrides } = render(refusedTemplate({ managed: true }), { __type: `${namespace}ExecutionAlreadyExists`, message });
    expect(JSON.parse(text)).toEqual({ Code: 'DuplicateRequest', Message: expect.any(String), QueryId: 'AROAEXAMPLE_order-17' });
    expect(overrides.response.status).toBe(409);
    expect([...overrides.response.header]).toEqual([['Location', '/prod/queries/AROAEXAMPLE_order-17']]);
  });
});

const TOO_MANY = { Code: 'TooManyQueries', Message: 'Too many queries are running; try again later.' };
const INVALID = { Code: 'InvalidRequest', Message: 'The request cannot be run as it is.' };
const TOO_LARGE = { Code: 'QueryTooLarge', Message: 'The request is too large: its members, with the SQL of a named query, must stay below 225 kB of JSON together.' };
const NO_KEY = { Code: 'IdempotencyNotAvailable', Message: 'This caller cannot use an IdempotencyKey: leave it out.' };
const FAILED = { Code: 'InternalError', Message: 'The request could not be processed.' };

const LENGTH = '1 validation error detected: Value at \'input\' failed to satisfy constraint: Member must have length less than or equal to 262144';
const PATTERN = `Value '${MACHINE}' at 'stateMachineArn' failed to satisfy constraint: Member must satisfy regular expression pattern`;

describe('the answer to a refusal of Step Functions', () => {
  const refusals: [type: string, message: string, status: number, answer: object][] = [
    ['ExecutionLimitExceeded', 'The maximum number of running executions has been reached', 429, TOO_MANY],
    ['ThrottlingException', 'Rate exceeded', 429, TOO_MANY],
    ['Throttling', 'Rate exceeded', 429, TOO_MANY],
    ['InvalidExecutionInput', `Invalid State Machine Execution Input: ${MACHINE}`, 400, INVALID],
    ['ValidationException', LENGTH, 413, TOO_LARGE],
    ['ValidationException', PATTERN, 500, FAILED],
    ['AccessDeniedException', `User is not authorized to perform: states:StartExecution on resource: ${MACHINE}`, 500, FAILED],
    ['AccessDeniedException', 'a message of some length', 500, FAILED],
    ['StateMachineDoesNotExist', `State Machine Does Not Exist: '${MACHINE}'`, 500, FAILED],
    ['StateMachineDeleting', `State Machine is being deleted: '${MACHINE}'`, 500, FAILED],
    ['InvalidArn', `Invalid Arn: '${MACHINE}'`, 500, FAILED],
    ['InvalidName', 'Invalid Name: \'?\'', 400, NO_KEY],
    ['KmsThrottlingExceptionOfTheFuture', 'a new kind', 500, FAILED],
  ];
  const namespaces = ['', 'com.amazonaws.states#', 'com.amazon.coral.validate#'];
  const spelled = refusals.flatMap(([type, ...rest]) => namespaces.map((namespace) => [namespace + type, ...rest] as const));

  test.each(spelled)('%s: %s', (__type, message, status, expected) => {
    const { text, overrides } = render(refusedTemplate({ managed: true }), { __type, message });
    expect(JSON.parse(text)).toEqual(expected);
    expect(overrides.response.status).toBe(status);
    expect(text).not.toContain('arn:');
  });

  test.each<[string, object]>([
    ['nothing known', {}], ['no type', { message: LENGTH }], ['a message in capitals only', { Message: 'x' }],
    ['no message', { __type: 'com.amazonaws.states#AccessDeniedException' }],
    ['no message of a validation', { __type: 'com.amazon.coral.validate#ValidationException' }],
  ])('that says %s is an error of ours', (_what, body) => {
    const { text, overrides } = render(refusedTemplate({ managed: true }), body);
    expect([JSON.parse(text), overrides.response.status]).toEqual([FAILED, 500]);
  });

  test.each(['ExecutionLimitExceeded', 'InvalidExecutionInput'])('needs no message for %s', (type) => {
    const { text } = render(refusedTemplate({ managed: true }), { __type: `com.amazonaws.states#${type}` });
    expect(JSON.parse(text)).toEqual(type === 'ExecutionLimitExceeded' ? TOO_MANY : INVALID);
  });
});

test.each([['too large a call', tooLargeTemplate(), TOO_LARGE], ['anything else', failedTemplate(), FAILED]])(
  'the answer to %s is fixed and leaves the status', (_what, template, expected) => {
    for (const body of [{}, { message: `Stack trace of ${MACHINE}` }]) {
      const { text, overrides } = render(template, body);
      expect(JSON.parse(text)).toEqual(expected);
      expect(overrides.response.status).toBeUndefined();
    }
  },
);

import * as fc from 'fast-check';
import { MappingTemplate, RenderedTemplate } from '../../../local/apigateway/vtl/mapping-template';
import {
  acceptedTemplate, failedTemplate, refusedTemplate, requestTemplate, tooLargeTemplate,
} from '../../../src/async-athena-query-api/api/request-template';

const MACHINE = 'arn:aws:states:eu-west-1:111122223333:stateMachine:Workflow-x1';
/** Room in the execution input for what Athena answers. */
const HEADROOM = 32_768;

function render(template: string, body: object): RenderedTemplate {
  const parameters = { path: {}, querystring: {}, header: {} };
  return new MappingTemplate(template).render({ body: JSON.stringify(body), parameters, context: {}, stageVariables: {} });
}

describe('the call of Step Functions', () => {
  const call = (body: object): { stateMachineArn: string; input: string } => JSON.parse(render(requestTemplate(MACHINE), body).text);

  test('has exactly the request, whatever is in it, and the state machine', () => {
    const awkward = ['\'', '"', '\\', '\\\'', '\n', '\t', '/', '$', '#', '${x}', '#if', '\u2028'];
    const character = fc.oneof(fc.string({ unit: 'binary', maxLength: 1 }), fc.constantFrom(...awkward));
    const words = fc.array(character).map((pieces) => pieces.join(''));
    fc.assert(fc.property(words, words, (Query, CallbackUrl) => {
      const { input, ...rest } = call({ Query, CallbackUrl });
      expect(rest).toEqual({ stateMachineArn: MACHINE });
      expect(JSON.parse(input)).toEqual({ ApiRequest: { Query, CallbackUrl } });
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
  test('is the name of the execution, and nothing of the account', () => {
    const { text, overrides } = render(acceptedTemplate(), {
      executionArn: 'arn:aws:states:eu-west-1:111122223333:execution:Workflow-x1:0b8f6d9e-4a57-4c1f-9d55-3f3c0d6a1e10', startDate: 1795507200,
    });
    expect(JSON.parse(text)).toEqual({ QueryId: '0b8f6d9e-4a57-4c1f-9d55-3f3c0d6a1e10' });
    expect(overrides.response.status).toBeUndefined();
  });
});

const TOO_MANY = { Code: 'TooManyQueries', Message: 'Too many queries are running; try again later.' };
const INVALID = { Code: 'InvalidRequest', Message: 'The request cannot be run as it is.' };
const TOO_LARGE = { Code: 'QueryTooLarge', Message: 'Query and CallbackUrl are too large; together they must stay below 225 kB of JSON.' };
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
    ['InvalidName', 'Invalid Name', 500, FAILED],
    ['KmsThrottlingExceptionOfTheFuture', 'a new kind', 500, FAILED],
  ];
  const namespaces = ['', 'com.amazonaws.states#', 'com.amazon.coral.validate#'];
  const spelled = refusals.flatMap(([type, ...rest]) => namespaces.map((namespace) => [namespace + type, ...rest] as const));

  test.each(spelled)('%s: %s', (__type, message, status, expected) => {
    const { text, overrides } = render(refusedTemplate(), { __type, message });
    expect(JSON.parse(text)).toEqual(expected);
    expect(overrides.response.status).toBe(status);
    expect(text).not.toContain('arn:');
  });

  test.each<[string, object]>([
    ['nothing known', {}], ['no type', { message: LENGTH }], ['a message in capitals only', { Message: 'x' }],
    ['no message', { __type: 'com.amazonaws.states#AccessDeniedException' }],
    ['no message of a validation', { __type: 'com.amazon.coral.validate#ValidationException' }],
  ])('that says %s is an error of ours', (_what, body) => {
    const { text, overrides } = render(refusedTemplate(), body);
    expect([JSON.parse(text), overrides.response.status]).toEqual([FAILED, 500]);
  });

  test.each(['ExecutionLimitExceeded', 'InvalidExecutionInput'])('needs no message for %s', (type) => {
    const { text } = render(refusedTemplate(), { __type: `com.amazonaws.states#${type}` });
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

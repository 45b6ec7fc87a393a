import * as fc from 'fast-check';
import { outcomeOf, releasedEvent } from './harness';
import { DeliveryErrorName } from '../../../../src/async-athena-query-api/contracts/error-names';
import { parseEvent } from '../../../../src/async-athena-query-api/delivery/function/parse-event';

type Json = Record<string, unknown>;

const parsed = (event: unknown) => outcomeOf(Promise.resolve().then(() => parseEvent(event)));

/** A copy with one member, named by its path, replaced or (undefined) taken away. */
function changed(event: unknown, path: string, value: unknown): unknown {
  const copy = structuredClone(event);
  const names = path.split('.');
  const last = names.pop() ?? '';
  const holder = names.reduce<unknown>((object, name) => Reflect.get(Object(object), name), copy);
  if (value === undefined) Reflect.deleteProperty(Object(holder), last);
  else Reflect.set(Object(holder), last, value);
  return copy;
}

const EVENT = releasedEvent('succeeded');
const NOT_STARTED = releasedEvent('start-error');
const QUERY = 'State.AthenaResult.QueryExecution';

describe('members that must be there', () => {
  test.each([
    'contract', 'QueryId', 'StartTime', 'DeliveryTime', 'Workflow', 'RetryCount', 'RedriveCount', 'Request', 'Request.Query', 'Request.CallbackUrl', 'State', 'State.AthenaRequest',
    'State.AthenaRequest.QueryExecutionId', 'State.AthenaResult', QUERY, `${QUERY}.QueryExecutionId`, `${QUERY}.Status`, `${QUERY}.Status.State`,
  ])('%s', async (path) => {
    const { name, message } = await parsed(changed(EVENT, path, undefined));
    expect(name).toBe(DeliveryErrorName.INVALID_DELIVERY_EVENT);
    expect(message).toContain(path.split('.')[0]);
  });

  test.each(['State.StartError', 'State.StartError.Error'])('%s of a query that was not started', async (path) => {
    expect((await parsed(changed(NOT_STARTED, path, undefined))).name).toBe(DeliveryErrorName.INVALID_DELIVERY_EVENT);
  });
});

/** Members of ours, and those that Athena always says. */
const FIRM = [
  'contract', 'QueryId', 'StartTime', 'DeliveryTime', 'Workflow', 'RetryCount', 'RedriveCount', 'Request', 'Request.Query', 'Request.CallbackUrl', 'State', 'State.AthenaRequest', 'State.AthenaRequest.QueryExecutionId',
  'State.AthenaResult', 'State.StopRequest', 'State.StopRequest.Reason', QUERY, `${QUERY}.QueryExecutionId`, `${QUERY}.Status`, `${QUERY}.Status.State`,
];

/** Members that Athena may leave out or say as null. */
const NULLABLE = [
  ...['StatementType', 'SubstatementType', 'ResultConfiguration', 'ResultConfiguration.OutputLocation', 'Statistics'].map((name) => `${QUERY}.${name}`),
  ...['StateChangeReason', 'SubmissionDateTime', 'CompletionDateTime', 'AthenaError'].map((name) => `${QUERY}.Status.${name}`),
  ...['ErrorCategory', 'ErrorType', 'Retryable', 'ErrorMessage'].map((name) => `${QUERY}.Status.AthenaError.${name}`),
];

/** An event in which each of them has a value. */
const FULL = [
  ['State.StopRequest', { Reason: 'QueryTimeout' }],
  [`${QUERY}.Status.StateChangeReason`, 'why'],
  [`${QUERY}.Status.AthenaError`, { ErrorCategory: 2, ErrorType: 1, Retryable: false, ErrorMessage: 'what' }],
].reduce<unknown>((event, [path, value]) => changed(event, String(path), value), EVENT);

describe('members of another type', () => {
  test('the event they are put into is one', () => {
    expect(parseEvent(FULL)).toMatchObject({
      State: { AthenaResult: { QueryExecution: { Status: { StateChangeReason: 'why', AthenaError: { ErrorCategory: 2, Retryable: false } } } } },
    });
  });

  test.each([...FIRM, ...NULLABLE].flatMap((path) => [[], path.endsWith('Retryable') ? 'true' : true].map((value) => [path, value] as const)))(
    '%s = %j', async (path, value) => {
      expect((await parsed(changed(FULL, path, value))).name).toBe(DeliveryErrorName.INVALID_DELIVERY_EVENT);
    },
  );

  test.each(FIRM)('%s = null', async (path) => {
    expect((await parsed(changed(FULL, path, null))).name).toBe(DeliveryErrorName.INVALID_DELIVERY_EVENT);
  });

  test.each(['State.StartError', 'State.StartError.Error', 'State.StartError.Cause'].flatMap((path) => [null, [], true].map((value) => [path, value] as const)))(
    '%s = %j', async (path, value) => {
      expect((await parsed(changed(NOT_STARTED, path, value))).name).toBe(DeliveryErrorName.INVALID_DELIVERY_EVENT);
    },
  );
});

test.each(NULLABLE)('%s = null is as if Athena had not said it', (path) => {
  const silent = parseEvent(changed(FULL, path, undefined));
  expect(parseEvent(changed(FULL, path, null))).toEqual(silent);
  expect(silent).not.toEqual(parseEvent(FULL));
});

describe('dates of Athena', () => {
  const dates = (event: unknown) => parseEvent(event).State.AthenaResult?.QueryExecution.Status;

  test.each(['SubmissionDateTime', 'CompletionDateTime'] as const)('%s is epoch milliseconds, or ISO 8601 in UTC', (name) => {
    const path = `${QUERY}.Status.${name}`;
    expect(dates(changed(EVENT, path, 1_795_507_200_500))?.[name]).toBe(1_795_507_200_500);
    expect(dates(changed(EVENT, path, '2026-11-24T08:00:00.500Z'))?.[name]).toBe(Date.UTC(2026, 10, 24, 8, 0, 0, 500));
    expect(dates(changed(EVENT, path, '2026-11-24T08:00:00Z'))?.[name]).toBe(Date.UTC(2026, 10, 24, 8));
  });
});

describe('values that are not what they should be', () => {
  test.each([
    ['contract', 0], ['contract', 1], ['contract', 5], ['contract', '2'], ['contract', '__proto__'], ['contract', 'constructor'],
    ['QueryId', ''], ['QueryId', 'a.b'], ['QueryId', 'a b'], ['QueryId', 'a\r\nX-Injected: 1'], ['QueryId', 'ä'], ['QueryId', 'a'.repeat(81)],
    ['StartTime', 'yesterday'], ['StartTime', '2026-13-45T99:99:99Z'], ['StartTime', '2026-11-24'], ['DeliveryTime', '2026-11-24T08:00:00+01:00'], ['DeliveryTime', '2026-11-24T08:00:00Z '],
    ['State.AthenaRequest.QueryExecutionId', 'another-query'], [`${QUERY}.QueryExecutionId`, 'a"; filename="b'],
    ['State.StartError', { Error: 'States.TaskFailed' }], ['Request.Query', 'SELECT 1'], ['RetryCount', -1], ['RetryCount', 0.5], ['RedriveCount', '0'], [`${QUERY}.Status.SubmissionDateTime`, Infinity],
    [`${QUERY}.Status.SubmissionDateTime`, '2026-11-24T09:00:00+01:00'], [`${QUERY}.Status.CompletionDateTime`, '1795507202802'],
  ])('%s = %j', async (path, value) => {
    expect((await parsed(changed(EVENT, path, value))).name).toBe(DeliveryErrorName.INVALID_DELIVERY_EVENT);
  });
});

describe('the format of the result', () => {
  const chosen = (ResultFormat: unknown) => changed(changed(EVENT, 'contract', 4), 'Request.ResultFormat', ResultFormat);

  test.each(['PARQUET', 'ORC', 'AVRO', 'JSON', 'TEXTFILE'])('%s', (format) => {
    expect(parseEvent(chosen(format)).ResultFormat).toBe(format);
    expect(parseEvent(changed(chosen(format), 'Request.CallbackUrl', undefined)).CallbackUrl).toBeUndefined();
  });

  test('may be missing, and then the delivery is as of the other contracts', () => {
    expect(parseEvent(chosen(undefined))).toEqual(parseEvent(EVENT));
  });

  test.each(['CSV', 'parquet', '', null, 4])('%j is refused', async (format) => {
    expect((await parsed(chosen(format))).name).toBe(DeliveryErrorName.INVALID_DELIVERY_EVENT);
  });

  test.each([2, 3])('is no member of contract %d', async (contract) => {
    expect((await parsed(changed(chosen('PARQUET'), 'contract', contract))).name).toBe(DeliveryErrorName.INVALID_DELIVERY_EVENT);
  });
});

describe('members that are not ours', () => {
  test.each([
    'extra', 'Request.extra', 'State.extra', 'State.AthenaRequest.extra', 'State.StopRequest.extra',
  ])('%s is refused, and its name is not told', async (path) => {
    const { name, message } = await parsed(changed(FULL, path, 1));
    expect(name).toBe(DeliveryErrorName.INVALID_DELIVERY_EVENT);
    expect(message).not.toContain('extra');
  });

  test('State.StartError.extra is refused', async () => {
    expect((await parsed(changed(NOT_STARTED, 'State.StartError.extra', 1))).name).toBe(DeliveryErrorName.INVALID_DELIVERY_EVENT);
  });

  test('the SQL, which the workflow drops, is refused and not told', async () => {
    const { name, message } = await parsed(changed(EVENT, 'State.ApiRequest', { Query: 'SELECT secret', CallbackUrl: 'https://x.example.com' }));
    expect(name).toBe(DeliveryErrorName.INVALID_DELIVERY_EVENT);
    expect(message).not.toMatch(/secret|example|ApiRequest/);
  });

  test.each(['State.AthenaResult.extra', `${QUERY}.extra`, `${QUERY}.Status.extra`, `${QUERY}.ResultConfiguration.extra`])('%s, which AWS may add, is dropped', (path) => {
    expect(parseEvent(changed(EVENT, path, { of: 'a new kind' }))).toEqual(parseEvent(EVENT));
  });
});

describe('events of others', () => {
  test.each([
    ['nothing', undefined], ['null', null], ['text', 'contract'], ['a number', 1], ['a list', [EVENT]], ['an empty object', {}],
    ['a ping of a federated query', { '@type': 'PingRequest', 'catalogName': 'x', 'queryId': 'y' }],
    ['a call of a user-defined function', { '@type': 'UserDefinedFunctionRequest', 'methodName': 'deliver', 'inputRecords': EVENT }],
    ['an HTTP request', { httpMethod: 'POST', body: JSON.stringify(EVENT) }],
    ['ours within another', { contract: 1, Payload: EVENT }],
    ['a released event with another envelope', { ...EVENT, '@type': 'PingRequest' }],
  ])('%s', async (_what, event) => {
    expect((await parsed(event)).name).toBe(DeliveryErrorName.INVALID_DELIVERY_EVENT);
  });

  test('any JSON at all ends in an event or in InvalidDeliveryEvent', async () => {
    const members = ['contract', 'QueryId', 'State', 'StartTime', 'AthenaResult', 'ApiRequest', '__proto__', 'toString'];
    const json = fc.letrec<{ value: unknown; object: Json }>((tie) => ({
      value: fc.oneof({ depthSize: 'small' }, fc.jsonValue(), tie('object')),
      object: fc.dictionary(fc.constantFrom(...members), tie('value')),
    }));
    await fc.assert(fc.asyncProperty(json.value, async (event) => {
      expect((await parsed(event)).name).toBe(DeliveryErrorName.INVALID_DELIVERY_EVENT);
    }));
  });
});

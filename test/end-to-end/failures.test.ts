import { randomBytes } from 'node:crypto';
import { Duration } from 'aws-cdk-lib';
import { CALLBACK_URL, DeployedApi, errorsOf, lastStateOf } from './deployed-api';
import { isGenuine } from '../../local/client/callback';
import { RECEIVER_ADDRESS } from '../../local/client/callback-receiver';
import { createCertificates } from '../../local/http/certificates';
import { Receiver } from '../../local/network/receiver';
import { HistoryEvent } from '../../local/stepfunctions/interpreter/history';
import { AsyncAthenaQueryApiErrors as Errors } from '../../src';
import { seededRandom } from '../support/random';

const MINUTE = 60_000;
const DELIVERY_WINDOW = Duration.minutes(20);
/** Both are in the certificate of the receiver, so that nothing but the guard stands between the function and it. */
const OTHER_HOST = 'other.example.com';
const REBINDING_HOST = 'rebinding.example.com';
const OTHER_ADDRESS = '93.184.216.35';
const SELECT = "SELECT 'Yq7Lw2' AS mark";

const isFailedAttempt = ({ type }: HistoryEvent) => type === 'TaskFailed';

describe('a delivery', () => {
  let api: DeployedApi;
  /** What an attacker wants to reach. */
  let inside: Receiver;
  /** Somebody who has the receiver's address, but not its certificate. */
  let impostor: Receiver;

  beforeAll(async () => {
    api = await DeployedApi.start({
      cloud: { hosts: [OTHER_HOST, REBINDING_HOST], random: seededRandom(7) },
      queries: () => ({ deliveryWindow: DELIVERY_WINDOW, callbackTimeout: Duration.seconds(1) }),
    });
    inside = await Receiver.start(api.cloud.certificates);
    impostor = await Receiver.start(await createCertificates({ hosts: [OTHER_HOST] }));
  });
  beforeEach(() => api.receiver.answer([{ status: 204 }]));
  afterEach(() => {
    api.assertNoFaults();
    for (const { requests } of [inside, impostor]) expect(requests).toEqual([]);
  });
  afterAll(async () => {
    await Promise.all([inside.close(), impostor.close()]);
    await api.close();
  });

  test.each([400, 410, 413, 415, 422])('ends at once when the receiver answers %d', async (status) => {
    api.receiver.answer([{ status }]);
    const run = await api.run(SELECT);
    expect(run.end).toMatchObject({ type: 'ExecutionFailed', details: { error: Errors.CALLBACK_REFUSED } });
    expect(lastStateOf(run)).toBe('Deliver Result');
    expect(run.callbacks).toHaveLength(1);
  });

  test.each([301, 302, 303, 307, 308])('does not follow a redirect with %d', async (status) => {
    const location = api.connect(OTHER_HOST, { addresses: [OTHER_ADDRESS], connectTo: inside.connectTo });
    api.receiver.answer([{ status, headers: { location } }]);
    const run = await api.run(SELECT);
    expect(run.end).toMatchObject({ type: 'ExecutionFailed', details: { error: Errors.CALLBACK_REFUSED } });
    expect(run.callbacks).toHaveLength(1);
  });

  test('that was refused is a dead letter and an alarm, and is made good by a redrive', async () => {
    await api.cloud.clock.sleep(10 * MINUTE);
    expect(api.alarmState()).toBe('OK');
    api.receiver.answer([{ status: 400 }]);
    const refused = await api.run(SELECT, `${CALLBACK_URL}?token=Kd93Rt`);
    const letter = {
      ExecutionArn: api.executionArn(refused.queryId),
      QueryId: refused.queryId,
      Status: 'FAILED',
      Error: 'CallbackRefused',
      RedriveCount: 0,
      Time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      Note: 'No callback was delivered. See the error; most can be redriven within 14 days.',
    };
    expect(api.deadLetters(refused.queryId)).toEqual([letter]);
    const text = JSON.stringify(api.deadLetters(refused.queryId));
    for (const hidden of ['Yq7Lw2', 'Kd93Rt', 'hooks.example.com']) expect(text).not.toContain(hidden);
    expect(api.alarmState()).toBe('ALARM');

    const refusedAgain = await api.redrive(refused.queryId);
    expect(refusedAgain.end.type).toBe('ExecutionFailed');
    expect(api.deadLetters(refused.queryId)).toEqual([letter, { ...letter, RedriveCount: 1 }]);

    api.receiver.answer([{ status: 200 }]);
    const delivered = await api.redrive(refused.queryId);
    expect(delivered.end.type).toBe('ExecutionSucceeded');
    expect(api.deadLetters(refused.queryId)).toHaveLength(2);
    expect(delivered.callbacks).toHaveLength(3);
    // Only the delivery ran again, and the result is the one there was.
    expect(new Set(delivered.callbacks.map(({ body }) => body.QueryExecutionId)).size).toBe(1);
    expect(new Set(delivered.callbacks.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(await api.download(api.linkOf(delivered.callbacks[2]))).toEqual({ status: 200, body: '"mark"\n"Yq7Lw2"\n' });
    await api.cloud.clock.sleep(10 * MINUTE);
    expect(api.alarmState()).toBe('OK');
  });

  test('is tried again while the receiver is not there, or does not have the secret', async () => {
    api.receiver.answer([401, 403, 404, 405, 409, 418, 425, 451, 204].map((status) => ({ status })));
    const run = await api.run(SELECT);
    expect(run.end.type).toBe('ExecutionSucceeded');
    expect(errorsOf(run)).toEqual(Array<string>(8).fill(Errors.CALLBACK_UNAVAILABLE));
    expect(api.deadLetters(run.queryId)).toEqual([]);
  });

  test('is tried again after 408, 429, 5xx and a cut connection, each time with a new link and the same id', async () => {
    const busy = { status: 503, headers: { 'retry-after': '1' } };
    api.receiver.answer([{ status: 408 }, { status: 429 }, { status: 500 }, busy, 'close', { status: 202 }]);
    const run = await api.run(SELECT);
    expect(run.end.type).toBe('ExecutionSucceeded');
    const { CALLBACK_UNAVAILABLE, CALLBACK_UNREACHABLE } = Errors;
    expect(errorsOf(run)).toEqual([CALLBACK_UNAVAILABLE, CALLBACK_UNAVAILABLE, CALLBACK_UNAVAILABLE, CALLBACK_UNAVAILABLE, CALLBACK_UNREACHABLE]);
    expect(run.callbacks).toHaveLength(6);
    expect(new Set(run.callbacks.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([run.queryId]));
    expect(new Set(run.callbacks.map((callback) => api.linkOf(callback))).size).toBe(6);
    const withoutLink = run.callbacks.map(({ body }) => ({ ...body, QueryResult: undefined }));
    for (const body of withoutLink) expect(body).toEqual(withoutLink[0]);
    expect(await api.verifies(run.callbacks[5])).toBe(true);
    expect(api.deadLetters(run.queryId)).toEqual([]);
  });

  test('ignores what the receiver says in its answer', async () => {
    api.receiver.answer([{ status: 200, body: 'x'.repeat(200_000), headers: { 'content-type': 'text/html' } }]);
    const run = await api.run(SELECT);
    expect(run.end).toMatchObject({ type: 'ExecutionSucceeded', details: { output: { CallbackStatusCode: 200 } } });
  });

  test('gives up only after the delivery window, with a dead letter', async () => {
    api.receiver.answer([{ status: 503 }]);
    const run = await api.run(SELECT);
    expect(run.end).toMatchObject({ type: 'ExecutionFailed', details: { error: Errors.CALLBACK_UNAVAILABLE } });
    const first = run.events.find(isFailedAttempt);
    const tried = run.end.timestamp - (first?.timestamp ?? 0);
    expect(tried).toBeGreaterThanOrEqual(DELIVERY_WINDOW.toMilliseconds());
    expect(tried).toBeLessThan(5 * DELIVERY_WINDOW.toMilliseconds());
    expect(run.callbacks).toHaveLength(errorsOf(run).length);
    expect(api.deadLetters(run.queryId)).toMatchObject([{ Status: 'FAILED', Error: Errors.CALLBACK_UNAVAILABLE }]);

    api.receiver.answer([{ status: 204 }]);
    expect((await api.redrive(run.queryId)).end.type).toBe('ExecutionSucceeded');
  });

  test('survives a receiver that hangs', async () => {
    api.receiver.answer(['hang', { status: 204 }]);
    const run = await api.run(SELECT);
    expect(errorsOf(run)).toEqual([Errors.CALLBACK_UNREACHABLE]);
    expect(run.events.find(isFailedAttempt)?.details.cause).toContain('TIMEOUT');
    expect(run.end.type).toBe('ExecutionSucceeded');
  });

  test.each([
    ['whose name is not known', 'ENOTFOUND', () => ({ addresses: [] })],
    ['that refuses connections', 'ECONNREFUSED', () => ({ addresses: [OTHER_ADDRESS] })],
    ['that proves itself with a certificate of its own making', 'CERT_SIGNATURE_FAILURE', () => ({
      addresses: [OTHER_ADDRESS], connectTo: impostor.connectTo,
    })],
  ])('is tried again at a receiver %s', async (_, code, broken) => {
    const queryId = await api.submit(SELECT, api.connect(OTHER_HOST, broken()));
    await api.at(isFailedAttempt, () => {
      api.connect(OTHER_HOST, { addresses: [OTHER_ADDRESS], connectTo: api.receiver.connectTo });
    });
    const run = await api.ended(queryId);
    expect(errorsOf(run)).toEqual([Errors.CALLBACK_UNREACHABLE]);
    expect(run.events.find(isFailedAttempt)?.details.cause).toContain(`(${code})`);
    expect(run.end.type).toBe('ExecutionSucceeded');
    expect(run.callbacks).toHaveLength(1);
  });

  test('never goes to a receiver whose certificate is for another name', async () => {
    const url = api.connect('not-in-the-certificate.example.com', { addresses: [RECEIVER_ADDRESS], connectTo: api.receiver.connectTo });
    const run = await api.run(SELECT, url);
    expect(new Set(errorsOf(run))).toEqual(new Set([Errors.CALLBACK_UNREACHABLE]));
    expect(run.end.type).toBe('ExecutionFailed');
    expect(run.callbacks).toEqual([]);
  });

  test.each([
    [['169.254.169.254']], [['10.1.2.3']], [['172.16.0.1']], [['192.168.1.1']], [['100.64.0.1']], [['127.0.0.1']], [['0.0.0.0']], [['224.0.0.1']],
    [['::1']], [['fd00:ec2::254']], [['fe80::1']], [['::ffff:10.0.0.1']], [['64:ff9b::a9fe:a9fe']],
    // One private address among public ones is enough: the connection may use any.
    [[RECEIVER_ADDRESS, '10.1.2.3']],
  ])('is refused to a host with the addresses %j', async (addresses) => {
    const run = await api.run(SELECT, api.connect(OTHER_HOST, { addresses, connectTo: inside.connectTo }));
    expect(run.end).toMatchObject({ type: 'ExecutionFailed', details: { error: Errors.CALLBACK_URL_NOT_ALLOWED } });
    expect(errorsOf(run)).toHaveLength(1);
    expect(api.deadLetters(run.queryId)).toMatchObject([{ Error: 'CallbackUrlNotAllowed' }]);
  });

  test('goes to the address that was checked, whatever the name resolves to a moment later', async () => {
    // Connected first, so that whoever goes to 10.0.0.1 ends up inside.
    api.connect('inside.example.com', { addresses: ['10.0.0.1'], connectTo: inside.connectTo });
    const url = api.connect(REBINDING_HOST, { addresses: ['93.184.216.36'], laterAddresses: ['10.0.0.1'], connectTo: api.receiver.connectTo });
    const run = await api.run(SELECT, url);
    expect(run.end.type).toBe('ExecutionSucceeded');
    expect(run.callbacks).toHaveLength(1);
  });

  test('ends with a dead letter when somebody stops the execution', async () => {
    api.receiver.answer([{ status: 503 }]);
    const queryId = await api.submit(SELECT);
    const executionArn = api.executionArn(queryId);
    await api.at(isFailedAttempt, async () => {
      await api.cloud.stepFunctions.call('StopExecution', { executionArn }, api.deployment.administrator);
    });
    expect((await api.ended(queryId)).end.type).toBe('ExecutionAborted');
    expect(api.deadLetters(queryId)).toEqual([{
      ExecutionArn: executionArn,
      QueryId: queryId,
      Status: 'ABORTED',
      RedriveCount: 0,
      Time: expect.any(String),
      Note: 'The execution was stopped and the callback was not delivered. The query itself may run on and cost until it ends.',
    }]);
    expect(api.alarmState()).toBe('ALARM');

    api.receiver.answer([{ status: 204 }]);
    expect((await api.redrive(queryId)).end.type).toBe('ExecutionSucceeded');
  });

  test('waits for a result that cannot be read, which may be a matter of rights', async () => {
    api.receiver.answer([{ status: 503 }, { status: 204 }]);
    const queryId = await api.submit(SELECT);
    const result = { bucket: api.physicalId('AWS::S3::Bucket', 'Results'), key: '', context: api.deployment.administrator };
    await api.at(isFailedAttempt, async () => {
      const [attempt] = api.receiver.requests.filter(({ headers }) => headers['webhook-id'] === queryId);
      result.key = `results/${JSON.parse(attempt.body).QueryExecutionId}.csv`;
      await api.cloud.s3.delete(result);
    });
    await api.at(isFailedAttempt, async () => {
      await api.cloud.s3.put({ ...result, body: Buffer.from('restored') });
    });
    const run = await api.ended(queryId);
    expect(errorsOf(run)).toEqual([Errors.CALLBACK_UNAVAILABLE, Errors.DELIVERY_DEPENDENCY_FAILED]);
    expect(run.end.type).toBe('ExecutionSucceeded');
    expect(await api.download(api.linkOf(run.callbacks[1]))).toEqual({ status: 200, body: 'restored' });
  });

  test('ends when the result has expired', async () => {
    api.receiver.answer([{ status: 400 }]);
    const { queryId } = await api.run(SELECT);
    // Each redrive can be made within 14 days of the one before, and results are kept for 30 days.
    const errors = [];
    for (let redrives = 0; redrives < 3; redrives++) {
      await api.cloud.clock.sleep(13 * 24 * 60 * MINUTE);
      errors.push((await api.redrive(queryId)).end.details.error);
    }
    expect(errors).toEqual([Errors.CALLBACK_REFUSED, Errors.CALLBACK_REFUSED, Errors.RESULT_EXPIRED]);
  });

  test('is signed with the old and the new secret once the secret was rotated', async () => {
    const up = api.now() + 10 * MINUTE;
    api.receiver.answer(() => ({ status: api.now() < up ? 503 : 204 }));
    const oldSecret = await api.signingSecret();
    const queryId = await api.submit(SELECT);
    const newSecret = randomBytes(48).toString('base64');
    await api.at(isFailedAttempt, () => api.putSigningSecret(newSecret));
    const run = await api.ended(queryId);
    expect(run.end.type).toBe('ExecutionSucceeded');
    const [first, last] = [run.callbacks[0], run.callbacks[run.callbacks.length - 1]];
    expect(first.headers['webhook-signature'].split(' ')).toHaveLength(1);
    expect(last.headers['webhook-signature'].split(' ')).toHaveLength(2);
    expect(isGenuine(last, oldSecret, api.now())).toBe(true);
    expect(isGenuine(last, newSecret, api.now())).toBe(true);
    expect(isGenuine(last, randomBytes(48).toString('base64'), api.now())).toBe(false);
  });

  test('waits until a broken signing secret is fixed', async () => {
    // The function keeps keys for five minutes.
    await api.cloud.clock.sleep(6 * MINUTE);
    await api.putSigningSecret('no base64!');
    const queryId = await api.submit(SELECT);
    const repaired = randomBytes(32).toString('base64');
    await api.at(isFailedAttempt, () => api.putSigningSecret(repaired));
    const run = await api.ended(queryId);
    expect(errorsOf(run)).toEqual([Errors.DELIVERY_DEPENDENCY_FAILED]);
    expect(run.end.type).toBe('ExecutionSucceeded');
    expect(run.callbacks).toHaveLength(1);
    expect(run.callbacks[0].headers['webhook-signature'].split(' ')).toHaveLength(1);
    expect(isGenuine(run.callbacks[0], repaired, api.now())).toBe(true);
  });
});

import { setTimeout as delay } from 'node:timers/promises';
import { CONTEXT, Fixture, START } from './fixtures';
import { JsonValue } from '../../../local/json';
import { MAX_ASYNCHRONOUS_PAYLOAD_BYTES } from '../../../local/lambda/limits';
import { until } from '../../support/until';

let fixture: Fixture;
beforeEach(() => {
  fixture = new Fixture();
});
afterEach(async () => fixture.close());

describe('an asynchronous invocation', () => {
  const invoke = async (functionName: string, event: JsonValue) => fixture.service.call(
    'Invoke', { FunctionName: functionName, Payload: JSON.stringify(event), InvocationType: 'Event' }, CONTEXT,
  );
  /** Virtual milliseconds since the beginning at which the function was told something. */
  const times = () => fixture.messages().filter((message) => message.startsWith('at ')).map((message) => Number(message.slice(3)) - START);
  const FAILING = 'exports.handler = async (left) => { process.stdout.write("at " + Date.now() + "\\n"); if (left > 0) throw new Error("no"); };';
  const attempts = () => fixture.messages().filter((message) => message.startsWith('REPORT ')).length;

  test('is answered at once, and its function runs by itself', async () => {
    await fixture.create('worker', FAILING);
    expect(await invoke('worker', 0)).toEqual({ StatusCode: 202 });
    expect(times()).toEqual([]);
    await until(() => attempts() > 0);
    expect(times()).toHaveLength(1);
    expect(fixture.service.dropped).toEqual([]);
  });

  test('that fails is repeated after one minute and after two, then given up; an idle clock does not leap for it', async () => {
    await fixture.create('worker', FAILING);
    await invoke('worker', 1);
    await until(() => attempts() > 0);
    // Time for the clock to leap, if it would.
    await delay(100);
    expect(times()).toHaveLength(1);
    await fixture.clock.sleep(600_000);
    await until(() => fixture.service.dropped.length > 0);
    const [first, second, third, ...more] = times();
    expect(more).toEqual([]);
    // What a handler takes in real time passes in virtual time too.
    expect(Math.round((second - first) / 10_000)).toBe(6);
    expect(Math.round((third - second) / 10_000)).toBe(12);
    expect(fixture.service.dropped).toEqual([{ functionName: 'worker', payload: '1', reason: expect.stringContaining('"errorMessage":"no"') }]);
  });

  test.each([
    [{ maximumRetryAttempts: 0 }, 1],
    [{ maximumRetryAttempts: 1 }, 2],
    [{ maximumEventAgeSeconds: 100 }, 2],
  ])('is tried as often and as long as is configured: %j', async (settings, tries) => {
    await fixture.create('worker', FAILING);
    await fixture.service.configureEventInvoke('worker', settings);
    await invoke('worker', 1);
    await until(() => attempts() > 0);
    await fixture.clock.sleep(600_000);
    await until(() => fixture.service.dropped.length > 0);
    expect(times()).toHaveLength(tries);
    expect(fixture.service.dropped).toHaveLength(1);
  });

  test('that is throttled waits for up to six hours', async () => {
    await fixture.create('worker', FAILING, { reservedConcurrency: 0 });
    await invoke('worker', 0);
    await fixture.clock.sleep(5 * 3_600_000);
    expect(fixture.service.dropped).toEqual([]);
    await fixture.clock.sleep(2 * 3_600_000);
    expect(fixture.service.dropped).toEqual([{ functionName: 'worker', payload: '0', reason: 'Rate Exceeded.' }]);
    expect(times()).toEqual([]);
  });

  test('may carry 1 MB, and is refused like any other', async () => {
    await fixture.create('worker', FAILING);
    const event = 'x'.repeat(MAX_ASYNCHRONOUS_PAYLOAD_BYTES - 2);
    expect(await invoke('worker', event)).toEqual({ StatusCode: 202 });
    await expect(invoke('worker', `${event}x`)).rejects.toMatchObject({ code: 'RequestEntityTooLargeException' });
    await expect(invoke('none', 0)).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });
});

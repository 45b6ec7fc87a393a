import { Duration } from 'aws-cdk-lib';
import fc from 'fast-check';
import { DeployedApi, errorsOf } from './deployed-api';
import { fcRuns, fcTimeout } from '../support/fc-runs';

const DELIVERY_WINDOW = Duration.minutes(1);
/** More than any schedule of retries for that window has. */
const MOST_ATTEMPTS = 40;

/** What a receiver that is alive and answers in time can do. */
type Answer = { readonly status: number } | 'close';

const delivered = fc.integer({ min: 200, max: 299 });
const isFinal = (status: number) => status < 400 || [400, 410, 413, 415, 422].includes(status);
const retried = fc.oneof(
  fc.constant<Answer>('close'),
  fc.integer({ min: 400, max: 599 }).filter((status) => !isFinal(status)).map((status): Answer => ({ status })),
);
const refused = fc.oneof(fc.integer({ min: 300, max: 399 }), fc.constantFrom(400, 410, 413, 415, 422));
/** Whatever a receiver can answer, the last answer for ever. */
const answers = fc.array(fc.oneof(
  { arbitrary: retried, weight: 8 },
  { arbitrary: fc.oneof(delivered, refused).map((status): Answer => ({ status })), weight: 1 },
), { minLength: 1, maxLength: 30 });

describe('whatever a receiver answers', () => {
  let api: DeployedApi;

  beforeAll(async () => {
    api = await DeployedApi.start({
      // Every delay is as long as it is on average, for the window is met only with a probability.
      cloud: { random: () => 0.5 },
      queries: () => ({ deliveryWindow: DELIVERY_WINDOW }),
    });
  });
  afterEach(() => api.assertNoFaults());
  afterAll(async () => api.close());

  test('the execution ends, and either the callback is delivered or there is one dead letter', async () => {
    await fc.assert(fc.asyncProperty(answers, async (script) => {
      api.receiver.answer(script);
      const run = await api.run('SELECT 1');
      expect(run.callbacks).not.toEqual([]);
      const given = run.callbacks.map((_, index) => script[Math.min(index, script.length - 1)]);
      const last = given[given.length - 1];
      const accepted = typeof last === 'object' && last.status < 300;
      const again = (answer: Answer) => answer === 'close' || !isFinal(answer.status);

      expect(run.end.type).toBe(accepted ? 'ExecutionSucceeded' : 'ExecutionFailed');
      expect(api.deadLetters(run.queryId)).toHaveLength(accepted ? 0 : 1);
      // It stops at the first answer that is final, and at no other.
      expect(given.slice(0, -1).every(again)).toBe(true);
      const first = run.events.find(({ type }) => type === 'TaskFailed')?.timestamp ?? run.end.timestamp;
      if (again(last)) expect(run.end.timestamp - first).toBeGreaterThanOrEqual(DELIVERY_WINDOW.toMilliseconds());
      expect(run.end.timestamp - first).toBeLessThan(10 * DELIVERY_WINDOW.toMilliseconds());
      expect(run.callbacks.length).toBeLessThanOrEqual(MOST_ATTEMPTS);
      expect(errorsOf(run)).toHaveLength(run.callbacks.length - (accepted ? 1 : 0));
      for (const callback of run.callbacks) expect(callback.body.QueryId).toBe(run.queryId);
    }), { numRuns: fcRuns(40) });
  }, fcTimeout(40));
});

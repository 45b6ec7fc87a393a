import { Duration } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { deliveryRetry, longestDelivery } from '../../../src/async-athena-query-api/delivery/delivery-retry';
import { AslRetrier } from '../../../src/private/synth/asl';
import { seededRandom } from '../../support/random';

const RUNS = 20_000;

/** Seconds that all retries of one failing delivery wait, with FULL jitter: each delay anywhere between nothing and its nominal value. */
function totalWait(retry: AslRetrier, random: () => number): number {
  const { IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds = Infinity, MaxAttempts } = retry;
  let total = 0;
  for (let attempt = 0; attempt < MaxAttempts; attempt++) total += random() * Math.min(MaxDelaySeconds, IntervalSeconds * BackoffRate ** attempt);
  return total;
}

/** Runs that gave up before the window was over. */
function tooShort(retry: AslRetrier, window: Duration): number {
  const random = seededRandom(20_261_124);
  return Array.from({ length: RUNS }, () => totalWait(retry, random)).filter((total) => total < window.toSeconds()).length;
}

test('every error is retried, with full jitter, from 5 seconds up to 15 minutes', () => {
  expect(deliveryRetry(Duration.hours(4))).toEqual({
    ErrorEquals: ['States.ALL'], IntervalSeconds: 5, BackoffRate: 2, MaxDelaySeconds: 900, MaxAttempts: 55, JitterStrategy: 'FULL',
  });
});

test.each([[1, 19], [60, 25], [240, 55], [4320, 641]])('a window of %i minutes takes %i attempts', (minutes, attempts) => {
  expect(deliveryRetry(Duration.minutes(minutes)).MaxAttempts).toBe(attempts);
});

// 1 in 10,000 runs would be 2; a run of another seed would have to be unlucky beyond reason to reach 10.
test.each([1, 10, 60, 240])('retries outlive a window of %i minutes in practice', (minutes) => {
  const window = Duration.minutes(minutes);
  expect(tooShort(deliveryRetry(window), window)).toBeLessThan(10);
});

test('the simulation sees attempts that are too few', () => {
  const twelve = { ...deliveryRetry(Duration.hours(1)), MaxAttempts: 12 };
  expect(tooShort(twelve, Duration.hours(1))).toBeGreaterThan(100);
});

test('the attempts are the fewest whose total, four standard deviations below its mean, still reaches the window', () => {
  const surely = (attempts: number, longestDelay: number) => {
    const longest = Array.from({ length: attempts }, (_, attempt) => Math.min(longestDelay, 5 * 2 ** attempt));
    const [mean, variance] = [longest.reduce((sum, delay) => sum + delay / 2, 0), longest.reduce((sum, delay) => sum + delay ** 2 / 12, 0)];
    return mean - 4 * Math.sqrt(variance);
  };
  fc.assert(fc.property(fc.integer({ min: 60, max: 259_200 }), (seconds) => {
    const { MaxAttempts: attempts, MaxDelaySeconds: longestDelay = Infinity } = deliveryRetry(Duration.seconds(seconds));
    expect(surely(attempts, longestDelay)).toBeGreaterThanOrEqual(seconds);
    expect(surely(attempts - 1, longestDelay)).toBeLessThan(seconds);
  }));
});

test('the longest delay is a quarter of the window, from 5 seconds to 15 minutes', () => {
  const longestDelay = (seconds: number) => deliveryRetry(Duration.seconds(seconds)).MaxDelaySeconds;
  expect([60, 600, 3_600, 86_400].map(longestDelay)).toEqual([15, 150, 900, 900]);
});

test.each([[1, 270], [240, 43_575], [4320, 570_975]])('a delivery with a window of %i minutes is retried for %i seconds at the most', (minutes, seconds) => {
  expect(longestDelivery(Duration.minutes(minutes)).toSeconds()).toBe(seconds);
});

test('the longest delivery draws every delay at its longest, which is two to five times the window', () => {
  fc.assert(fc.property(fc.integer({ min: 60, max: 259_200 }), (window) => {
    const seconds = longestDelivery(Duration.seconds(window)).toSeconds();
    expect(seconds).toBe(totalWait(deliveryRetry(Duration.seconds(window)), () => 1));
    expect(seconds).toBeGreaterThanOrEqual(2 * window);
    expect(seconds).toBeLessThanOrEqual(5 * window);
  }));
});

test('a longer window is retried for longer on average', () => {
  const meanWait = (window: number) => totalWait(deliveryRetry(Duration.seconds(window)), () => 0.5);
  const seconds = fc.integer({ min: 60, max: 259_200 });
  fc.assert(fc.property(seconds, seconds, (one, other) => {
    // A longer longest delay may save an attempt, so that twice the window is sure to take longer, but not every second more.
    fc.pre(other >= 2 * one);
    expect(meanWait(other)).toBeGreaterThan(meanWait(one));
  }));
});

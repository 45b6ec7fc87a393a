import { Duration } from 'aws-cdk-lib';
import { AslRetrier } from '../../private/synth/asl';
import { longestDelays } from '../../private/synth/retry-time';
import { FINAL_DELIVERY_ERRORS } from '../contracts/error-names';

const FIRST_DELAY_SECONDS = 5;
const LONGEST_DELAY_SECONDS = 900;
const BACKOFF_RATE = 2;

/** What is retried and what is not. */
export function deliveryRetries(window: Duration): AslRetrier[] {
  return [{ ErrorEquals: FINAL_DELIVERY_ERRORS, MaxAttempts: 0 }, deliveryRetry(window)];
}

/**
 * Retries a delivery for at least the given time.
 *
 * With FULL jitter every delay is drawn evenly between nothing and its nominal value, so the nominal sum is no promise. The number of
 * attempts is the smallest whose total is at least the window even four standard deviations below its mean: more than 99.99 %.
 */
export function deliveryRetry(window: Duration): AslRetrier {
  // A quarter of a short window, so that a window of minutes does not end up as one of hours.
  const longest = Math.max(FIRST_DELAY_SECONDS, Math.min(LONGEST_DELAY_SECONDS, Math.floor(window.toSeconds() / 4)));
  return {
    ErrorEquals: ['States.ALL'],
    IntervalSeconds: FIRST_DELAY_SECONDS,
    BackoffRate: BACKOFF_RATE,
    MaxDelaySeconds: longest,
    MaxAttempts: attemptsFor(window.toSeconds(), longest),
    JitterStrategy: 'FULL',
  };
}

/** The longest that a delivery can be retried for: every delay drawn at its nominal value. Time inside attempts comes on top. */
export function longestDelivery(window: Duration): Duration {
  return longestDelays(deliveryRetry(window));
}

function attemptsFor(windowSeconds: number, longestDelay: number): number {
  let attempts = 0;
  let mean = 0;
  let variance = 0;
  while (mean - 4 * Math.sqrt(variance) < windowSeconds) {
    const nominal = Math.min(longestDelay, FIRST_DELAY_SECONDS * BACKOFF_RATE ** attempts);
    mean += nominal / 2;
    variance += nominal ** 2 / 12;
    attempts++;
  }
  return attempts;
}

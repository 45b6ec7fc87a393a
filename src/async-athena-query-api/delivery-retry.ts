import { Duration } from 'aws-cdk-lib';
import { AslRetrier } from '../private/synth/asl';

const FIRST_DELAY_SECONDS = 5;
const LONGEST_DELAY_SECONDS = 900;
const BACKOFF_RATE = 2;

/**
 * Retries a delivery for at least the given time.
 *
 * With FULL jitter every delay is drawn evenly between nothing and its nominal value, so the nominal sum is no promise. The number of
 * attempts is the smallest whose total is at least the window even four standard deviations below its mean: more than 99.99 %.
 */
export function deliveryRetry(window: Duration): AslRetrier {
  return {
    ErrorEquals: ['States.ALL'],
    IntervalSeconds: FIRST_DELAY_SECONDS,
    BackoffRate: BACKOFF_RATE,
    MaxDelaySeconds: LONGEST_DELAY_SECONDS,
    MaxAttempts: attemptsFor(window.toSeconds()),
    JitterStrategy: 'FULL',
  };
}

function attemptsFor(windowSeconds: number): number {
  let attempts = 0;
  let mean = 0;
  let variance = 0;
  while (mean - 4 * Math.sqrt(variance) < windowSeconds) {
    const longest = Math.min(LONGEST_DELAY_SECONDS, FIRST_DELAY_SECONDS * BACKOFF_RATE ** attempts);
    mean += longest / 2;
    variance += longest ** 2 / 12;
    attempts++;
  }
  return attempts;
}

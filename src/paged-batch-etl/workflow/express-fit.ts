import { Duration } from 'aws-cdk-lib';
import { functionRetries } from './task-retry';
import { AslRetrier } from '../../private/synth/asl';
import { invocationTaskTimeout } from '../../private/synth/lambda-limits';
import { longestTask } from '../../private/synth/retry-time';

/** Longest that an Express execution runs. Source: Step Functions developer guide, "Service quotas". */
export const EXPRESS_SECONDS = 300;

/** What is computed must fit into this: the rest is for what Step Functions itself takes between the attempts. */
export const COMPUTED_SECONDS = 290;

/** How a function is called in an Express execution. */
export interface ExpressCalls {
  /** Time-out of the function. */
  readonly timeout: Duration;
  /** Attempts after the first. */
  readonly attempts: number;
  /** Calls of the execution. Default: one. */
  readonly calls?: number;
  /** Calls at a time. Default: one. */
  readonly concurrency?: number;
  /** Longest time of what is done once before all calls, in seconds. Default: nothing is. */
  readonly secondsOnce?: number;
  /** Longest time of what is done before each call. Default: nothing is. */
  readonly secondsEach?: number;
}

/** Longest time that the calls take, in seconds: every attempt ends at its time-out, and every delay is as long as it can be. */
export function longestCalls(
  { timeout, calls = 1, concurrency = 1, secondsOnce = 0, secondsEach = 0 }: ExpressCalls, retries: readonly AslRetrier[],
): number {
  const call = longestTask({ Retry: retries, TimeoutSeconds: invocationTaskTimeout(timeout) }).toSeconds();
  return secondsOnce + Math.ceil(calls / concurrency) * (secondsEach + call);
}

/** Most calls that are sure to end in one Express execution; zero if not even one is. */
export function mostCalls({ timeout, attempts, concurrency = 1, secondsOnce = 0, secondsEach }: Omit<ExpressCalls, 'calls'>): number {
  return Math.floor((COMPUTED_SECONDS - secondsOnce) / longestCalls({ timeout, attempts, secondsEach }, shortRetries(attempts))) * concurrency;
}

/** Retries with which the calls are sure to end in one Express execution: with the usual delays if they are, else with short ones; undefined: none. */
export function expressRetries(calls: ExpressCalls): readonly AslRetrier[] | undefined {
  const { attempts } = calls;
  return [functionRetries({ attempts }), shortRetries(attempts)].find((retries) => longestCalls(calls, retries) <= COMPUTED_SECONDS);
}

/**
 * Longest time-out of a function, in whole seconds, with which one call is sure to end in an Express execution; zero or less if there is none.
 *
 * @param secondsBefore longest time of what is done before it
 */
export function longestExpressTimeout(attempts: number, secondsBefore = 0): number {
  const retries = shortRetries(attempts);
  const delays = longestTask({ Retry: retries, TimeoutSeconds: 0 }).toSeconds();
  const tries = longestTask({ Retry: retries, TimeoutSeconds: 1 }).toSeconds() - delays;
  return Math.floor((COMPUTED_SECONDS - secondsBefore - delays) / tries) - invocationTaskTimeout(Duration.seconds(0));
}

function shortRetries(attempts: number): AslRetrier[] {
  return functionRetries({ attempts, delays: 'short' });
}

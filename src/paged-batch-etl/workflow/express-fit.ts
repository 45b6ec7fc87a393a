import { Duration } from 'aws-cdk-lib';
import { FunctionAttempts, functionRetries, RetryDelays } from './task-retry';
import { longestTask } from '../../private/synth/retry-time';

/** What an execution of type EXPRESS is filled with at most. Source: Step Functions quotas, five minutes; the rest is for what lies between its Tasks. */
export const LONGEST_EXPRESS = Duration.seconds(290);

export interface FunctionCalls {
  /** `TimeoutSeconds` of the Task that calls the function. */
  readonly timeoutSeconds: number;
  readonly attempts: FunctionAttempts;
  /** Calls that come one after another. Default: one. */
  readonly rounds?: number;
}

/** Longest time that calls take: every retry used, every delay at its nominal value, every attempt ending at its time-out. */
export function longestCalls({ timeoutSeconds, attempts, rounds = 1 }: FunctionCalls, delays: RetryDelays): Duration {
  const one = longestTask({ TimeoutSeconds: timeoutSeconds, Retry: functionRetries({ ...attempts, delays }) });
  return Duration.seconds(rounds * one.toSeconds());
}

/** The delays with which all retries of the calls fit into an Express execution, the long ones if they do; undefined: they do not fit. */
export function expressDelays(calls: FunctionCalls): RetryDelays | undefined {
  return (['long', 'short'] as const).find((delays) => longestCalls(calls, delays).toSeconds() <= LONGEST_EXPRESS.toSeconds());
}

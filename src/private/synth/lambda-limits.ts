import { Duration } from 'aws-cdk-lib';

/** The longest that Lambda lets a function run. Source: Lambda quotas. */
export const LONGEST_INVOCATION = Duration.minutes(15);

/** Between a Task and the function that it calls. */
const MARGIN = Duration.seconds(10);

/** `TimeoutSeconds` of a Task that calls a function: longer than the function's own time-out, so that the function's is the one that ends an attempt. */
export function invocationTaskTimeout(functionTimeout: Duration): number {
  return functionTimeout.plus(MARGIN).toSeconds();
}

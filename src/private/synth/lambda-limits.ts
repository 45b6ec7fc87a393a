import { Duration } from 'aws-cdk-lib';
import { Alias, Function as LambdaFunction, IFunction, Version } from 'aws-cdk-lib/aws-lambda';

/** The longest that Lambda lets a function run. Source: the models of the AWS SDK since 19 November 2026; until then it was 15 minutes. */
export const LONGEST_INVOCATION = Duration.minutes(30);

/** The time-out of a function that does not say one. Source: Lambda developer guide, "Configure Lambda function timeout". */
export const DEFAULT_TIMEOUT = Duration.seconds(3);

/** As long as Lambda lets a function start, which comes before the function's own time-out. Source: Lambda developer guide, on the init phase. */
const MARGIN = Duration.seconds(10);

/** Time-out of a function, if it is known: only one that is defined in the same app tells it, and not if the time-out is a token. */
export function timeoutOf(handler: IFunction): Duration | undefined {
  const called = definedFunction(handler);
  if (called === undefined) return undefined;
  const timeout = called.timeout ?? DEFAULT_TIMEOUT;
  return timeout.isUnresolved() ? undefined : timeout;
}

/** Whether a function is defined in the same app and says no time-out. */
export function hasDefaultTimeout(handler: IFunction): boolean {
  const called = definedFunction(handler);
  return called !== undefined && called.timeout === undefined;
}

function definedFunction(handler: IFunction): LambdaFunction | undefined {
  const called = handler instanceof Version || handler instanceof Alias ? handler.lambda : handler;
  return called instanceof LambdaFunction ? called : undefined;
}

/**
 * `TimeoutSeconds` of a Task that calls a function: longer than the function's own time-out, so that the function's is the one that ends an attempt, and
 * no second call is made while the first one runs.
 *
 * @param functionTimeout undefined where it is not known
 */
export function invocationTaskTimeout(functionTimeout: Duration = LONGEST_INVOCATION): number {
  return functionTimeout.plus(MARGIN).toSeconds();
}

import { Annotations } from 'aws-cdk-lib';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { LONGEST_READ_SECONDS } from './read-batch';
import { AslRetrier } from '../../private/synth/asl';
import { timeoutOf } from '../../private/synth/lambda-limits';
import { COMPUTED_SECONDS, ExpressCalls, expressRetries, longestExpressTimeout, mostCalls } from '../workflow/express-fit';
import { functionRetries } from '../workflow/task-retry';

/** Most batches of one execution: each costs the start of an execution less, and more than ten save little. */
export const MOST_BATCHES = 10;

/** Most items of one execution of type STANDARD, whose history and transitions each of them adds to. */
export const MOST_STANDARD_ITEMS = 100;

/** How many executions there are at a time, and calls in each of them. */
export interface Parallel {
  readonly executions: number;
  readonly calls: number;
}

/** Of which type the executions are that call a function, how many calls they make, and how they retry them. */
export interface CallExecutions extends Parallel {
  readonly type: 'EXPRESS' | 'STANDARD';
  readonly retries: readonly AslRetrier[];
  /** Most calls of one execution. */
  readonly size: number;
}

export interface CallExecutionsOptions {
  readonly scope: Construct;
  readonly factory: string;
  readonly handler: IFunction;
  /** Attempts after the first. */
  readonly attempts: number;
  /** Calls at a time, all together. */
  readonly concurrency: number;
}

/** As few executions as there can be for that many calls at a time, each with at most `most` of them. All together there are never more, and at most a tenth fewer. */
export function inParallel(concurrency: number, most: number): Parallel {
  const executions = Math.ceil(concurrency / most);
  return { executions, calls: Math.floor(concurrency / executions) };
}

/** Each execution reads some batches, and calls the function with each of them. */
export function executionsOfBatches(options: CallExecutionsOptions): CallExecutions {
  const parallel = inParallel(options.concurrency, MOST_BATCHES);
  return executionsOf(options, parallel, { most: { EXPRESS: MOST_BATCHES, STANDARD: MOST_BATCHES }, secondsEach: LONGEST_READ_SECONDS });
}

/** Each execution reads one batch, and calls the function with each of its items. */
export function executionsOfItems(options: CallExecutionsOptions, mostAtATime: number): CallExecutions {
  const parallel = inParallel(options.concurrency, mostAtATime);
  return executionsOf(options, parallel, { most: { EXPRESS: Infinity, STANDARD: MOST_STANDARD_ITEMS }, secondsOnce: LONGEST_READ_SECONDS });
}

interface Work extends Pick<ExpressCalls, 'secondsOnce' | 'secondsEach'> {
  /** Calls of an execution. */
  readonly most: Readonly<Record<CallExecutions['type'], number>>;
}

/**
 * EXPRESS where all attempts at at least one call fit into the five minutes of such an execution: then it makes as many calls as are sure to fit. Else STANDARD,
 * which an annotation tells: they cost more, and Step Functions starts fewer of them. Source: Step Functions quotas, 100 child executions of a Map Run a
 * second, and 1,000 of type EXPRESS.
 */
function executionsOf({ scope, factory, handler, attempts }: CallExecutionsOptions, parallel: Parallel, { most, ...seconds }: Work): CallExecutions {
  const timeout = timeoutOf(handler);
  const call = timeout && { timeout, attempts, concurrency: parallel.calls, ...seconds };
  const size = call === undefined ? 0 : Math.min(most.EXPRESS, mostCalls(call));
  const retries = call && expressRetries({ ...call, calls: size });
  if (size > 0 && retries !== undefined) return { type: 'EXPRESS', retries, size, ...parallel };
  const longest = longestExpressTimeout(attempts, LONGEST_READ_SECONDS);
  Annotations.of(scope).addInfo(
    `${factory} works in executions of type STANDARD: Step Functions starts about 100 of these a second, and bills each of their states. EXPRESS ones cost `
      + `less and start faster, but end after 5 minutes, and ${timeout === undefined
        ? 'the timeout of an imported function is not known'
        : `a function of ${timeout.toSeconds()} seconds with all its retries may take longer than ${COMPUTED_SECONDS - LONGEST_READ_SECONDS} seconds`}. `
      + (longest > 0 ? `They are taken for a function of this app whose timeout is at most ${longest} seconds` : 'They are taken with fewer retryAttempts'),
  );
  return { type: 'STANDARD', retries: functionRetries({ attempts }), size: most.STANDARD, ...parallel };
}

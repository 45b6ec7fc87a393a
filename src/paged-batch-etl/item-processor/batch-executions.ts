import { Annotations } from 'aws-cdk-lib';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { LONGEST_READ_SECONDS } from './read-batch';
import { AslRetrier } from '../../private/synth/asl';
import { timeoutOf } from '../../private/synth/lambda-limits';
import { COMPUTED_SECONDS, EXPRESS_SECONDS, ExpressCalls, expressRetries, longestExpressTimeout, mostCalls } from '../workflow/express-fit';
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
  return executionsOf(options, parallel, { most: { EXPRESS: MOST_BATCHES, STANDARD: MOST_BATCHES }, few: 1, secondsEach: LONGEST_READ_SECONDS });
}

/** Each execution reads one batch, and calls the function with each of its items. */
export function executionsOfItems(options: CallExecutionsOptions, mostAtATime: number): CallExecutions {
  const parallel = inParallel(options.concurrency, mostAtATime);
  const most = { EXPRESS: Infinity, STANDARD: MOST_STANDARD_ITEMS };
  return executionsOf(options, parallel, { most, few: MOST_STANDARD_ITEMS, secondsOnce: LONGEST_READ_SECONDS });
}

interface Work extends Pick<ExpressCalls, 'secondsOnce' | 'secondsEach'> {
  /** Calls of an execution. */
  readonly most: Readonly<Record<CallExecutions['type'], number>>;
  /** With fewer calls, the executions cost so much that it should be known. */
  readonly few: number;
}

/**
 * EXPRESS where all attempts at at least one call fit into the five minutes of such an execution: then it makes as many calls as are sure to fit. Else STANDARD,
 * which an annotation tells: they cost more, and Step Functions starts fewer of them. Source: Step Functions quotas, 100 child executions of a Map Run a
 * second, and 1,000 of type EXPRESS.
 */
function executionsOf(
  { scope, factory, handler, attempts }: CallExecutionsOptions, parallel: Parallel, { most, few, ...seconds }: Work,
): CallExecutions {
  const timeout = timeoutOf(handler);
  const call = timeout && { timeout, attempts, concurrency: parallel.calls, ...seconds };
  const size = call === undefined ? 0 : Math.min(most.EXPRESS, mostCalls(call));
  const retries = call && expressRetries({ ...call, calls: size });
  if (size > 0 && retries !== undefined) {
    if (size < few) Annotations.of(scope).addInfo(fewCalls(factory, size));
    return { type: 'EXPRESS', retries, size, ...parallel };
  }
  Annotations.of(scope).addInfo(
    `${factory} works in executions of type STANDARD: Step Functions starts about 100 of these a second, and bills each of their states. EXPRESS ones cost `
      + `less and start faster, but end after ${EXPRESS_SECONDS / 60} minutes, and ${timeout === undefined
        ? 'the timeout of an imported function is not known'
        : `all attempts at one call of a function of ${timeout.toSeconds()} seconds may take longer than the ${COMPUTED_SECONDS - LONGEST_READ_SECONDS} seconds of them that are for calls`}. `
      + `EXPRESS ones are taken ${whereExpress(attempts)}`,
  );
  return { type: 'STANDARD', retries: functionRetries({ attempts }), size: most.STANDARD, ...parallel };
}

function fewCalls(factory: string, size: number): string {
  return `${factory} calls the function ${size === 1 ? 'once' : `at most ${size} times`} in each of its executions, so that all attempts at all calls fit into ${EXPRESS_SECONDS / 60} `
    + 'minutes. Every execution costs a state transition: with a shorter timeout of the function, fewer retryAttempts or a higher maxConcurrency, each makes more calls';
}

/** What would have to be asked for instead: the most retries with which there is a time-out at all. */
function whereExpress(attempts: number): string {
  for (let fewer = attempts; fewer >= 0; fewer -= 1) {
    const longest = longestExpressTimeout(fewer, LONGEST_READ_SECONDS);
    if (longest < 1) continue;
    const retries = fewer === attempts ? '' : `at most ${fewer} retryAttempts and `;
    return `with ${retries}a function of this app whose timeout is at most ${longest} ${longest === 1 ? 'second' : 'seconds'}`;
  }
  throw new RangeError('A call without retries fits into no execution');
}

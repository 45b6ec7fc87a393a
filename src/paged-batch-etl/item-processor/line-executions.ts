import { Annotations } from 'aws-cdk-lib';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { AslRetrier } from '../../private/synth/asl';
import { timeoutOf } from '../../private/synth/lambda-limits';
import { COMPUTED_SECONDS, expressRetries, longestExpressTimeout } from '../workflow/express-fit';
import { functionRetries } from '../workflow/task-retry';

/** Most bytes of a line that holds its item: the input of an execution has room for it, for the parameters of a run, and for what stands around them. */
export const MAX_LINE_BYTES = 180 * 1024;

/** Most bytes of a batch, parameters included. Source: 256 KiB, Step Functions quotas; AWS does not say whether it counts what batches have in common. */
export const MAX_BATCH_BYTES = 200 * 1024;

/** Of which type the executions are that call a function for a line or a batch of them, and how they retry it. */
export interface CallExecutions {
  readonly type: 'EXPRESS' | 'STANDARD';
  readonly retries: readonly AslRetrier[];
}

/**
 * EXPRESS where every retry of the function fits into the five minutes of such an execution, else STANDARD, which an annotation tells: they cost more,
 * and Step Functions starts fewer of them. Source: Step Functions quotas, 100 child executions of a Map Run a second, and 1,000 of type EXPRESS.
 */
export function callExecutions(scope: Construct, factory: string, handler: IFunction, attempts: number): CallExecutions {
  const timeout = timeoutOf(handler);
  const retries = timeout && expressRetries({ timeout, attempts });
  if (retries !== undefined) return { type: 'EXPRESS', retries };
  const longest = longestExpressTimeout(attempts);
  Annotations.of(scope).addInfo(
    `${factory} works in executions of type STANDARD: Step Functions starts about 100 of these a second, and bills each of their states. EXPRESS ones cost `
      + `less and start faster, but end after 5 minutes, and ${timeout === undefined
        ? 'the timeout of an imported function is not known'
        : `a function of ${timeout.toSeconds()} seconds with all its retries may take longer than ${COMPUTED_SECONDS} seconds`}. `
      + (longest > 0 ? `They are taken for a function of this app whose timeout is at most ${longest} seconds` : 'They are taken with fewer retryAttempts'),
  );
  return { type: 'STANDARD', retries: functionRetries({ attempts }) };
}

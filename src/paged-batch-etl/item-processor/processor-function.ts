import { Token } from 'aws-cdk-lib';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { AslObject, AslTask } from '../../private/synth/asl';
import { hasDefaultTimeout, invocationTaskTimeout, timeoutOf } from '../../private/synth/lambda-limits';
import { checkRegion, isOfAnotherAccount } from '../../private/synth/place';
import { checkInteger, refuseToken, theDefaultIs } from '../../private/synth/validation';
import { warn } from '../../private/synth/warning';
import { functionRetries } from '../workflow/task-retry';

const DEFAULT_RETRY_ATTEMPTS = 2;

/** More would take the history that pages need. */
const MAX_RETRY_ATTEMPTS = 20;

/** Most bytes of a page: leaves room for parameters and cursor, and documents travel once more in each iteration. Source: 256 KiB, Step Functions quotas. */
export const MAX_PAGE_BYTES = 180 * 1024;

export interface InvokeFunctionOptions {
  readonly partition: string;
  readonly handler: IFunction;
  readonly attempts: number;
  /** The member `Payload` or `Payload.$`. */
  readonly payload: AslObject;
}

/** A Task that calls the user's function; where it leads, and what becomes of the answer, is to be added. */
export function invokeFunction({ partition, handler, attempts, payload }: InvokeFunctionOptions): AslTask {
  return {
    Type: 'Task',
    Resource: `arn:${partition}:states:::lambda:invoke`,
    Parameters: { FunctionName: handler.functionArn, ...payload },
    TimeoutSeconds: invocationTaskTimeout(timeoutOf(handler)),
    Retry: functionRetries({ attempts }),
  };
}

/**
 * Refuses a function that is known to be out of reach, and warns of one that probably is or that probably ends too early.
 *
 * Of another account, a function can let the workflow in by its own policy, which nobody sees here. Source: Lambda developer guide, "Granting Lambda
 * function access to other accounts"; Step Functions developer guide, "Accessing resources in other AWS accounts".
 */
export function checkHandler(factory: string, scope: Construct, handler: IFunction): void {
  checkRegion(`handler of ${factory}`, scope, handler, 'Step Functions calls functions in its own Region only');
  if (isOfAnotherAccount(scope, handler.env.account)) {
    warn(
      scope, 'functionOfAnotherAccount',
      `handler of ${factory} is a function of account ${handler.env.account}: every page fails with AccessDeniedException unless the resource-based policy of `
        + 'the function lets the role of the workflow call it (lambda:InvokeFunction); add that in its account, or take a function of this account',
    );
  }
  if (hasDefaultTimeout(handler)) {
    warn(
      scope, 'functionTimeout',
      `handler of ${factory} has no timeout, so Lambda ends each call after 3 seconds, and the page fails when the attempts are used up; `
        + 'set timeout of the function to what the slowest call needs',
    );
  }
}

export function retryAttemptsOf(factory: string, retryAttempts: number = DEFAULT_RETRY_ATTEMPTS): number {
  refuseToken(`retryAttempts of ${factory}`, Token.isUnresolved(retryAttempts), 'the pages of an execution are computed from it');
  checkInteger(`retryAttempts of ${factory}`, retryAttempts, { min: 0, max: MAX_RETRY_ATTEMPTS }, theDefaultIs(DEFAULT_RETRY_ATTEMPTS));
  return retryAttempts;
}

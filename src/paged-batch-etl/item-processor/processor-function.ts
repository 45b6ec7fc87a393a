import { Duration, Token } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { AslObject, AslRetrier, AslTask } from '../../private/synth/asl';
import { CalledFunction, checkCalledFunction } from '../../private/synth/called-function';
import { invocationTaskTimeout, timeoutOf } from '../../private/synth/lambda-limits';
import { checkInteger, refuseToken, theDefaultIs } from '../../private/synth/validation';

const DEFAULT_RETRY_ATTEMPTS = 2;

/** More would take the history that pages need. */
export const MAX_RETRY_ATTEMPTS = 20;

/** Most bytes of a page: leaves room for parameters and cursor, and documents travel once more in each iteration. Source: 256 KiB, Step Functions quotas. */
export const MAX_PAGE_BYTES = 180 * 1024;

/**
 * Most bytes of a page that is processed by another execution, whose answer has the page once more. Of a Standard one it has input and output as they are, of
 * an Express one the input as a text, in which quotation marks and backslashes take two bytes each. Source: 256 KiB, Step Functions quotas.
 */
export const MAX_CHILD_PAGE_BYTES = 110 * 1024;

export interface InvokeFunctionOptions {
  readonly partition: string;
  readonly handler: IFunction;
  readonly retries: readonly AslRetrier[];
  /** The member `Payload` or `Payload.$`. */
  readonly payload: AslObject;
}

/** A Task that calls the user's function; where it leads, and what becomes of the answer, is to be added. */
export function invokeFunction({ partition, handler, retries, payload }: InvokeFunctionOptions): AslTask {
  return {
    Type: 'Task',
    Resource: `arn:${partition}:states:::lambda:invoke`,
    Parameters: { FunctionName: handler.functionArn, ...payload },
    TimeoutSeconds: invocationTaskTimeout(timeoutOf(handler)),
    Retry: retries,
  };
}

/** How long a call of the user's function may go on after whoever made it has ended. */
export function callOutlives(handler: IFunction | undefined): Duration {
  return Duration.seconds(invocationTaskTimeout(handler && timeoutOf(handler)));
}

/** The right of the machine to call a function, which is refused if it is out of reach. */
export function callHandler(factory: string, scope: Construct, handler: IFunction, caller: CalledFunction['caller'] = 'the workflow'): PolicyStatement {
  checkCalledFunction(scope, { factory, handler, caller, sameRegion: 'Step Functions calls functions in its own Region only' });
  return mayCall(handler);
}

export function mayCall(handler: IFunction): PolicyStatement {
  return new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [handler.functionArn] });
}

export function retryAttemptsOf(factory: string, retryAttempts: number = DEFAULT_RETRY_ATTEMPTS): number {
  refuseToken(`retryAttempts of ${factory}`, Token.isUnresolved(retryAttempts), 'the pages of an execution are computed from it');
  checkInteger(`retryAttempts of ${factory}`, retryAttempts, { min: 0, max: MAX_RETRY_ATTEMPTS }, theDefaultIs(DEFAULT_RETRY_ATTEMPTS));
  return retryAttempts;
}

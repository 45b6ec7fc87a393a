import { Token } from 'aws-cdk-lib';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { AslObject, AslTask } from '../../private/synth/asl';
import { checkInteger, refuseToken } from '../../private/synth/validation';
import { functionRetries } from '../workflow/task-retry';

const DEFAULT_RETRY_ATTEMPTS = 2;

/** More would take the history that pages need. */
const MAX_RETRY_ATTEMPTS = 20;

/** Longer than any function runs. Source: Lambda quotas, 900 seconds. */
const TIMEOUT_SECONDS = 910;

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
    TimeoutSeconds: TIMEOUT_SECONDS,
    Retry: functionRetries({ attempts }),
  };
}

export function retryAttemptsOf(factory: string, retryAttempts: number = DEFAULT_RETRY_ATTEMPTS): number {
  refuseToken(`retryAttempts of ${factory}`, Token.isUnresolved(retryAttempts), 'the pages of an execution are computed from it');
  checkInteger(`retryAttempts of ${factory}`, retryAttempts, { min: 0, max: MAX_RETRY_ATTEMPTS }, 'the default is 2');
  return retryAttempts;
}

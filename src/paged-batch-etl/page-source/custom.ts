import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { PageSourceBinding } from './binding';
import { CustomSourceOptions } from './page-source-options';
import { checkCalledFunction } from '../../private/synth/called-function';
import { LONGEST_INVOCATION, timeoutOf } from '../../private/synth/lambda-limits';
import { checkSeconds, refuseToken } from '../../private/synth/validation';
import { SourceEnvironment } from '../contracts/source-function';

/** Of a function whose own time-out is not known. */
const DEFAULT_TIMEOUT = Duration.minutes(1);

/** What our function in between needs beside the user's: to start, to check a page, and to say what is wrong with it. */
const ALLOWANCE_FOR_CHECKS = Duration.seconds(30);

/** Whole minutes within what Lambda lets any function run, without that allowance. */
export const LONGEST_CUSTOM_READ = Duration.minutes(Math.floor((LONGEST_INVOCATION.toSeconds() - ALLOWANCE_FOR_CHECKS.toSeconds()) / 60));

/** A function of the user's, behind one of ours that checks what it answers. */
export function custom({ handler, timeout = knownTimeout(handler) ?? DEFAULT_TIMEOUT }: CustomSourceOptions): PageSourceBinding {
  refuseToken('timeout of PageSource.custom', timeout.isUnresolved(), 'the workflow is computed from it');
  checkSeconds('timeout of PageSource.custom', timeout, { min: Duration.seconds(1), max: LONGEST_CUSTOM_READ }, 'let the function answer smaller pages');
  return {
    bind: ({ scope }) => {
      checkCalledFunction(scope, {
        factory: 'PageSource.custom', handler, caller: 'the source function', sameRegion: 'the source function calls functions in its own Region only',
      });
      return {
        handler: 'paged-batch-etl/source-functions/read-custom-page',
        description: 'Has a page read by the source function of the user, and checks it',
        environment: { [SourceEnvironment.SOURCE_FUNCTION_ARN]: handler.functionArn },
        statements: [new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [handler.functionArn] })],
        timeout: timeout.plus(ALLOWANCE_FOR_CHECKS),
        takesBatchSize: true,
        timedOutReadsRunOn: false,
        countsItems: false,
        memorySize: 256,
      };
    },
  };
}

/** No longer than the option may be. */
function knownTimeout(handler: IFunction): Duration | undefined {
  const timeout = timeoutOf(handler);
  return timeout !== undefined && timeout.toSeconds() > LONGEST_CUSTOM_READ.toSeconds() ? LONGEST_CUSTOM_READ : timeout;
}

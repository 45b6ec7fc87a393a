import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Alias, Function as LambdaFunction, IFunction, Version } from 'aws-cdk-lib/aws-lambda';
import { PageSourceBinding } from './binding';
import { CustomSourceOptions } from './page-source-options';
import { LONGEST_INVOCATION } from '../../private/synth/lambda-limits';
import { checkSeconds, refuseToken } from '../../private/synth/validation';
import { SourceEnvironment } from '../contracts/source-function';

/** What our function in between needs beside the user's: to start, to check a page, and to say what is wrong with it. */
const ALLOWANCE_FOR_CHECKS = Duration.seconds(30);

/** Whole minutes within what Lambda lets any function run, without that allowance. */
const LONGEST = Duration.minutes(Math.floor((LONGEST_INVOCATION.toSeconds() - ALLOWANCE_FOR_CHECKS.toSeconds()) / 60));

/** A function of the user's, behind one of ours that checks what it answers. */
export function custom({ handler, timeout = timeoutOf(handler) }: CustomSourceOptions): PageSourceBinding {
  refuseToken('timeout of PageSource.custom', timeout.isUnresolved(), 'the workflow is computed from it');
  checkSeconds('timeout of PageSource.custom', timeout, { min: Duration.seconds(1), max: LONGEST }, 'let the function answer smaller pages');
  return {
    bind: () => ({
      handler: 'paged-batch-etl/source-functions/read-custom-page',
      description: 'Has a page read by the source function of the user, and checks it',
      environment: { [SourceEnvironment.SOURCE_FUNCTION_ARN]: handler.functionArn },
      statements: [new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [handler.functionArn] })],
      timeout: timeout.plus(ALLOWANCE_FOR_CHECKS),
      memorySize: 256,
    }),
  };
}

/** Only a function that is defined in the same app tells its time-out. */
function timeoutOf(handler: IFunction): Duration {
  const called = handler instanceof Version || handler instanceof Alias ? handler.lambda : handler;
  if (!(called instanceof LambdaFunction)) return Duration.minutes(1);
  // Lambda's own default.
  const timeout = called.timeout ?? Duration.seconds(3);
  if (timeout.isUnresolved()) return Duration.minutes(1);
  return timeout.toSeconds() > LONGEST.toSeconds() ? LONGEST : timeout;
}

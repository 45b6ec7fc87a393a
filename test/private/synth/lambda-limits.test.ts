import { App, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Alias, Code, Function as LambdaFunction, IFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { invocationTaskTimeout, timeoutOf } from '../../../src/private/synth/lambda-limits';

const functionOf = (stack: Stack, timeout?: Duration): LambdaFunction => (
  new LambdaFunction(stack, 'Own', { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('exports.handler = () => 1'), timeout })
);

test.each<[what: string, handler: (stack: Stack) => IFunction, seconds: number]>([
  ['a function of the app', (stack) => functionOf(stack, Duration.minutes(2)), 130],
  ['one of the longest time-out', (stack) => functionOf(stack, Duration.seconds(1_800)), 1_810],
  ['one with the time-out that Lambda gives', (stack) => functionOf(stack), 13],
  ['a version', (stack) => functionOf(stack, Duration.minutes(2)).currentVersion, 130],
  ['an alias', (stack) => new Alias(stack, 'Alias', { aliasName: 'live', version: functionOf(stack, Duration.minutes(2)).currentVersion }), 130],
  ['a function that exists already', (stack) => LambdaFunction.fromFunctionName(stack, 'Theirs', 'theirs'), 1_810],
  ['a time-out that is a token', (stack) => functionOf(stack, Duration.seconds(Lazy.number({ produce: () => 60 }))), 1_810],
])('a Task waits for a function as long as that may run: %s', (_what, handler, seconds) => {
  expect(invocationTaskTimeout(timeoutOf(handler(new Stack(new App(), 'Stack'))))).toBe(seconds);
});

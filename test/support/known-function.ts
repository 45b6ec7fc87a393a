import { Duration, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, IFunction, Runtime } from 'aws-cdk-lib/aws-lambda';

/** A function that is defined in the same app, in another stack, so that its time-out is known; with an ARN that needs nothing of that stack. */
export function knownFunction(stack: Stack, functionArn: string, timeout: Duration = Duration.seconds(3)): IFunction {
  return new KnownFunction(functionArn, new Stack(stack.node.root, 'Theirs'), 'Handler', {
    runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('exports.handler = () => 1'), timeout,
  });
}

class KnownFunction extends LambdaFunction {
  constructor(functionArn: string, ...args: ConstructorParameters<typeof LambdaFunction>) {
    super(...args);
    Object.defineProperty(this, 'functionArn', { value: functionArn });
  }
}

import { Runtime, RuntimeFamily } from 'aws-cdk-lib/aws-lambda';
import { CommonConstruct, CommonProps, Configuration, Facts, synthesise, variantsOf } from './subject';

/** A runtime that the installed CDK may not know yet. */
const NEWER = new Runtime('nodejs24.x', RuntimeFamily.NODEJS);

/** Every function runs our bundle on a pinned runtime, and the prop for the runtime is the way out of a retired one. */
export function testFunctions<Made extends CommonConstruct, Props extends CommonProps>(
  facts: Facts<Made, Props>, runtimeProp: (runtime: Runtime) => Partial<Props>,
): void {
  const functionsOf = (configuration: Configuration<Made, Props>) => synthesise(facts, configuration).own
    .filter(({ Type }) => Type === 'AWS::Lambda::Function').map(({ Properties }) => [Properties.Handler, Properties.Runtime]);

  test.each(variantsOf(facts))('every function runs on a pinned runtime, or on the one that is given: %s', (_name, { props = () => ({}), then }) => {
    const functions = functionsOf({ props, then });
    expect(functions.length).toBeGreaterThan(0);
    expect(functions).toEqual(functions.map(() => ['index.handler', 'nodejs22.x']));
    expect(functionsOf({ props: (stack) => ({ ...props(stack), ...runtimeProp(NEWER) }), then }))
      .toEqual(functions.map(() => ['index.handler', 'nodejs24.x']));
  });
}

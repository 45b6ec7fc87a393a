import { App, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import { namesIn } from './names';
import { statefulIds } from './stateful-ids';
import { CommonConstruct, CommonProps, Configuration, extrasOf, Facts, variantsOf } from './subject';
import { resources } from '../template';

/** Any number of instances live side by side. */
export function testInstances<Made extends CommonConstruct, Props extends CommonProps>(facts: Facts<Made, Props>): void {
  const idsBelow = (stack: Stack, id: string) => Object.fromEntries(
    Object.entries(statefulIds(resources(Template.fromStack(stack)))).filter(([logicalId]) => logicalId.startsWith(id)),
  );
  const allNames = (stacks: readonly Stack[]) => stacks.flatMap((stack) => namesIn(resources(Template.fromStack(stack))));

  /** Two instances with the same props, so that they share every strategy object. */
  const makeTwo = (scope: Construct, { props: changes = () => ({}), then = () => {} }: Configuration<Made, Props> = {}) => {
    const stack = Stack.of(scope);
    const props = facts.props(stack, changes(stack));
    for (const id of [facts.id, 'Others']) then(new facts.Construct(scope, id, props), stack);
  };

  test.each(variantsOf(facts))('two live in one stack, and share strategy objects unless the CDK refuses it: %s', (_name, variant) => {
    const stack = new Stack(new App(), 'Stack');
    if (variant.notShared !== undefined) {
      expect(() => makeTwo(stack, variant)).toThrow(variant.notShared);
      return;
    }
    makeTwo(stack, variant);
    const expected = extrasOf(facts, variant).ids;
    expect(idsBelow(stack, facts.id)).toEqual(expected);
    expect(Object.values(idsBelow(stack, 'Others')).sort()).toEqual(Object.values(expected).sort());
    const names = allNames([stack]);
    expect(new Set(names).size).toBe(names.length);
  });

  test('they live in one scope of scopes, in stages and in nested stacks, under names of their own', () => {
    const app = new App();
    const parents = ['One', 'Two'].map((id) => new Stack(app, id));
    const stages = ['Beta', 'Prod'].map((id) => new Stack(new Stage(app, id), 'One'));
    const stacks = [...parents, ...stages, ...parents.map((parent) => new NestedStack(parent, 'Nested'))];
    for (const stack of stacks) makeTwo(new Construct(new Construct(stack, 'Outer'), 'Inner'));
    const types = Object.values(extrasOf(facts, {}).ids);
    for (const stack of stacks) expect(Object.values(idsBelow(stack, 'OuterInner')).sort()).toEqual([...types, ...types].sort());
    const names = allNames(stacks);
    expect(names).toHaveLength(2 * facts.named.length * stacks.length);
    expect(new Set(names).size).toBe(names.length);
  });

  test('those of the same app deployed twice under other stack names do not clash', () => {
    const stacks = ['blue', 'green'].map((stackName) => new Stack(new App(), 'Stack', { stackName }));
    for (const stack of stacks) makeTwo(stack);
    const names = allNames(stacks);
    expect(names).toHaveLength(4 * facts.named.length);
    expect(new Set(names).size).toBe(names.length);
  });
}

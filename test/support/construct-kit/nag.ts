import { Aspects } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { CommonConstruct, CommonProps, Configuration, extrasOf, Facts, synthesise, variantsOf } from './subject';

/** cdk-nag finds what is accepted. Any other finding fails the test, and so does one that no longer occurs. */
export function testNag<Made extends CommonConstruct, Props extends CommonProps>(facts: Facts<Made, Props>): void {
  const brief = (rule: string) => rule
    .replace(new RegExp(`<${facts.id}(\\w+)[0-9A-F]{8}\\.`), '<$1.')
    .replace(new RegExp(`Resource::arn:\\{.*:execution:.*"(?:${facts.id})?(\\w+)[0-9A-F]{8}".*:\\*`), 'Resource::executions of $1');

  /** Rule and resource of every finding that is not about something brought, without the hashes of logical ids. */
  const findings = ({ props, then }: Configuration<Made, Props>): string[] => {
    const { stack, broughtScopes } = synthesise(facts, {
      props,
      then: (made, parent) => {
        then?.(made, parent);
        Aspects.of(parent).add(new AwsSolutionsChecks());
      },
    });
    const annotations = Annotations.fromStack(stack);
    return [...annotations.findError('*', Match.anyValue()), ...annotations.findWarning('*', Match.anyValue())]
      .filter(({ id }) => !broughtScopes.some(({ node }) => id.startsWith(`/${node.path}/`)))
      .map(({ id, entry }) => `${brief(String(entry.data).split(': ', 1)[0])} ${id.replace(`/Stack/${facts.id}/`, '')}`);
  };

  test.each(variantsOf(facts))('cdk-nag finds only what is accepted: %s', (_name, variant) => {
    expect(findings(variant).sort()).toEqual([...extrasOf(facts, variant).findings].sort());
  });
}

import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import { expectSecure } from './security';
import { statefulIds } from './stateful-ids';
import { CommonConstruct, CommonProps, Facts, Synthesised, synthesise, variantsOf } from './subject';
import { definitionsIn, rightsOf, roleStatements } from '../template';

/** What CDK itself names after the flags, on purpose: none of it has state. */
const RENAMED_BY_FLAGS = new Set(['AWS::ApiGateway::RequestValidator', 'AWS::ApiGateway::Deployment']);

/** Feature flags are the choice of the app, so nothing may depend on them. */
export function testFeatureFlags<Made extends CommonConstruct, Props extends CommonProps>(facts: Facts<Made, Props>): void {
  const rightsIn = ({ template }: Synthesised<Made>) => roleStatements(template, facts.id);

  describe.each(variantsOf(facts))('%s', (_name, variant) => {
    const without = synthesise(facts, variant, { context: {} });
    const withAll = synthesise(facts, variant, { context: recommendedFlags });

    test('synthesises securely with no flag and with all of them', () => {
      expectSecure(without);
      expectSecure(withAll);
    });

    test('state keeps its ids', () => {
      expect(statefulIds(withAll.own)).toEqual(statefulIds(without.own));
    });

    test('only what CDK renames itself is renamed', () => {
      const ids = ({ own }: Synthesised<Made>) => own.filter(({ Type }) => !RENAMED_BY_FLAGS.has(Type)).map(({ id }) => id).sort();
      expect(ids(withAll)).toEqual(ids(without));
    });

    test('the state machines are the same', () => {
      expect(definitionsIn(withAll.own)).not.toEqual({});
      expect(definitionsIn(withAll.own)).toEqual(definitionsIn(without.own));
    });

    test('merged policies allow no more', () => {
      expect(rightsOf(rightsIn(withAll))).toEqual(rightsOf(rightsIn(without)));
    });
  });

  test('the flags do change the template, so that this file tests something', () => {
    const policies = (context: Record<string, unknown>) => rightsIn(synthesise(facts, facts.everyOption, { context }));
    expect(policies(recommendedFlags)).not.toEqual(policies({}));
  });
}

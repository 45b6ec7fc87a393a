import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import { everyOption } from '../support/every-option';
import { definitionOf, expectSecure, idsOf, resources, roleStatements, synth } from '../support/synth';

const STATEFUL = /^AWS::(ApiGateway::RestApi|StepFunctions::StateMachine|SecretsManager::Secret|Athena::WorkGroup|SQS::Queue|Logs::LogGroup|S3::Bucket)$/;

/** What CDK itself names after the flags, on purpose: none of it has state. */
const RENAMED_BY_FLAGS = new Set(['AWS::ApiGateway::RequestValidator', 'AWS::ApiGateway::Deployment']);

const cases = [['no props', () => ({})] as const, ['every option', everyOption] as const];

describe.each(cases)('%s', (_name, props) => {
  const without = synth(props, undefined, { context: {} }).template;
  const withAll = synth(props, undefined, { context: recommendedFlags }).template;

  test('synthesises securely with no flag and with all of them', () => {
    expectSecure(without);
    expectSecure(withAll);
  });

  test('state keeps its ids', () => {
    expect(idsOf(withAll, STATEFUL)).toEqual(idsOf(without, STATEFUL));
  });

  test('only what CDK renames itself is renamed', () => {
    const ids = (template: typeof without) => resources(template).filter(({ Type }) => !RENAMED_BY_FLAGS.has(Type)).map(({ id }) => id).sort();
    expect(ids(withAll)).toEqual(ids(without));
  });

  test('the workflow is the same', () => {
    expect(definitionOf(withAll)).toEqual(definitionOf(without));
  });

  test('merged policies allow no more', () => {
    const rights = (template: typeof without) => roleStatements(template).flatMap(({ Effect, Action, Resource, Condition }) =>
      Action.flatMap((action) => Resource.map((resource) => JSON.stringify([Effect, action, resource, Condition ?? null]))));
    expect([...new Set(rights(withAll))].sort()).toEqual([...new Set(rights(without))].sort());
  });
});

test('the flags do change the template, so that this file tests something', () => {
  const policies = (context: Record<string, unknown>) => JSON.stringify(roleStatements(synth(everyOption, undefined, { context }).template));
  expect(policies(recommendedFlags)).not.toBe(policies({}));
});

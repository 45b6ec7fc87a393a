import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import { RunContinuation } from '../../src';
import { everyEtlOption } from '../support/every-etl-option';
import { definition, idsOf, resources, resourcesOfType, roleStatements } from '../support/synth';
import { EtlProps, expectSecureEtl, synthEtl } from '../support/synth-etl';

const STATEFUL = /^AWS::(StepFunctions::StateMachine|Logs::LogGroup|Lambda::Function|CloudWatch::Alarm)$/;

const cases: [name: string, props: EtlProps][] = [
  ['no more than must be', () => ({})],
  ['every option', everyEtlOption],
  ['restarting itself', () => ({ continuation: RunContinuation.selfRestart() })],
];

describe.each(cases)('%s', (_name, props) => {
  const without = synthEtl(props, undefined, { context: {} }).template;
  const withAll = synthEtl(props, undefined, { context: recommendedFlags }).template;

  test('synthesises securely with no flag and with all of them', () => {
    expectSecureEtl(without);
    expectSecureEtl(withAll);
  });

  test('state keeps its ids', () => {
    expect(idsOf(withAll, STATEFUL)).toEqual(idsOf(without, STATEFUL));
  });

  test('nothing of ours is renamed', () => {
    const ids = (template: typeof without) => resources(template).map(({ id }) => id).filter((id) => id.startsWith('Metrics')).sort();
    expect(ids(withAll)).toEqual(ids(without));
  });

  test('the machines are the same', () => {
    const machines = (template: typeof without) => resourcesOfType(template, 'AWS::StepFunctions::StateMachine').map((machine) => definition(machine));
    expect(machines(withAll)).toEqual(machines(without));
  });

  test('merged policies allow no more', () => {
    const rights = (template: typeof without) => roleStatements(template, 'Metrics').flatMap(({ Effect, Action, Resource, Condition }) =>
      Action.flatMap((action) => Resource.map((resource) => JSON.stringify([Effect, action, resource, Condition ?? null]))));
    expect([...new Set(rights(withAll))].sort()).toEqual([...new Set(rights(without))].sort());
  });
});

test('the flags do change the template, so that this file tests something', () => {
  const policies = (context: Record<string, unknown>) => JSON.stringify(roleStatements(synthEtl(everyEtlOption, undefined, { context }).template));
  expect(policies(recommendedFlags)).not.toBe(policies({}));
});

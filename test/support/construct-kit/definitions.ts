import { CommonConstruct, CommonProps, Configuration, Facts, synthesise, variantsOf } from './subject';
import { AslMachine } from '../../../src/private/synth/asl';
import { aslProblem } from '../asl-schema';
import { definitionFaults } from '../definition-faults';
import { definitionsIn } from '../template';

/** Definitions are valid Amazon States Language. */
export function testDefinitions<Made extends CommonConstruct, Props extends CommonProps>(
  facts: Facts<Made, Props>, more: readonly [name: string, configuration: Configuration<Made, Props>][] = [],
): void {
  /** As they are deployed in a Region of the partition: the validator looks at ARNs. */
  const deployed = (configuration: Configuration<Made, Props> = {}): AslMachine[] => (
    Object.values(definitionsIn(synthesise(facts, configuration).own)).map((machine) => JSON.parse(JSON.stringify(machine).replaceAll('<AWS::Partition>', 'aws')))
  );

  test.each([...variantsOf(facts), ...more])('the state machines are valid Amazon States Language: %s', (_name, configuration) => {
    const machines = deployed(configuration);
    expect(machines.length).toBeGreaterThan(0);
    expect(machines.map((machine) => aslProblem(machine))).toEqual(machines.map(() => undefined));
    expect(machines.map((machine) => definitionFaults(machine))).toEqual(machines.map(() => []));
  });

  test('and an invalid one is noticed', () => {
    const [{ States, ...machine }] = deployed();
    const lost = { Type: 'Wait', SecondsPath: '$wait', Next: 'Nowhere' };
    const invalid = [
      { ...machine, States, StartAt: 'Nowhere' },
      { ...machine, States: { ...States, [machine.StartAt]: { ...States[machine.StartAt], Next: 'Lost' }, Lost: lost } },
    ];
    expect(aslProblem({ ...machine, States })).toBeUndefined();
    expect(invalid.map((definition) => aslProblem(definition))).toEqual([expect.any(String), expect.any(String)]);
    expect(definitionFaults({ ...machine, States })).toEqual([]);
    expect(invalid.map((definition) => definitionFaults(definition))).not.toContainEqual([]);
  });
}

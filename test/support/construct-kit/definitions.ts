import validate from 'asl-validator';
import { CommonConstruct, CommonProps, Configuration, Facts, synthesise, variantsOf } from './subject';
import { AslMachine } from '../../../src/private/synth/asl';
import { definitionsIn } from '../template';

const known = new Map<string, string>();

/** What is wrong with a definition. Variants share most of them, and looking at one takes longer than making it. */
function errorsOf(machine: AslMachine): string {
  const text = JSON.stringify(machine);
  const errors = known.get(text) ?? validate(machine).errorsText('; ');
  known.set(text, errors);
  return errors;
}

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
    expect(machines.map(errorsOf)).toEqual(machines.map(() => ''));
  });

  test('and an invalid one is noticed', () => {
    const [{ States, ...machine }] = deployed();
    const lost = { Type: 'Wait', SecondsPath: '$wait', Next: 'Nowhere' };
    const invalid = [
      { ...machine, States, StartAt: 'Nowhere' },
      { ...machine, States: { ...States, [machine.StartAt]: { ...States[machine.StartAt], Next: 'Lost' }, Lost: lost } },
    ];
    expect(validate({ ...machine, States }).isValid).toBe(true);
    expect(invalid.map((definition) => validate(definition).isValid)).toEqual([false, false]);
  });
}

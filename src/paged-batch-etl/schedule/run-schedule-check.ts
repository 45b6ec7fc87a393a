import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { RunWindowBinding } from './binding';
import { checkClocks } from './schedule-clock-check';
import { InvalidPropError } from '../../private/synth/validation';
import { WindowConfig } from '../contracts/plan-run';
import { RunParameterBindings } from '../run-parameter/binding';
import { checkParameterValue } from '../run-parameter/value-check';

interface CheckedProps {
  readonly schedule: ScheduleExpression;
  readonly window: RunWindowBinding;
  readonly parameters: RunParameterBindings;
  readonly values?: Readonly<Record<string, string | number>>;
}

/** Refuses a schedule that would miss windows, or whose runs would lack a parameter. */
export function checkSchedule(id: string, { schedule, window: { config }, parameters, values = {} }: CheckedProps): void {
  if (id === '') throw new InvalidPropError('the id of a schedule', id, 'a text', 'such as `Nightly`');
  checkWindow(id, config, parameters);
  checkValues(id, config, parameters, values);
  checkClocks(id, schedule, config);
}

function checkWindow(id: string, { begin, end }: WindowConfig, parameters: RunParameterBindings): void {
  const dates = Object.entries(parameters).filter(([, { rule }]) => rule.type === 'date').map(([name]) => name);
  for (const [member, name] of [['begin', begin], ['end', end]]) {
    if (!dates.includes(name)) {
      throw new InvalidPropError(
        `${member} of the window of schedule ${id}`, name, `the name of a date parameter: ${listOf(dates)}`, 'declare it with RunParameter.date()',
      );
    }
  }
  if (begin === end) {
    throw new InvalidPropError(`end of the window of schedule ${id}`, end, 'another parameter than begin', 'declare a date for either');
  }
}

function checkValues(
  id: string, { begin, end }: WindowConfig, parameters: RunParameterBindings, values: Readonly<Record<string, string | number>>,
): void {
  for (const [name, value] of Object.entries(values)) {
    const what = `${name} in parameters of schedule ${id}`;
    if (name === begin || name === end) throw new InvalidPropError(what, value, 'left out', 'the window of the schedule fills it');
    if (!Object.hasOwn(parameters, name)) {
      const declared = Object.keys(parameters).filter((candidate) => candidate !== begin && candidate !== end);
      throw new InvalidPropError(
        `every name in parameters of schedule ${id}`, name, `that of a parameter of the run: ${listOf(declared)}`, `declare ${name} in parameters of the construct`,
      );
    }
    checkParameterValue(what, parameters[name].rule, value);
  }
  const filled = [begin, end, ...Object.keys(values)];
  const unfilled = Object.keys(parameters).filter((name) => !filled.includes(name) && parameters[name].defaultValue === undefined);
  if (unfilled.length === 0) return;
  throw new InvalidPropError(
    `every parameter but those of the window of schedule ${id}`, listOf(unfilled), 'one with a value',
    'give them a value in parameters of the schedule, or a defaultValue, or start such runs yourself',
  );
}

function listOf(names: readonly string[]): string {
  return names.length === 0 ? 'there is none' : names.join(', ');
}

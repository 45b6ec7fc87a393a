import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { RunWindowBinding } from './binding';
import { checkClocks } from './schedule-clock-check';
import { InvalidPropError } from '../../private/synth/validation';
import { WindowConfig } from '../contracts/plan-run';
import { RunParameterBindings } from '../run-parameter/binding';

interface CheckedProps {
  readonly schedule: ScheduleExpression;
  readonly window: RunWindowBinding;
  readonly parameters: RunParameterBindings;
}

/** Refuses a schedule that would miss windows, or whose runs would lack a parameter. */
export function checkSchedule(id: string, { schedule, window: { config }, parameters }: CheckedProps): void {
  if (id === '') throw new InvalidPropError('the id of a schedule', id, 'a text', 'such as `Nightly`');
  checkParameters(id, config, parameters);
  checkClocks(id, schedule, config);
}

function checkParameters(id: string, { begin, end }: WindowConfig, parameters: RunParameterBindings): void {
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
  const unfilled = Object.keys(parameters).filter((name) => name !== begin && name !== end && parameters[name].defaultValue === undefined);
  if (unfilled.length > 0) {
    throw new InvalidPropError(
      `every parameter but those of the window of schedule ${id}`, listOf(unfilled), 'one with a default value',
      'a schedule fills no others: give them a defaultValue, or start such runs yourself',
    );
  }
}

function listOf(names: readonly string[]): string {
  return names.length === 0 ? 'there is none' : names.join(', ');
}

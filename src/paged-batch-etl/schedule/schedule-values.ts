import { Token } from 'aws-cdk-lib';
import { ScheduleParameters } from '../contracts/plan-run';
import { RunParameterBindings } from '../run-parameter/binding';

/** Values of parameters as a run is given them: of an integer the number, if it is one. What is none stays a text, and is refused by the check. */
export function typedValues(given: Readonly<Record<string, string>>, parameters: RunParameterBindings): ScheduleParameters {
  const isInteger = (name: string) => Object.hasOwn(parameters, name) && parameters[name].rule.type === 'integer';
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, isInteger(name) ? numberIn(value) : value]));
}

/** In the order of their names: some languages hand over a map in the order of its making, others sorted. */
export function sortedValues(values: ScheduleParameters): ScheduleParameters {
  return Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function numberIn(text: string): string | number {
  if (Token.isUnresolved(text)) return Token.asNumber(text);
  return /^-?\d{1,16}$/.test(text) ? Number(text) : text;
}

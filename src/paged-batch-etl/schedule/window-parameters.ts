import { InvalidPropError } from '../../private/synth/validation';
import { RunParameterBindings } from '../run-parameter/binding';
import { checkParameterValue } from '../run-parameter/value-check';

/** Runs that are each for a window of time: what fills their parameters. */
export interface WindowedRuns {
  /** What starts them, for messages. */
  readonly kind: 'schedule' | 'backfill';
  readonly id: string;
  /** What names the two parameters, for messages. */
  readonly namedBy: { readonly begin: string; readonly end: string };
  /** Names of the parameters that the window fills. */
  readonly window: { readonly begin: string; readonly end: string };
  readonly parameters: RunParameterBindings;
  /** Values of others. */
  readonly values: Readonly<Record<string, string | number>>;
}

/** Refuses runs that would lack a parameter, or have one that does not exist. */
export function checkWindowedRuns(runs: WindowedRuns): void {
  checkWindow(runs);
  checkValues(runs);
}

function checkWindow({ namedBy, window: { begin, end }, parameters }: WindowedRuns): void {
  const dates = Object.entries(parameters).filter(([, { rule }]) => rule.type === 'date').map(([name]) => name);
  for (const [member, name] of [[namedBy.begin, begin], [namedBy.end, end]]) {
    if (!dates.includes(name)) {
      throw new InvalidPropError(member, name, `the name of a date parameter: ${listOf(dates)}`, 'declare it with RunParameter.date()');
    }
  }
  if (begin === end) throw new InvalidPropError(namedBy.end, end, `another parameter than ${namedBy.begin.split(' ')[0]}`, 'declare a date for either');
}

function checkValues({ kind, id, window: { begin, end }, parameters, values }: WindowedRuns): void {
  for (const [name, value] of Object.entries(values)) {
    const what = `${name} in parameters of ${kind} ${id}`;
    if (name === begin || name === end) throw new InvalidPropError(what, value, 'left out', `the window of the ${kind} fills it`);
    if (!Object.hasOwn(parameters, name)) {
      const declared = Object.keys(parameters).filter((candidate) => candidate !== begin && candidate !== end);
      throw new InvalidPropError(
        `every name in parameters of ${kind} ${id}`, name, `that of a parameter of the run: ${listOf(declared)}`, `declare ${name} in parameters of the construct`,
      );
    }
    checkParameterValue(what, parameters[name].rule, value);
  }
  const filled = [begin, end, ...Object.keys(values)];
  const unfilled = Object.keys(parameters).filter((name) => !filled.includes(name) && parameters[name].defaultValue === undefined);
  if (unfilled.length === 0) return;
  throw new InvalidPropError(
    `every parameter but those of the window of ${kind} ${id}`, listOf(unfilled), 'one with a value',
    `give them a value in parameters of the ${kind}, or a defaultValue, or start such runs yourself`,
  );
}

function listOf(names: readonly string[]): string {
  return names.length === 0 ? 'there is none' : names.join(', ');
}

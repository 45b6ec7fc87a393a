import { printJson } from '../../../json';
import { WaitState } from '../definition';
import { Data } from '../expressions';
import { RuntimeProblem } from '../failure';
import { Run } from '../run';
import { parseTimestamp } from '../timestamp';
import { Transition, Visit } from '../visit';

/** Wait: lets virtual time pass. */
export async function runWait(visit: Visit<WaitState>): Promise<Transition> {
  const { state, run } = visit;
  const input = visit.selectInput(state);
  const end = endOfWait(visit, visit.data(input));
  await run.clock.sleep(Math.max(0, end - run.clock.now()), visit.scope.signal);
  return { output: visit.select(state.OutputPath, input), assigned: visit.assigned(state, visit.data(input)), next: state.Next };
}

/** Epoch milliseconds. A redriven Wait goes on with the rest of its time, since it counts from when it was entered. */
function endOfWait({ state, run, entered }: Visit<WaitState>, data: Data): number {
  if (state.Timestamp !== undefined) return timestamp(state.Timestamp, `The Timestamp parameter is not valid: ${state.Timestamp}`);
  if (state.TimestampPath !== undefined) {
    const path = state.TimestampPath;
    const value = printJson(run.expressions.readField(path, data));
    const expected = 'a valid ISO-8601 extended offset date-time format string';
    return timestamp(value, `The TimestampPath parameter does not reference ${expected}: ${path} == ${value}`);
  }
  return entered.time + 1000 * (state.SecondsPath === undefined ? (state.Seconds ?? 0) : seconds(state.SecondsPath, run, data));
}

function seconds(path: string, run: Run, data: Data): number {
  const value = run.expressions.readField(path, data);
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw new RuntimeProblem(`The SecondsPath parameter cannot be parsed as a long value: ${path} == ${printJson(value)}`);
  }
  if (value < 0) throw new RuntimeProblem(`The SecondsPath parameter references a negative value: ${path} == ${value}`);
  return value;
}

function timestamp(text: string, problem: string): number {
  const time = parseTimestamp(text);
  if (time === undefined) throw new RuntimeProblem(problem);
  return time;
}

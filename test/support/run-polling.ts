/**
 * Runs the rendered states of a polling loop against an imagined query, in imagined time.
 *
 * It knows Task, Pass, Wait and Choice states, variables and the two intrinsic functions that compute on them; events are counted as recorded
 * histories have them. Anything else is an error.
 */
import { QueryStates } from '../../src/async-athena-query-api/query-completion/binding';
import { AslCondition, AslObject, AslState, AslValue } from '../../src/private/synth/asl';

export interface ImaginedQuery {
  /** Seconds from its start until the query ends by itself. */
  readonly endsAfter: number;
  /** Seconds from the request to stop it until it is cancelled; never by default. */
  readonly stopsWithin?: number;
  /** How it ends by itself; SUCCEEDED by default. */
  readonly endsAs?: 'SUCCEEDED' | 'FAILED';
  /** Every call uses all its retries, and the last attempt succeeds. */
  readonly flaky?: boolean;
}

export interface PollingRun {
  /** When the loop was left, in seconds of waiting. */
  readonly seconds: number;
  readonly status: string;
  readonly transitions: number;
  readonly events: number;
  /** When each call was made, by action. */
  readonly calls: { readonly [action: string]: readonly number[] };
}

const EVENTS_OF_A_VISIT = 2;
const EVENTS_OF_AN_ATTEMPT = 3;

/** Seconds between two looks of Step Functions itself at what it waits for (`.sync`). */
const OWN_LOOKS = 60;

export function runPolling({ startAt, states }: QueryStates, query: ImaginedQuery): PollingRun {
  const variables: Record<string, AslValue> = {};
  const calls: Record<string, number[]> = {};
  let seconds = 0;
  let transitions = 0;
  let events = 0;

  const evaluate = (expression: string): AslValue => {
    if (expression.startsWith('$')) return known(variables[expression.slice(1)], expression);
    const [, name, first, second] = known(/^States\.(\w+)\((\$\w+), (\$?\w+)\)$/.exec(expression) ?? undefined, expression);
    const right = Number(second.startsWith('$') ? evaluate(second) : second);
    const left = evaluate(first);
    if (name === 'MathAdd') return Number(left) + right;
    if (name === 'ArrayGetItem' && Array.isArray(left)) return known(left[right], expression);
    throw new Error(`unknown function: ${expression}`);
  };
  const assign = (members: AslObject = {}) => {
    const assigned = Object.entries(members).map(([key, value]) => (key.endsWith('.$') ? [key.slice(0, -2), evaluate(String(value))] : [key, value]));
    Object.assign(variables, Object.fromEntries(assigned));
  };
  const status = (): string => {
    const stoppedAt = (calls.stopQueryExecution?.[0] ?? Infinity) + (query.stopsWithin ?? Infinity);
    if (seconds >= query.endsAfter && query.endsAfter <= stoppedAt) return query.endsAs ?? 'SUCCEEDED';
    return seconds >= stoppedAt ? 'CANCELLED' : 'RUNNING';
  };
  /** Waits as a Task with `.sync` does; answers the error it ends with, if any. */
  const waitForEnd = (timeout: number): string | undefined => {
    events++;
    const noticed = Math.max(1, Math.ceil(query.endsAfter / OWN_LOOKS)) * OWN_LOOKS;
    seconds += Math.min(noticed, timeout);
    if (noticed > timeout) return 'States.Timeout';
    return status() === 'SUCCEEDED' ? undefined : 'States.TaskFailed';
  };
  const holds = (rule: AslCondition): boolean => {
    if ('Or' in rule) return rule.Or.some(holds);
    if (!('Variable' in rule)) throw new Error(`unknown condition: ${JSON.stringify(rule)}`);
    const value = rule.Variable === '$.AthenaResult.QueryExecution.Status.State' ? status() : evaluate(rule.Variable);
    if ('StringEquals' in rule) return value === rule.StringEquals;
    if ('NumericEquals' in rule) return value === rule.NumericEquals;
    if ('NumericGreaterThan' in rule) return Number(value) > rule.NumericGreaterThan;
    if ('NumericGreaterThanEquals' in rule) return Number(value) >= rule.NumericGreaterThanEquals;
    throw new Error(`unknown comparison: ${JSON.stringify(rule)}`);
  };
  const visit = (state: AslState): string | undefined => {
    if (state.Type === 'Wait') {
      seconds += Number(evaluate(state.SecondsPath));
      return state.Next;
    }
    if (state.Type === 'Pass') {
      if ('Assign' in state) assign(state.Assign);
      return state.Next;
    }
    if (state.Type === 'Task') {
      (calls[state.Resource.split(':').slice(-1)[0]] ??= []).push(seconds);
      const retries = query.flaky ? (state.Retry ?? []).reduce((sum, { MaxAttempts }) => sum + MaxAttempts, 0) : 0;
      events += EVENTS_OF_AN_ATTEMPT * (1 + retries);
      const error = state.Resource.endsWith('.sync') ? waitForEnd(state.TimeoutSeconds) : undefined;
      const caught = state.Catch?.find(({ ErrorEquals }) => error !== undefined && [error, 'States.ALL'].some((name) => ErrorEquals.includes(name)));
      assign((caught ?? state).Assign);
      return (caught ?? state).Next;
    }
    if (state.Type !== 'Choice') throw new Error(`unknown state: ${state.Type}`);
    const taken = state.Choices.find(holds);
    assign((taken ?? state).Assign);
    return taken?.Next ?? state.Default;
  };

  for (let at: string | undefined = startAt; at !== undefined && at in states; transitions++) {
    events += EVENTS_OF_A_VISIT;
    at = visit(states[at]);
  }
  return { seconds, status: status(), transitions, events, calls };
}

function known<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`not known: ${what}`);
  return value;
}

import { CancellationScope } from './cancellation';
import { Assigning, DataFlow, Results, State, Transitions } from './definition';
import { Data } from './expressions';
import { DATA_LIMIT_EXCEEDED, DataProblem, RuntimeProblem, StateFailure } from './failure';
import { Frame } from './frame';
import { EventDetails } from './history';
import { Run } from './run';
import { formatTimestamp } from './timestamp';
import { JsonObject, JsonValue, printJson } from '../../json';
import { parsePath } from '../paths/path';
import { putAt, ReferencePathMismatch } from '../paths/reference-path';

/** How a state was left. */
export interface Transition {
  readonly output: JsonValue;
  /** Variables to assign. */
  readonly assigned?: JsonObject;
  /** The next state; undefined at the end. */
  readonly next?: string;
}

/** One visit of one state, from its Entered to its Exited event. */
export class Visit<S extends State = State> {
  /** `$$.State.RetryCount`; undefined for states that cannot be retried. */
  retryCount?: number;

  constructor(
    readonly run: Run,
    readonly frame: Frame,
    readonly scope: CancellationScope,
    readonly name: string,
    readonly state: S,
    readonly entered: { readonly eventId: number; readonly time: number },
  ) {}

  /** The same visit, its state known to be of a certain type. */
  as<T extends State>(state: T): Visit<T> {
    return new Visit(this.run, this.frame, this.scope, this.name, state, this.entered);
  }

  /** The raw input. */
  get input(): JsonValue {
    return this.frame.input;
  }

  /** The beginning of a cause that AWS writes about this visit. */
  get place(): string {
    return `An error occurred while executing the state '${this.name}' (entered at the event id #${this.entered.eventId}).`;
  }

  /** Adds an event to the path of this frame. */
  record(type: string, details: EventDetails = {}): void {
    this.frame.previousEventId = this.note(type, details);
  }

  /** Adds an event beside the path: the next one will not name it as its predecessor. Answers its id. */
  note(type: string, details: EventDetails = {}): number {
    this.scope.throwIfCancelled();
    return this.run.history.append(type, this.frame.previousEventId, details).id;
  }

  /** What paths see when `$` is the given value; `extra` adds to the context object. */
  data(input: JsonValue, extra: JsonObject = {}): Data {
    return { input, context: () => this.context(extra), variable: (name) => this.frame.variables.get(name) };
  }

  /** The input after InputPath. */
  selectInput(state: DataFlow): JsonValue {
    return this.select(state.InputPath, this.input);
  }

  /** A value after a path such as OutputPath; null stands for the empty object. */
  select(path: string | null | undefined, value: JsonValue): JsonValue {
    if (path === undefined || path === '$') return value;
    return path === null ? {} : this.run.expressions.readField(path, this.data(value));
  }

  fill(template: JsonValue | undefined, data: Data): JsonValue {
    return template === undefined ? data.input : this.run.expressions.fill(template, data);
  }

  /** The variables of an Assign, computed with the values they had before. */
  assigned(assigning: Assigning, data: Data): JsonObject | undefined {
    if (assigning.Assign === undefined) return undefined;
    // A template that is an object fills to an object.
    return Object.fromEntries(Object.entries(assigning.Assign).map(([name, value]) => this.assignment(name, value, data)));
  }

  /** The raw input with a result put where ResultPath says. */
  combine(path: string | null | undefined, result: JsonValue): JsonValue {
    if (path === undefined || path === '$') return result;
    if (path === null) return this.input;
    try {
      return putAt(parsePath(path, 1), this.input, result);
    } catch (error) {
      if (error instanceof ReferencePathMismatch) throw new DataProblem('States.ResultPathMatchFailure', error.message);
      throw error;
    }
  }

  /** Leaves the state with a result: ResultSelector, ResultPath, OutputPath and Assign, whose `$` is the result itself. */
  leaveWith(state: DataFlow & Results & Assigning & Transitions, result: JsonValue): Transition {
    const selected = this.fill(state.ResultSelector, this.data(result));
    const output = this.select(state.OutputPath, this.combine(state.ResultPath, selected));
    return { output, assigned: this.assigned(state, this.data(result)), next: state.Next };
  }

  /** A whole number given directly or by a path. */
  integer(field: string, given: number | undefined, path: string | undefined, data: Data): number | undefined {
    if (path === undefined) return given;
    const value = this.run.expressions.readField(path, data);
    if (typeof value === 'number' && Number.isInteger(value)) return value;
    throw new RuntimeProblem(`The ${field} field refers to value "${printJson(value)}" which is not a valid integer: ${path}`);
  }

  /** Fails the state if a value is too large for a payload. */
  assertFits(value: JsonValue, catchable: boolean): void {
    if (!this.run.meter.fits(value)) throw tooLarge(this.name, catchable);
  }

  private assignment(name: string, value: JsonValue, data: Data): readonly [string, JsonValue] {
    if (!name.endsWith('.$')) return [name, this.run.expressions.fill(value, data)];
    return [name.slice(0, -2), this.run.expressions.evaluate(String(value), name, data)];
  }

  private context(extra: JsonObject): JsonObject {
    const state: JsonObject = { Name: this.name, EnteredTime: formatTimestamp(this.entered.time) };
    if (this.retryCount !== undefined) state.RetryCount = this.retryCount;
    return { ...this.run.context, State: state, ...(this.frame.map === undefined ? {} : { Map: this.frame.map }), ...extra };
  }
}

/** The failure of a state or task whose result exceeds the payload limit. */
export function tooLarge(stateOrTask: string, catchable: boolean): StateFailure {
  return new StateFailure(
    DATA_LIMIT_EXCEEDED,
    `The state/task '${stateOrTask}' returned a result with a size exceeding the maximum number of bytes service limit.`,
    catchable,
  );
}

import { CancellationScope } from './cancellation';
import { State } from './definition';
import { DATA_LIMIT_EXCEEDED, EvaluationFailure, StateFailure } from './failure';
import { Entry, Frame } from './frame';
import { EventDetails } from './history';
import { Language, VisitedState } from './languages/language';
import { Run } from './run';
import { formatTimestamp } from './timestamp';
import { JsonObject, JsonValue } from '../../json';

/** One visit of one state, from its Entered to its Exited event. */
export class Visit<S extends State = State> implements VisitedState {
  /** `$$.State.RetryCount`; undefined for states that cannot be retried. */
  retryCount?: number;
  private ownLanguage?: Language;

  constructor(
    readonly run: Run,
    readonly frame: Frame,
    readonly scope: CancellationScope,
    readonly name: string,
    readonly state: S,
    readonly entered: Entry,
  ) {}

  /** The same visit, its state known to be of a certain type. */
  as<T extends State>(state: T): Visit<T> {
    return new Visit(this.run, this.frame, this.scope, this.name, state, this.entered);
  }

  /** Reads the fields of the state. */
  get language(): Language {
    this.ownLanguage ??= this.run.languages.of(this);
    return this.ownLanguage;
  }

  /** The raw input. */
  get input(): JsonValue {
    return this.frame.input;
  }

  /** The beginning of a cause that AWS writes about this visit. */
  get place(): string {
    return `An error occurred while executing the state '${this.name}' (entered at the event id #${this.entered.eventId}).`;
  }

  variable(name: string): JsonValue | undefined {
    return this.frame.variables.get(name);
  }

  /** Adds an event to the path of this frame. */
  record(type: string, details: EventDetails = {}): void {
    this.frame.previousEventId = this.note(type, details);
  }

  /** Adds the event of a field that has no usable value: beside the event that entered the state, if nothing has happened since, or after it. */
  recordEvaluationFailure({ error, failureCause: cause }: EvaluationFailure, location: string, standing: 'beside' | 'after'): void {
    const { frame, entered } = this;
    if (standing === 'beside' && frame.previousEventId === entered.eventId) frame.previousEventId = entered.previousEventId;
    this.record('EvaluationFailed', { error, cause, location, state: this.name });
  }

  /** Adds an event beside the path: the next one will not name it as its predecessor. Answers its id. */
  note(type: string, details: EventDetails = {}): number {
    this.scope.throwIfCancelled();
    return this.run.history.append(type, this.frame.previousEventId, details).id;
  }

  /** Fails the state if a value is too large for a payload. */
  assertFits(value: JsonValue, catchable: boolean): void {
    if (!this.run.meter.fits(value)) throw tooLarge(this.name, catchable);
  }

  /** The context object; `extra` adds to it. */
  context(extra: JsonObject): JsonObject {
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

/** The failure of a state whose Assign makes the variables of the execution too large. */
export function tooManyVariables(state: string): StateFailure {
  return new StateFailure(DATA_LIMIT_EXCEEDED, `The state '${state}' assigned variables that exceed the maximum size of all variables of an execution.`, false);
}

import { JsonObject, JsonValue } from '../../../json';
import { Assigning, Catcher, ChoiceRule, DataFlow, FailState, MapState, Numbers, Outputs, Results, State, Transitions, WaitState } from '../definition';
import { EvaluationFailure } from '../failure';
import { Entry } from '../frame';
import { Transition } from '../transition';

/** A value at once, or a promise of it: JSONPath is read at once, JSONata is not. */
export type Awaitable<T> = T | Promise<T>;

/** What a language sees of the visit that it reads the fields for. */
export interface VisitedState {
  readonly state: State;
  /** The raw input. */
  readonly input: JsonValue;
  readonly entered: Entry;
  /** The beginning of a cause that AWS writes about this visit. */
  readonly place: string;
  /** The context object; `extra` adds to it. */
  context(extra: JsonObject): JsonObject;
  /** A workflow variable; undefined where it has no value. */
  variable(name: string): JsonValue | undefined;
  /**
   * Adds the event of a field that has no usable value: beside the event that entered the state, if nothing has happened since, or after it.
   * `location` is the field.
   */
  recordEvaluationFailure(failure: EvaluationFailure, location: string, standing: 'beside' | 'after'): void;
}

/** Where a state is left by: the state itself, or the rule of a Choice that holds. */
export interface Exit {
  readonly from: Assigning & Outputs;
  /** Where that is in the state: nothing for the state itself, `Choices[0]/` for a rule. */
  readonly place: string;
}

/** A state that ends with a result. */
export type Producing = DataFlow & Results & Outputs & Assigning & Transitions;

/**
 * How the fields of a state are read during one visit: in the query language of the state. Each throws what fails the state.
 * A `place` is where a field stands in its state, as AWS names it in causes: `ItemBatcher/BatchInput`.
 */
export interface Language {
  /** What a state works with: its input after `InputPath` and `Parameters`, or its `Arguments`. `extra` adds to the context object. */
  arguments(state: Results, extra?: JsonObject): Awaitable<JsonValue>;
  /** A payload template with its expressions filled in. */
  fill(template: JsonValue, place: string, extra?: JsonObject): Awaitable<JsonValue>;
  /** A number that a field gives, or the expression in it, or in JSONPath the field of the same name with `Path`. */
  number<Field extends string>(holder: Numbers<Field>, field: Field, place?: string, kind?: 'integer' | 'float'): Awaitable<number | undefined>;
  /** What fails the state because a value is of another type than its field takes; `given` is what the definition says there. */
  unexpected(given: JsonValue, place: string, expected: 'object' | 'string', value: JsonValue): Error;
  /** The error or cause of a Fail state. */
  text(state: FailState, field: 'Error' | 'Cause'): Awaitable<string | undefined>;
  /** When a Wait ends, in epoch milliseconds. It counts from when it was entered. */
  endOfWait(state: WaitState): Awaitable<number>;
  /** Whether a rule of a Choice holds. */
  holds(rule: ChoiceRule, place: string): Awaitable<boolean>;
  /** The items of a Map without ItemReader. */
  items(state: MapState): Awaitable<readonly JsonValue[]>;
  /** Leaves a state that passes its input on. */
  leave(state: DataFlow & Outputs & Assigning, next: string | undefined, exit?: Exit): Awaitable<Transition>;
  /** Leaves a state with the result of its work. */
  leaveWith(state: Producing, result: JsonValue): Awaitable<Transition>;
  /** Leaves a state by a catcher; `failure` is its `Error` and `Cause`. */
  leaveBy(catcher: Catcher, failure: JsonObject, place: string): Awaitable<Transition>;
}

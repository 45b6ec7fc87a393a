import { StateGraph } from './definition';
import { JsonObject, JsonValue } from '../../json';

/** Workflow variables: an inner scope sees those of the outer ones and assigns its own. */
export class Variables {
  private readonly values = new Map<string, JsonValue>();

  constructor(private readonly outer?: Variables) {}

  get(name: string): JsonValue | undefined {
    return this.values.has(name) ? this.values.get(name) : this.outer?.get(name);
  }

  assign(values: JsonObject): void {
    for (const [name, value] of Object.entries(values)) this.values.set(name, value);
  }
}

/**
 * Where one line of execution stands: the state machine itself, a branch of a Parallel or an iteration of a Map.
 * A frame that failed keeps its place, so that a redrive goes on from there.
 */
export class Frame {
  /** The state it is in. */
  state: string;
  /** When and by which event that state was entered; undefined before. */
  entered?: { readonly eventId: number; readonly time: number };
  /** The result, when the last state is left. */
  done?: { readonly output: JsonValue };
  /** Whether its last state failed; a redrive clears it. */
  failed = false;
  /** Branches or iterations of the state it is in; undefined where none has begun. */
  children?: (Frame | undefined)[];
  readonly variables: Variables;

  constructor(
    readonly graph: StateGraph,
    /** Input of the state it is in. */
    public input: JsonValue,
    /** The event that the next one will name as its predecessor. */
    public previousEventId: number,
    /** `$$.Map` of an iteration, which nested frames inherit. */
    readonly map?: JsonObject,
    outer?: Variables,
  ) {
    this.state = graph.StartAt;
    this.variables = new Variables(outer);
  }

  /** Every frame below this one that has not finished goes on after the given event. */
  resumeAfter(eventId: number): void {
    this.previousEventId = eventId;
    this.failed = false;
    for (const child of this.children ?? []) if (child?.done === undefined) child?.resumeAfter(eventId);
  }
}

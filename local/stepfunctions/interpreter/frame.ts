import { StateGraph } from './definition';
import { MapRun } from './distributed/map-run';
import { JsonObject, JsonValue } from '../../json';

/** Largest size of all variables of an execution: 10 MiB (AWS quota). */
const MAX_VARIABLE_BYTES = 10 * 1_048_576;

/** Workflow variables: an inner scope sees those of the outer ones and assigns its own. */
export class Variables {
  private readonly values = new Map<string, { readonly value: JsonValue; readonly bytes: number }>();
  /** The size of all variables of the execution, in whatever scope. */
  private readonly stored: { bytes: number };

  constructor(private readonly outer?: Variables) {
    this.stored = outer?.stored ?? { bytes: 0 };
  }

  get(name: string): JsonValue | undefined {
    return this.values.has(name) ? this.values.get(name)?.value : this.outer?.get(name);
  }

  /** Whether there is room for them. */
  hasRoomFor(values: JsonObject, bytesOf: (value: JsonValue) => number): boolean {
    const more = Object.entries(values).map(([name, value]) => bytesOf(value) - (this.values.get(name)?.bytes ?? 0));
    return this.stored.bytes + more.reduce((sum, bytes) => sum + bytes, 0) <= MAX_VARIABLE_BYTES;
  }

  assign(values: JsonObject, bytesOf: (value: JsonValue) => number): void {
    for (const [name, value] of Object.entries(values)) {
      const bytes = bytesOf(value);
      this.stored.bytes += bytes - (this.values.get(name)?.bytes ?? 0);
      this.values.set(name, { value, bytes });
    }
  }

  /** Nobody looks at this scope any more. */
  close(): void {
    for (const { bytes } of this.values.values()) this.stored.bytes -= bytes;
    this.values.clear();
  }
}

/** When and by which event a state was entered. */
export interface Entry {
  readonly eventId: number;
  /** The event before that one on the same path. */
  readonly previousEventId: number;
  readonly time: number;
}

/**
 * Where one line of execution stands: the state machine itself, a branch of a Parallel or an iteration of a Map.
 * A frame that failed keeps its place, so that a redrive goes on from there.
 */
export class Frame {
  /** The state it is in. */
  state: string;
  /** Undefined before that state is entered. */
  entered?: Entry;
  /** The result, when the last state is left. */
  done?: { readonly output: JsonValue };
  /** Whether its last state failed; a redrive clears it. */
  failed = false;
  /** Branches or iterations of the state it is in; undefined where none has begun. */
  children?: (Frame | undefined)[];
  /** The run of the distributed Map it is in, once there is one. */
  mapRun?: MapRun;
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

  /** Forgets the branches or iterations: the state begins again, or is left. */
  dropChildren(): void {
    for (const child of this.children ?? []) {
      child?.dropChildren();
      child?.variables.close();
    }
    this.children = undefined;
  }

  /** Every frame below this one that has not finished goes on after the given event. */
  resumeAfter(eventId: number): void {
    this.previousEventId = eventId;
    this.failed = false;
    for (const child of this.children ?? []) if (child?.done === undefined) child?.resumeAfter(eventId);
  }
}

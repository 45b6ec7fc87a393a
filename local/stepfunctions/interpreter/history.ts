import { StateFailure } from './failure';
import { Clock } from '../../clock';
import { JsonObject, JsonValue } from '../../json';

/** A Standard execution has at most this many events (AWS quota). */
export const MAX_EVENTS = 25_000;

export interface HistoryEvent {
  /** From 1, without gaps. */
  readonly id: number;
  /** The event that led to this one; 0 for the first of an execution. */
  readonly previousEventId: number;
  /** As in the API: `TaskStateEntered`. */
  readonly type: string;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly details: EventDetails;
}

/** All that an event can tell. Values are shared with the execution, never copied. */
export interface EventDetails {
  /** Name of the state. */
  readonly state?: string;
  readonly input?: JsonValue;
  readonly output?: JsonValue;
  readonly parameters?: JsonValue;
  readonly assignedVariables?: JsonObject;
  readonly resource?: string;
  readonly resourceType?: string;
  readonly timeoutInSeconds?: number;
  readonly heartbeatInSeconds?: number;
  /** `roleArn`: the role that a Task acts with, where that is not the one of the execution. */
  readonly taskCredentials?: JsonObject;
  readonly error?: string;
  readonly cause?: string;
  /** Number of items of a Map. */
  readonly length?: number;
  /** Iteration of a Map. */
  readonly index?: number;
  readonly mapRunArn?: string;
  /** The field of the state whose evaluation failed: `Output/total`. */
  readonly location?: string;
  readonly redriveCount?: number;
  readonly roleArn?: string;
  readonly region?: string;
}

const terminalTypes: readonly string[] = ['ExecutionSucceeded', 'ExecutionFailed', 'ExecutionAborted', 'ExecutionTimedOut'];

/** Whether an event of this type ends an execution. */
export function isEnd(type: string): boolean {
  return terminalTypes.includes(type);
}

/** The events of one execution. Appending takes constant time, and nothing is ever copied or removed. */
export class History {
  private readonly list: HistoryEvent[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly observe: (event: HistoryEvent) => void = () => undefined,
    /** Infinity for Express workflows. */
    private readonly maxEvents: number = MAX_EVENTS,
  ) {}

  get events(): readonly HistoryEvent[] {
    return this.list;
  }

  get length(): number {
    return this.list.length;
  }

  /** Whether no room is left for anything but the end of the execution. */
  get full(): boolean {
    return this.list.length >= this.maxEvents - 1;
  }

  /** Adds an event; the last place is kept for the end of the execution, and anything else that wants it fails the execution. */
  append(type: string, previousEventId: number, details: EventDetails): HistoryEvent {
    if (this.full && !isEnd(type)) {
      throw new StateFailure('States.Runtime', `The execution reached the maximum number of history events (${this.maxEvents}).`, false);
    }
    const event: HistoryEvent = { id: this.list.length + 1, previousEventId, type, timestamp: this.clock.now(), details };
    this.list.push(event);
    this.observe(event);
    return event;
  }
}

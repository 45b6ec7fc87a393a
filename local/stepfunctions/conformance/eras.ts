import { isObject, JsonObject, JsonValue } from '../../json';

/**
 * AWS changed while the corpus was recorded. The interpreter does as AWS does since the last change; before it is compared with an older
 * recording, what it says is put into the words of that time.
 */
interface Era {
  readonly change: string;
  /** The first day of the new behaviour, epoch milliseconds; where only a span is known, its end. */
  readonly since: number;
  readonly undo: (events: readonly JsonObject[]) => readonly JsonObject[];
}

export const eras: readonly Era[] = [
  {
    change: 'the context object got Execution.RedriveCount, with RedriveExecution',
    since: Date.UTC(2023, 10, 15),
    undo: (events) => events.map((event) => withoutMember(event, 'RedriveCount', ({ RoleArn, StartTime }) => RoleArn !== undefined && StartTime !== undefined)),
  },
  {
    change: 'the context object got Map.Item.Source of distributed Maps, with more kinds of datasets',
    since: Date.UTC(2025, 8, 11),
    undo: (events) => events.map((event) => withoutMember(event, 'Source', (holder) => Object.keys(holder).sort().join() === 'Index,Source,Value')),
  },
  {
    change: 'MapStateExited of a distributed Map follows MapRunStarted, not MapRunSucceeded',
    since: Date.UTC(2024, 10, 1),
    undo: (events) => events.map((event, index) => {
      const follows = (type: string) => [...events.slice(0, index)].reverse().find((other) => other.type === type)?.id;
      const distributed = event.type === 'MapStateExited' && event.previousEventId === follows('MapRunStarted');
      return distributed ? { ...event, previousEventId: follows('MapRunSucceeded') ?? null } : event;
    }),
  },
];

/** Events as AWS would have written them at the time of a recording. */
export function asRecordedAt(recorded: number, events: readonly JsonObject[]): readonly JsonObject[] {
  return eras.filter(({ since }) => recorded < since).reduce((result, era) => era.undo(result), events);
}

/** Members that answers have since a day. */
const newMembers: readonly { readonly since: number; readonly names: readonly string[] }[] = [
  { since: Date.UTC(2023, 10, 15), names: ['redriveCount', 'redriveStatus', 'redriveStatusReason', 'failuresNotRedrivable', 'pendingRedrive'] },
  { since: Date.UTC(2024, 6, 25), names: ['encryptionConfiguration'] },
];

/** The answer to an API call as AWS would have given it at the time of a recording. */
export function asAnsweredAt(recorded: number, answer: JsonObject): JsonObject {
  const unknown = newMembers.filter(({ since }) => recorded < since).flatMap(({ names }) => names);
  const known = (value: JsonValue): JsonValue => {
    return isObject(value) ? Object.fromEntries(Object.entries(value).filter(([name]) => !unknown.includes(name))) : value;
  };
  const lists = Object.entries(answer).map(([name, value]) => [name, Array.isArray(value) ? value.map(known) : known(value)] as const);
  return Object.fromEntries(lists.filter(([name]) => !unknown.includes(name)));
}

/** Takes a member out of every object, at any depth, that is of the kind which once had no such member. */
function withoutMember(holder: JsonObject, name: string, isKind: (holder: JsonObject) => boolean): JsonObject {
  const strip = (value: JsonValue): JsonValue => {
    if (Array.isArray(value)) return value.map(strip);
    return isObject(value) ? withoutMember(value, name, isKind) : value;
  };
  const lacksIt = isKind(holder);
  const kept = Object.entries(holder).filter(([member]) => !lacksIt || member !== name);
  return Object.fromEntries(kept.map(([member, value]) => [member, strip(value)]));
}

import { ExpectedResult } from './corpus';
import { asFarAsRecorded } from './corpus-event';
import { Matcher } from './match';
import { JsonObject, JsonValue } from '../../json';

/** The first difference between a recorded history and ours; undefined if there is none. */
export function compareEvents(expected: ExpectedResult, actual: readonly JsonObject[], matcher: Matcher): string | undefined {
  const events = expected.events ?? [];
  const ranges = expected.unordered ?? [];
  for (const [index, event] of events.entries()) {
    const id = index + 1;
    const range = ranges.find(({ from, to }) => id >= from && id <= to);
    if (range?.from === id) {
      const problem = compareUnordered(events.slice(range.from - 1, range.to), actual.slice(range.from - 1, range.to), matcher);
      if (problem !== undefined) return problem;
    } else if (range === undefined) {
      const problem = compareEvent(event, actual[index], matcher);
      if (problem !== undefined) return `event ${id} ${String(event.type)}${problem}`;
    }
  }
  if (actual.length === events.length) return undefined;
  return `${actual.length} events instead of ${events.length}, the first surplus one ${JSON.stringify(actual[events.length])}`;
}

function compareEvent(expected: JsonObject, actual: JsonObject | undefined, matcher: Matcher): string | undefined {
  if (actual === undefined) return ': missing';
  const { previousEventId, causeJson, ...rest } = expected;
  const { previousEventId: actualPrevious, cause, ...actualRest } = asFarAsRecorded(actual, expected);
  // Not every recording knows the previous event.
  const pointers = previousEventId === null ? [] : [previousEventId, actualPrevious];
  const withCause = (event: JsonObject, text: JsonValue | undefined) => (text === undefined ? event : { ...event, cause: text });
  return matcher.difference(pointers[0], pointers[1], '.previousEventId')
    ?? matcher.difference(withCause(rest, causeJson ?? rest.cause), withCause(actualRest, cause));
}

/** Events of parallel branches: the same ones in any order. */
function compareUnordered(expected: readonly JsonObject[], actual: readonly JsonObject[], matcher: Matcher): string | undefined {
  const left = [...actual];
  for (const event of expected) {
    const found = left.findIndex((candidate) => matcher.matches(strip(event), strip(asFarAsRecorded(candidate, event))));
    if (found < 0) return `event ${String(event.id)} ${String(event.type)} (in any order): missing`;
    left.splice(found, 1);
  }
  return undefined;
}

function strip({ id, previousEventId, causeJson, ...rest }: JsonObject): JsonObject {
  return causeJson === undefined ? rest : { ...rest, cause: causeJson };
}

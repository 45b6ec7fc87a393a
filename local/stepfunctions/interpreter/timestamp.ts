/** `2016-03-14T01:59:00Z`: the extended form with a time zone, seconds with up to nine digits of a fraction. */
const pattern = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/;

/** Largest number of seconds that a field may name. Source: developer guide, "Task workflow state" and "Wait workflow state". */
export const MAX_SECONDS = 99_999_999;

/** The largest offset of a time zone in minutes, as Java has it. */
const MAX_OFFSET = 18 * 60;

/** Epoch nanoseconds of an RFC 3339 timestamp as ASL wants it (capital T, a time zone); undefined for anything else. */
export function parseInstant(text: string): bigint | undefined {
  const parts = pattern.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', zone] = parts;
  const inRange = Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= daysIn(Number(year), Number(month))
    && Number(hour) <= 23 && Number(minute) <= 59 && Number(second) <= 59;
  const offset = offsetOf(zone);
  if (!inRange || offset === undefined) return undefined;
  const local = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return BigInt(local - offset * 60_000) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}

/** Epoch milliseconds of such a timestamp. */
export function parseTimestamp(text: string): number | undefined {
  const instant = parseInstant(text);
  return instant === undefined ? undefined : Math.floor(Number(instant / 1_000n) / 1_000);
}

/** A time as it stands in the context object: no fraction where it is zero. */
export function formatTimestamp(epochMilliseconds: number): string {
  return new Date(epochMilliseconds).toISOString().replace('.000Z', 'Z');
}

/** Minutes before UTC. */
function offsetOf(zone: string): number | undefined {
  if (zone === 'Z') return 0;
  const [hours, minutes] = zone.slice(1).split(':').map(Number);
  const offset = 60 * hours + minutes;
  if (minutes > 59 || offset > MAX_OFFSET) return undefined;
  return zone.startsWith('-') ? -offset : offset;
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

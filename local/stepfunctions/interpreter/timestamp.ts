/** `2016-03-14T01:59:00Z`: the extended form with a time zone, seconds optional in fractions of any length. */
const pattern = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** Epoch milliseconds of an RFC 3339 timestamp as ASL wants it (capital T, a time zone); undefined for anything else. */
export function parseTimestamp(text: string): number | undefined {
  const parts = pattern.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction] = parts;
  const inRange = Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= daysIn(Number(year), Number(month))
    && Number(hour) <= 23 && Number(minute) <= 59 && Number(second) <= 59;
  if (!inRange) return undefined;
  return Date.parse(text.replace(fraction ?? '', (fraction ?? '').slice(0, 4)));
}

/** A time as it stands in the context object: no fraction where it is zero. */
export function formatTimestamp(epochMilliseconds: number): string {
  return new Date(epochMilliseconds).toISOString().replace('.000Z', 'Z');
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

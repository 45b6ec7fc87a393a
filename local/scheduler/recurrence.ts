import { parseCron } from './cron';
import { assertTimeZone, startOfWallTime } from './wall-time';

/** The first moment at or after another one at which a schedule is due, in epoch milliseconds; undefined when there is none. */
export type Recurrence = (moment: number) => number | undefined;

export interface RecurrenceOptions {
  /** `rate(5 minutes)`, `cron(0 3 * * ? *)` or `at(2030-01-31T12:00:00)`. */
  readonly expression: string;
  /** IANA name. Default: UTC. */
  readonly timeZone?: string;
  /** When the schedule was made, in epoch milliseconds. */
  readonly createdAt: number;
  /** Epoch milliseconds. */
  readonly startDate?: number;
  readonly endDate?: number;
}

const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** When a schedule is due. Throws for an expression that is not valid or not implemented, and for a time that is past. */
export function parseRecurrence(options: RecurrenceOptions): Recurrence {
  const { expression, timeZone = 'UTC' } = options;
  assertTimeZone(timeZone);
  const [, kind, argument] = /^(rate|cron|at)\((.*)\)$/.exec(expression) ?? [];
  switch (kind) {
    case 'rate': return between(options, parseRate(argument, options.startDate ?? options.createdAt));
    case 'cron': return between(options, parseCron(argument, timeZone));
    case 'at': return parseAt(argument, timeZone, options.createdAt);
    default: throw new Error(`Invalid Schedule Expression ${expression}.`);
  }
}

/** Never before the start and never at or after the end. A one-time schedule has neither, whatever it says. */
function between({ startDate = -Infinity, endDate = Infinity }: RecurrenceOptions, recurrence: Recurrence): Recurrence {
  return (moment) => {
    const due = recurrence(Math.max(moment, startDate));
    return due === undefined || due >= endDate ? undefined : due;
  };
}

/** Days have 24 hours, whatever the time zone does. */
function parseRate(argument: string, first: number): Recurrence {
  const [, count, unit] = /^(\d+) (minute|hour|day)s?$/.exec(argument) ?? [];
  const period = Number(count) * (UNITS[unit] ?? NaN);
  if (!(period > 0)) throw new Error(`Invalid Schedule Expression rate(${argument}).`);
  return (moment) => first + Math.max(0, Math.ceil((moment - first) / period)) * period;
}

function parseAt(argument: string, timeZone: string, createdAt: number): Recurrence {
  const wallTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(argument) ? Date.parse(`${argument}Z`) : NaN;
  if (Number.isNaN(wallTime)) throw new Error(`Invalid Schedule Expression at(${argument}).`);
  const due = startOfWallTime(wallTime, timeZone);
  if (due === undefined || due < createdAt) {
    throw new Error(`at(${argument}): the local cloud does not implement a time that is past, or that the zone ${timeZone} leaves out`);
  }
  return (moment) => (moment <= due ? due : undefined);
}

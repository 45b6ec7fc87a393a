import { DuckDBConnection, DuckDBInstance, DuckDBTimestampValue } from '@duckdb/node-api';
import { AIRPORTS_CSV, FLIGHTS_PARQUET } from '../vega-data';

/** A flight as a document of the collection `jobs`. */
export interface FlightDocument {
  readonly runDate: Date;
  readonly origin: string;
  readonly destination: string;
  /** Minutes. */
  readonly delay: number;
  /** Miles. */
  readonly distance: number;
  readonly remarks?: string;
}

/** A document of the collection `thresholds`: how many minutes of delay an airport tolerates. */
export interface ThresholdDocument {
  readonly _id: string;
  readonly minutes: number;
}

/** The times from `begin` up to, but without, `end`. */
export interface Window {
  readonly begin: Date;
  readonly end: Date;
}

/** A day, or several, from midnight to midnight in UTC. */
export interface Day extends Window {
  /** Such as `2001-01-02`; of several days, `2001-01-04..2001-01-08`. */
  readonly date: string;
  readonly flights: number;
}

/** This many days have a run each. */
const NIGHTS = 2;

/** The windows of runs: the first days one by one, as every night has one, and all others together, as somebody who catches up asks for them. */
export function windowsOf(days: readonly Day[]): Day[] {
  const [rest, last] = [days.slice(NIGHTS), days[days.length - 1]];
  if (rest.length < 2) return [...days];
  return [...days.slice(0, NIGHTS), { date: `${rest[0].date}..${last.date}`, begin: rest[0].begin, end: last.end, flights: flightsOf(rest) }];
}

/** How many flights the days have together. */
export function flightsOf(days: readonly Day[]): number {
  return days.reduce((sum, { flights }) => sum + flights, 0);
}

/** Metrics of the flights that leave the airports of a state. */
export interface StateMetrics {
  readonly state: string;
  readonly flights: number;
  readonly late: number;
  /** Sum of the minutes beyond what is tolerated. */
  readonly minutesLate: number;
  readonly longest: number;
  /** Late flights to another state. */
  readonly interstate: number;
}

/** What the demo needs to know of the flights, asked of the file itself in SQL: it has no part in what the workflow computes. */
export class Flights {
  /** @param files Default: the real ones. */
  static async open(files = { flights: FLIGHTS_PARQUET, airports: AIRPORTS_CSV }): Promise<Flights> {
    const connection = await (await DuckDBInstance.create()).connect();
    await connection.run(`CREATE VIEW flights AS SELECT * FROM '${files.flights}'`);
    await connection.run(`CREATE TABLE airports AS SELECT iata, state FROM '${files.airports}'`);
    await connection.run(`
      CREATE TABLE thresholds AS
      SELECT origin AS airport, greatest(15, quantile_disc(delay, 0.75))::INTEGER AS minutes FROM flights GROUP BY origin`);
    return new Flights(connection);
  }

  private constructor(private readonly connection: DuckDBConnection) {}

  /** The shortest window with at least this many flights, or all from there on. Where flights are left, some are exactly at its end. */
  async windowOf(begin: Date, items: number): Promise<Window> {
    const [{ time }] = await this.rows(
      `SELECT epoch_ms(coalesce(
         (SELECT min(date) FROM flights WHERE date > (SELECT date FROM flights WHERE date >= $begin ORDER BY date LIMIT 1 OFFSET $last)),
         (SELECT max(date) + INTERVAL 1 DAY FROM flights))) AS time`,
      { begin: timestamp(begin), last: items - 1 },
    );
    return { begin, end: new Date(Number(time)) };
  }

  /** The days from this midnight on, until they have at least this many flights or there are no more. */
  async daysFrom(begin: Date, items: number): Promise<Day[]> {
    const rows = await this.rows(
      `WITH days AS (SELECT date_trunc('day', date) AS day, count(*) AS flights FROM flights WHERE date >= $begin GROUP BY day)
       SELECT epoch_ms(day) AS begin, epoch_ms(day + INTERVAL 1 DAY) AS end, flights FROM days
       QUALIFY sum(flights) OVER (ORDER BY day) - flights < $items ORDER BY day`,
      { begin: timestamp(begin), items },
    );
    return rows.map((row) => {
      const day = { begin: new Date(Number(row.begin)), end: new Date(Number(row.end)) };
      return { ...day, date: day.begin.toISOString().slice(0, 10), flights: Number(row.flights) };
    });
  }

  /** How many flights are in the window. */
  async count({ begin, end }: Window): Promise<number> {
    const [{ count }] = await this.rows(
      'SELECT count(*) AS count FROM flights WHERE date >= $begin AND date < $end', { begin: timestamp(begin), end: timestamp(end) },
    );
    return Number(count);
  }

  /** How many flights are at exactly this time. */
  async countAt(time: Date): Promise<number> {
    const [{ count }] = await this.rows('SELECT count(*) AS count FROM flights WHERE date = $time', { time: timestamp(time) });
    return Number(count);
  }

  /** The flights of a window as documents, in chunks. */
  async* documents({ begin, end }: Window): AsyncGenerator<FlightDocument[]> {
    const result = await this.connection.stream(
      'SELECT epoch_ms(date), origin, destination, delay, distance FROM flights WHERE date >= $begin AND date < $end',
      { begin: timestamp(begin), end: timestamp(end) },
    );
    for await (const rows of result.yieldRows()) {
      yield rows.map(([time, origin, destination, delay, distance]) => ({
        runDate: new Date(Number(time)), origin: String(origin), destination: String(destination), delay: Number(delay), distance: Number(distance),
      }));
    }
  }

  async thresholds(): Promise<ThresholdDocument[]> {
    const rows = await this.rows('SELECT airport, minutes FROM thresholds ORDER BY airport');
    return rows.map(({ airport, minutes }) => ({ _id: String(airport), minutes: Number(minutes) }));
  }

  /** The reference file: code and state of every airport. */
  async airports(): Promise<string> {
    return JSON.stringify(await this.rows('SELECT iata, state FROM airports ORDER BY iata'));
  }

  /** The airport whose first flight in the window comes soonest after half of the window's flights. */
  async airportFromTheMiddle({ begin, end }: Window): Promise<string> {
    const [{ origin }] = await this.rows(
      `WITH numbered AS (
         SELECT origin, row_number() OVER (ORDER BY date) AS number, count(*) OVER () AS count FROM flights WHERE date >= $begin AND date < $end
       )
       SELECT origin FROM numbered GROUP BY origin HAVING min(number) > any_value(count) / 2 ORDER BY min(number) LIMIT 1`,
      { begin: timestamp(begin), end: timestamp(end) },
    );
    return String(origin);
  }

  /** What the metrics must be. */
  async metrics({ begin, end }: Window): Promise<StateMetrics[]> {
    const rows = await this.rows(
      `WITH facts AS (
         SELECT leaving.state, greatest(0, delay - minutes) AS late, leaving.state <> arriving.state AS interstate
         FROM flights
         JOIN thresholds ON airport = origin
         JOIN airports leaving ON leaving.iata = origin
         JOIN airports arriving ON arriving.iata = destination
         WHERE date >= $begin AND date < $end
       )
       SELECT state, count(*) AS flights, count(*) FILTER (late > 0) AS late, sum(late) AS minutes_late, max(late) AS longest,
         count(*) FILTER (late > 0 AND interstate) AS interstate
       FROM facts GROUP BY state ORDER BY state`,
      { begin: timestamp(begin), end: timestamp(end) },
    );
    return rows.map((row) => ({
      state: String(row.state),
      flights: Number(row.flights),
      late: Number(row.late),
      minutesLate: Number(row.minutes_late),
      longest: Number(row.longest),
      interstate: Number(row.interstate),
    }));
  }

  private async rows(sql: string, parameters: Record<string, DuckDBTimestampValue | number> = {}): Promise<Record<string, unknown>[]> {
    const result = await this.connection.runAndReadAll(sql, parameters);
    return result.getRowObjectsJson();
  }
}

function timestamp(date: Date): DuckDBTimestampValue {
  return new DuckDBTimestampValue(BigInt(date.getTime()) * 1_000n);
}

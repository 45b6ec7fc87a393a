import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { compare } from '../../../../examples/demo/etl/compare';
import { FlightDocument, Flights, windowsOf } from '../../../../examples/demo/etl/flights';
import { FLIGHTS_COUNT } from '../../../../examples/demo/vega-data';

const BEGIN = new Date('2001-01-02T00:00:00Z');
const END = new Date('2001-01-02T00:02:00Z');

/** Rows of `date`, `delay`, `distance`, `origin`, `destination`. */
const ROWS = [
  "TIMESTAMP '2001-01-01 23:59:59', 900, 100, 'AAA', 'BBB'",
  "TIMESTAMP '2001-01-02 00:00:00', 15, 100, 'AAA', 'BBB'",
  "TIMESTAMP '2001-01-02 00:01:00', 16, 100, 'AAA', 'CCC'",
  "TIMESTAMP '2001-01-02 00:01:00', 55, 100, 'AAA', 'BBB'",
  "TIMESTAMP '2001-01-02 00:01:59', -3, 100, 'BBB', 'AAA'",
  "TIMESTAMP '2001-01-02 00:02:00', 900, 100, 'BBB', 'AAA'",
  // They keep the thresholds of both airports at their least, 15 minutes.
  ...Array.from({ length: 12 }, (_, minute) => `TIMESTAMP '2001-01-03 00:${String(minute).padStart(2, '0')}:00', 0, 100, 'AAA', 'BBB'`),
  ...Array.from({ length: 12 }, () => "TIMESTAMP '2001-01-03 00:30:00', 0, 100, 'BBB', 'AAA'"),
];

let folder: string;
let flights: Flights;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'flights-'));
  const files = { flights: join(folder, 'flights.parquet'), airports: join(folder, 'airports.csv') };
  const connection = await (await DuckDBInstance.create()).connect();
  await connection.run(`COPY (SELECT * FROM (VALUES (${ROWS.join('), (')})) AS f(date, delay, distance, origin, destination)) TO '${files.flights}'`);
  await connection.run(`COPY (SELECT * FROM (VALUES ('AAA', 'TX'), ('BBB', 'NM'), ('CCC', 'TX')) AS a(iata, state)) TO '${files.airports}' (HEADER)`);
  flights = await Flights.open(files);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function documents(): Promise<FlightDocument[]> {
  const all: FlightDocument[] = [];
  for await (const chunk of flights.documents({ begin: BEGIN, end: END })) all.push(...chunk);
  return all;
}

test('documents are those of the half-open window, with their times in UTC', async () => {
  const found = await documents();
  expect(found.map(({ delay }) => delay)).toEqual([15, 16, 55, -3]);
  expect(found[0]).toEqual({ runDate: BEGIN, origin: 'AAA', destination: 'BBB', delay: 15, distance: 100 });
  await expect(flights.count({ begin: BEGIN, end: END })).resolves.toBe(4);
});

test('metrics are those of the half-open window: late is more than tolerated, and another state is another state', async () => {
  await expect(flights.thresholds()).resolves.toEqual([{ _id: 'AAA', minutes: 15 }, { _id: 'BBB', minutes: 15 }]);
  await expect(flights.metrics({ begin: BEGIN, end: END })).resolves.toEqual([
    { state: 'NM', flights: 1, late: 0, minutesLate: 0, longest: 0, interstate: 0 },
    { state: 'TX', flights: 3, late: 2, minutesLate: 41, longest: 40, interstate: 1 },
  ]);
});

test.each([
  [1, '2001-01-02T00:01:00.000Z', 1],
  [2, '2001-01-02T00:01:59.000Z', 3],
  [4, '2001-01-02T00:02:00.000Z', 4],
  [99, '2001-01-04T00:30:00.000Z', 29],
])('the window of %p flights ends where another flight is, or after the last', async (items, end, count) => {
  const window = await flights.windowOf(BEGIN, items);
  expect(window).toEqual({ begin: BEGIN, end: new Date(end) });
  await expect(flights.count(window)).resolves.toBe(count);
});

const DAYS = [
  { begin: '2001-01-01', end: '2001-01-02', flights: 1 },
  { begin: '2001-01-02', end: '2001-01-03', flights: 5 },
  { begin: '2001-01-03', end: '2001-01-04', flights: 24 },
].map(({ begin, end, flights: count }) => ({ date: begin, begin: new Date(begin), end: new Date(end), flights: count }));

test.each([
  ['2001-01-02', 1, DAYS.slice(1, 2)],
  ['2001-01-02', 5, DAYS.slice(1, 2)],
  ['2001-01-02', 6, DAYS.slice(1)],
  ['2001-01-01', 6, DAYS.slice(0, 2)],
  ['2001-01-01', 99, DAYS],
])('days from %p on are whole days, until they have %p flights or there are no more', async (begin, items, days) => {
  await expect(flights.daysFrom(new Date(begin), items)).resolves.toEqual(days);
  for (const day of days) await expect(flights.count(day)).resolves.toBe(day.flights);
});

test('the real file has as many flights as it is said to have', async () => {
  const real = await Flights.open();
  await expect(real.count({ begin: new Date('2000-01-01'), end: new Date('2002-01-01') })).resolves.toBe(FLIGHTS_COUNT);
});

test('the airport from the middle has no flight in the first half of the window', async () => {
  await expect(flights.airportFromTheMiddle({ begin: BEGIN, end: END })).resolves.toBe('BBB');
});

test('a comparison names every number that differs, what is missing and what is too much', () => {
  const [texas, utah] = ['TX', 'UT'].map((state) => ({ state, flights: 3, late: 2, minutesLate: 41, longest: 40, interstate: 1 }));
  expect(compare([texas, utah], [texas, utah])).toEqual({ total: 10, differences: [] });
  expect(compare([{ ...texas, late: 3 }], [texas])).toEqual({ total: 5, differences: ['late of TX: 3 instead of 2'] });
  expect(compare([texas, utah], [texas]).differences).toEqual(['UT: should not be there']);
  expect(compare([], [texas]).differences).toHaveLength(5);
});

test('the first two days have a run each, and all others one together', () => {
  const days = [2, 3, 4, 5].map((day) => ({
    date: `2001-01-0${day}`, begin: new Date(Date.UTC(2001, 0, day)), end: new Date(Date.UTC(2001, 0, day + 1)), flights: day,
  }));
  expect(windowsOf(days)).toEqual([
    days[0], days[1], { date: '2001-01-04..2001-01-05', begin: days[2].begin, end: days[3].end, flights: 9 },
  ]);
  expect(windowsOf(days.slice(0, 3))).toEqual(days.slice(0, 3));
});

import { dirname, join } from 'node:path';

const DATA = join(dirname(require.resolve('vega-datasets')), '../data');

/** Three million flights of the first half of 2001, in the order of their dates: `date`, `delay`, `distance`, `origin`, `destination`. */
export const FLIGHTS_PARQUET = join(DATA, 'flights-3m.parquet');
export const FLIGHTS_COUNT = 3_000_000;

/** Airports of the United States: `iata`, `name`, `city`, `state`, `country`, `latitude`, `longitude`. */
export const AIRPORTS_CSV = join(DATA, 'airports.csv');

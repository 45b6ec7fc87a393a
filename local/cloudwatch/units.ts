const AMOUNTS = ['Bytes', 'Kilobytes', 'Megabytes', 'Gigabytes', 'Terabytes', 'Bits', 'Kilobits', 'Megabits', 'Gigabits', 'Terabits', 'Count'];

/** Units of metrics, from the API reference of MetricDatum. */
export const UNITS: readonly string[] = [
  'Seconds', 'Microseconds', 'Milliseconds', 'Percent', 'None', ...AMOUNTS, ...AMOUNTS.map((amount) => `${amount}/Second`),
];

/** List prices of AWS in dollars, US East (N. Virginia). Source: the pricing pages of the services. */
export const PRICE = {
  /** A state transition of a Standard workflow. */
  transition: 0.000025,
  /** A request of Lambda, and a GB-second of a function on x86. */
  lambdaRequest: 0.0000002,
  lambdaGigabyteSecond: 0.0000166667,
  /** An alarm in a month, for each metric that it reads. */
  alarmMetric: 0.1,
  /** A custom metric in a month; it is billed for the hours in which it gets values. */
  customMetric: 0.3,
} as const;

export function dollars(amount: number, digits = 2): string {
  return `$${amount.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}

export function count(value: number): string {
  return value.toLocaleString('en');
}

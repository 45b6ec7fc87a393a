import { Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { checkInteger, InvalidPropError, refuseToken, theDefaultIs } from '../../private/synth/validation';
import { warn } from '../../private/synth/warning';

/** Source: Step Functions quotas, concurrent iterations of an inline Map. */
export const MAX_INLINE_CONCURRENCY = 40;

/** Calls at once: more than this need more functions at once than an account has, unless that was raised. */
export const MAX_CONCURRENCY = 1_000;

export const DEFAULT_CONCURRENCY = 40;

/** Half of what all functions of an account may run at once. Source: Lambda quotas, concurrent executions, 1,000 by default. */
export const MUCH_CONCURRENCY = 500;

/** Checks `maxConcurrency` as far as it does not hang on how pages travel. */
export function checkConcurrency(factory: string, maxConcurrency: number | undefined): void {
  if (maxConcurrency === undefined) return;
  refuseToken(`maxConcurrency of ${factory}`, Token.isUnresolved(maxConcurrency), 'the workflow is rendered with it');
  checkInteger(`maxConcurrency of ${factory}`, maxConcurrency, { min: 1, max: MAX_CONCURRENCY }, theDefaultIs(DEFAULT_CONCURRENCY));
}

/** How many items of an inline page are processed at once. */
export function inlineConcurrency(factory: string, maxConcurrency: number = DEFAULT_CONCURRENCY): number {
  checkInteger(
    `maxConcurrency of ${factory}`, maxConcurrency, { min: 1, max: MAX_INLINE_CONCURRENCY }, `with transport set to PageTransport.s3(), it may be ${MAX_CONCURRENCY}`,
  );
  return maxConcurrency;
}

/** Refuses it where a page that travels inline is a single call. */
export function refuseConcurrency(factory: string, maxConcurrency: number | undefined): void {
  if (maxConcurrency === undefined) return;
  throw new InvalidPropError(
    `maxConcurrency of ${factory}`, maxConcurrency, 'left out where pages travel inline', 'set transport to PageTransport.s3(): a page that travels inline is one call',
  );
}

/** How many calls process a page at once. */
export function concurrencyOf(scope: Construct, factory: string, maxConcurrency: number = DEFAULT_CONCURRENCY): number {
  if (maxConcurrency > MUCH_CONCURRENCY) warnOfMuch(scope, `maxConcurrency of ${factory} is ${maxConcurrency}`);
  return maxConcurrency;
}

/** The same for workers that each process a page. */
export function warnOfConcurrency(scope: Construct, workers: number, callsOfPage: number): void {
  const calls = workers * callsOfPage;
  if (calls <= MUCH_CONCURRENCY || callsOfPage > MUCH_CONCURRENCY) return;
  warnOfMuch(scope, `workers of partitions are ${workers}, and each processes a page with ${callsOfPage} calls at once, which are ${calls} together`);
}

/** The same for runs at the same time. What a run has of its own is warned of where the run is made. */
export function warnOfRunConcurrency(scope: Construct, what: string, runs: number, callsOfRun: number): void {
  const calls = runs * callsOfRun;
  if (runs === 1 || calls <= MUCH_CONCURRENCY) return;
  warnOfMuch(scope, `${what} is ${runs}, and each run processes items with up to ${callsOfRun} calls at once, which are ${calls} together`);
}

function warnOfMuch(scope: Construct, what: string): void {
  warn(
    scope, 'muchConcurrency',
    `${what}: an account runs 1,000 calls of functions at once, all together, unless Lambda raised its quota, and calls `
      + 'beyond that are refused until the items fail; have the quota raised, or take fewer',
  );
}

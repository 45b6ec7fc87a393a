import { AslRetrier } from '../../private/synth/asl';
import { longestTask } from '../../private/synth/retry-time';

/** Longest that an Express execution runs. Source: Step Functions developer guide, "Service quotas". */
export const EXPRESS_SECONDS = 300;

/** What is computed must fit into this: the rest is for what Step Functions itself takes between the attempts. */
export const COMPUTED_SECONDS = 290;

/** How often, how long and how many at a time items are tried. */
export interface ItemAttempts {
  readonly concurrency: number;
  /** Seconds that an attempt may take. */
  readonly timeoutSeconds: number;
  readonly retries: readonly AslRetrier[];
}

/** Longest time that a page can take, in seconds: every attempt at every item ends at its time-out, and every delay is as long as it can be. */
export function longestPage(items: number, attempts: ItemAttempts): number {
  return Math.ceil(items / attempts.concurrency) * longestItem(attempts);
}

/** Most items of a page that is sure to be processed in one Express execution; zero if not even one is. */
export function mostItems(attempts: ItemAttempts): number {
  return Math.floor(COMPUTED_SECONDS / longestItem(attempts)) * attempts.concurrency;
}

/** Longest time-out of an attempt, in whole seconds, with which at least one item is sure to be; zero or less if there is none. */
export function longestTimeout({ retries }: Pick<ItemAttempts, 'retries'>): number {
  const delays = longestTask({ Retry: retries, TimeoutSeconds: 0 }).toSeconds();
  const attempts = longestTask({ Retry: retries, TimeoutSeconds: 1 }).toSeconds() - delays;
  return Math.floor((COMPUTED_SECONDS - delays) / attempts);
}

function longestItem({ timeoutSeconds, retries }: ItemAttempts): number {
  return longestTask({ Retry: retries, TimeoutSeconds: timeoutSeconds }).toSeconds();
}

import { FailureLimits, LEAST_ITEMS_FOR_PERCENTAGE, RunCounts } from '../../contracts/collect-failures';

/** Whether more items of a run failed than may. */
export function isOverLimit({ items, failed }: RunCounts, limits: FailureLimits, done: boolean): boolean {
  if (limits.items !== null && failed > limits.items) return true;
  if (limits.percentage === null) return false;
  const read = items + failed;
  // One of the first two items is half of them, and says nothing about the run.
  const basis = done ? read : Math.max(read, LEAST_ITEMS_FOR_PERCENTAGE);
  return 100 * failed > limits.percentage * basis;
}

/** What the run is told then. */
export function tooManyCause({ items, failed }: RunCounts, limits: FailureLimits, letters: string): string {
  const allowed = [
    ...(limits.items === null ? [] : [`${limits.items} items`]),
    ...(limits.percentage === null ? [] : [`${limits.percentage} % of them`]),
  ];
  return `${failed} of ${items + failed} items failed, and at most ${allowed.join(' and ')} may. Each has a letter under ${letters}. Fix what made them fail, or deploy with a `
    + 'higher limit, and redrive the run: it goes on after these items';
}

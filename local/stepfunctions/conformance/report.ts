import { Outcome } from './conformance';

/** A table by feature, the skips by reason, the failures, and at the end the totals. */
export function printReport(outcomes: readonly Outcome[]): string {
  const failures = outcomes.filter(({ difference }) => difference !== undefined);
  return [
    ...featureTable(outcomes),
    '',
    ...skips(outcomes),
    ...failures.map(({ name, difference }) => `FAILED ${name}\n       ${String(difference)}`),
    totals(outcomes),
  ].join('\n');
}

/** Of the recordings in this scope all passed. */
export function allPassed(outcomes: readonly Outcome[]): boolean {
  return outcomes.every(({ difference }) => difference === undefined);
}

function featureTable(outcomes: readonly Outcome[]): string[] {
  const features = [...new Set(outcomes.flatMap((outcome) => outcome.features))].sort();
  const width = Math.max(...features.map((feature) => feature.length));
  const rows = features.map((feature) => [feature, ...counts(outcomes.filter((outcome) => outcome.features.includes(feature)))]);
  return [['feature', 'passed', 'failed', 'skipped'], ...rows].map(([name, ...columns]) => `${String(name).padEnd(width)}  ${columns.map((column) => String(column).padStart(7)).join(' ')}`);
}

function skips(outcomes: readonly Outcome[]): string[] {
  const reasons = [...new Set(outcomes.flatMap(({ skipped }) => skipped ?? []))];
  return reasons.map((reason) => `skipped, since ${reason} is not implemented: ${outcomes.filter(({ skipped }) => skipped === reason).length}`);
}

function totals(outcomes: readonly Outcome[]): string {
  const [passed, failed, skipped] = counts(outcomes);
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

function counts(outcomes: readonly Outcome[]): [number, number, number] {
  const skipped = outcomes.filter((outcome) => outcome.skipped !== undefined).length;
  const failed = outcomes.filter((outcome) => outcome.difference !== undefined).length;
  return [outcomes.length - skipped - failed, failed, skipped];
}

/**
 * Runs the tests, prints which suites took longest, and as last line what the JSON report counts: `N passed, N failed`, then `, N skipped` where there are any.
 * Arguments are passed on to Jest. Snapshots are never written.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
const REPORT = resolve(ROOT, 'test-reports/jest.json');

const SLOWEST = 10;

interface Suite {
  readonly name: string;
  /** Epoch milliseconds. */
  readonly startTime: number;
  readonly endTime: number;
}

mkdirSync(dirname(REPORT), { recursive: true });
rmSync(REPORT, { force: true });
// Each app that is synthesised leaves a folder of temporary files: thousands of them.
const scratch = mkdtempSync(join(tmpdir(), 'tests-'));
const jest = spawnSync(
  process.execPath,
  [require.resolve('jest/bin/jest'), '--ci', '--json', `--outputFile=${REPORT}`, ...process.argv.slice(2)],
  { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, TMPDIR: scratch } },
);
rmSync(scratch, { recursive: true, force: true });
if (!existsSync(REPORT)) {
  console.error('Jest ended without a report');
  process.exit(1);
}
const report = JSON.parse(readFileSync(REPORT, 'utf8'));
const suites: readonly Suite[] = report.testResults;
const secondsOf = ({ startTime, endTime }: Suite) => (endTime - startTime) / 1_000;
console.log(`Slowest of ${suites.length} suites:`);
for (const suite of [...suites].sort((a, b) => secondsOf(b) - secondsOf(a)).slice(0, SLOWEST)) {
  console.log(`${secondsOf(suite).toFixed(1).padStart(7)} s  ${relative(ROOT, suite.name)}`);
}
const passed: number = report.numPassedTests;
// A suite that does not load counts no test, so it is counted itself.
const failed: number = report.numFailedTests + report.numRuntimeErrorTestSuites;
const skipped: number = report.numPendingTests + report.numTodoTests;
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = jest.status === 0 && failed === 0 && passed > 0 ? 0 : 1;

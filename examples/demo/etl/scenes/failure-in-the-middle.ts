import { formatted } from '../../terminal';
import { EtlStage } from '../stage';

const ITEMS = 3_000;
const PAGE = 50;

/** A processor that fails for good ends the run; once that is repaired, a redrive goes on at the page that failed. */
export async function failureInTheMiddle(stage: EtlStage): Promise<void> {
  const { analytics, flights, terminal } = stage;
  const window = await stage.window(ITEMS);
  const items = await flights.count(window);
  const airport = await flights.airportFromTheMiddle(window);
  terminal.title(`A run that fails in the middle: nobody knows what delay ${airport} tolerates`);

  const putBack = await analytics.withoutThreshold(airport);
  const failed = await stage.run('Metrics', 'failure-in-the-middle', window, PAGE);
  const { failure } = failed;
  stage.expect(failure?.typedError === 'BatchItemsFailed', `the run is ${failed.status}, because of ${failure?.typedError}: ${failure?.cause}`);
  if (failure === undefined) return;
  const { progress } = failure;
  stage.expect(
    progress.items > 0 && progress.items < items,
    `page ${progress.pages + 1} failed, after ${formatted(progress.items)} of ${formatted(items)} documents`,
  );
  if (progress.lastDocument !== undefined) terminal.line(`    it begins after the document with ${progress.lastDocument}`);
  const before = await analytics.countMetrics(failed.arn);
  stage.expect(
    before > progress.items && before < progress.items + PAGE,
    `what the failed page did is there as well: ${formatted(before)} metrics are written`,
  );

  await putBack();
  terminal.line(`  the threshold of ${airport} is back, and the run is redriven`);
  const ended = await stage.redrive(failed, items);
  stage.expectSuccess(ended, items);
  await stage.expectMetrics(ended, window);
}

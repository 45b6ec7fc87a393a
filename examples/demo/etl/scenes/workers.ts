import { JsonValue, memberOf } from '../../../../local/json';
import { idempotencyKey } from '../../../../src/paged-batch-etl/source-functions/reader/idempotency-key';
import { duration, elapsed } from '../../terminal';
import { BrokenFlight } from '../analytics';
import { Window } from '../flights';
import { LedgerLook } from '../ledger-progress';
import { answered, EndedRun } from '../metrics-stack';
import { EtlStage, inputOf } from '../stage';
import { WorkerBars } from '../worker-bars';

const ITEMS = 30_000;
const WORKFLOW = 'MetricsInParallel';
const WORKERS = 4;
const NAME = 'workers';

/** How often the ledger is looked at, in milliseconds of virtual time. */
const BETWEEN_LOOKS = 250;

/** Workers side by side, a document that cannot be processed, its letter, and its replay once it is repaired. */
export async function workers(stage: EtlStage): Promise<void> {
  const { analytics, flights, stack, terminal } = stage;
  terminal.title(`${WORKERS} workers side by side, and a document that nobody can process`);
  const window = await stage.window(ITEMS);
  const total = await flights.count(window);
  const broken = await analytics.breakOne(window);
  terminal.line(`  A flight from ${broken.origin} now leaves ${broken.nowhere}, which is no airport: ${broken.job}`);

  const run = await runWorkers(stage, window, total);
  stage.expect(
    run.status === 'SUCCEEDED' && answered(run, 'items') === total - 1 && answered(run, 'failed') === 1,
    `the run is ${run.status} and answers ${JSON.stringify(run.output ?? run.failure)}: it went past that document, and processed all others`,
  );
  const letters = await stack.lettersOf(WORKFLOW, run.arn);
  stage.expect(letters.length === 1 && memberOf(letters[0], 'itemIdentifier') === broken.job, 'its letter names the document that failed:');
  for (const letter of letters) terminal.line(`      ${inShort(letter)}`);
  await replay(stage, run, window, broken);
}

/** A bar for each worker, and above them what the ledger says. */
async function runWorkers({ analytics, cloud, stack, terminal }: EtlStage, window: Window, total: number): Promise<EndedRun> {
  const input = inputOf(window);
  terminal.line(`  Input of the run: ${terminal.strong(JSON.stringify(input))}`);
  terminal.line('  Bars count by the clock of this machine; times of events, and what the ledger says, are in virtual time');
  const [began, virtuallyBegan] = [performance.now(), cloud.clock.now()];
  const [bars, ledger] = [new WorkerBars(terminal, analytics, window, WORKERS), new LedgerLook(total)];
  let ended = false;
  const running = stack.runWorkers(WORKFLOW, NAME, input, {
    onRange: (range) => bars.begin(range),
    onItems: (range, items) => bars.advance(range, items),
  }).finally(() => {
    ended = true;
  });
  const look = async () => {
    const line = ledger.lineFor(await stack.progressOf(WORKFLOW, stack.executionArn(WORKFLOW, NAME)), cloud.clock.now());
    if (line !== undefined) bars.line(`  ${terminal.dim(elapsed(cloud.clock.now() - virtuallyBegan).padStart(14))}  the ledger says: ${line}`);
  };
  while (!ended) {
    await Promise.race([running, cloud.clock.sleep(BETWEEN_LOOKS)]);
    await look();
  }
  const run = await running;
  await bars.end();
  terminal.line(`  It took ${duration(cloud.clock.now() - virtuallyBegan)} of virtual time, ${duration(performance.now() - began)} on this machine`);
  return run;
}

/** Once the document is repaired, a run over the letters alone processes what failed, with the idempotency key that it had. */
async function replay(stage: EtlStage, run: EndedRun, window: Window, broken: BrokenFlight): Promise<void> {
  const { analytics, stack, terminal } = stage;
  await broken.repair();
  const input = { ...inputOf(window), replay: run.arn };
  terminal.line(`  The flight leaves ${broken.origin} again, and the letters are replayed: ${terminal.strong(JSON.stringify(input))}`);
  const replayed = await stack.run(WORKFLOW, 'replay', input);
  stage.expect(replayed.status === 'SUCCEEDED' && answered(replayed, 'items') === 1, `the replay is ${replayed.status} and answers ${JSON.stringify(replayed.output ?? replayed.failure)}`);
  const [metric, ...others] = await analytics.metricsOfJob(broken.job, [run.arn, replayed.arn]);
  stage.expect(
    others.length === 0 && metric?._id === idempotencyKey(run.arn, broken.job), 'it wrote one metric, under the idempotency key that the document had in the first run',
  );
  stage.expectEqual(await stage.compare([run, replayed], window), 'numbers of both runs together are what SQL computes from the files themselves');
  const again = await stack.run(WORKFLOW, 'replay-again', input);
  stage.expect(again.status === 'SUCCEEDED' && answered(again, 'items') === 0, `another replay finds nothing to do, and answers ${JSON.stringify(again.output ?? again.failure)}`);
}

/** Without what every letter of the run has, and with the end of a long cause left out. */
function inShort(letter: JsonValue): string {
  const [itemIdentifier, error, cause] = ['itemIdentifier', 'error', 'cause'].map((name) => memberOf(letter, name));
  return JSON.stringify({ itemIdentifier, error, cause: String(cause).slice(0, 70) });
}

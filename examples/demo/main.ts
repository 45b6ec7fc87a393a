/**
 * npm run demo                        play every scene, then end; exit code 0 only if everything held
 * npm run demo -- athena | etl        only those of AsyncAthenaQueryApi or PagedBatchEtl
 * npm run demo -- etl --items 1000000 with about this many documents
 * npm run demo -- [athena|etl] --keep leave the local cloud running afterwards, with virtual time at the pace of real time
 */
import { athenaScenes } from './athena/athena-scenes';
import { DemoArguments, GroupName, readArguments, USAGE } from './demo-arguments';
import { etlScenes } from './etl/etl-scenes';
import { Outcome, SceneGroup } from './scene-group';
import { Terminal } from './terminal';

const GROUPS: Readonly<Record<GroupName, SceneGroup>> = { athena: athenaScenes, etl: etlScenes };

async function main(): Promise<void> {
  const parsed = readArguments(process.argv.slice(2));
  if ('problem' in parsed) {
    console.error(`${parsed.problem}\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  const terminal = new Terminal();
  const outcomes = await play(terminal, parsed);
  terminal.title(verdict(outcomes));
  process.exitCode = outcomes.includes('failed') ? 1 : 0;
  if (parsed.keep) await keep(terminal, parsed);
}

async function play(terminal: Terminal, { groups, items }: DemoArguments): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const group of groups) outcomes.push(await GROUPS[group].play(terminal, { items }));
  return outcomes;
}

function verdict(outcomes: readonly Outcome[]): string {
  if (outcomes.includes('failed')) return 'Something did not hold';
  return outcomes.includes('skipped') ? 'Everything that was played held, but some scenes were skipped' : 'Everything held';
}

/** A fresh cloud for each group, until Ctrl-C. */
async function keep(terminal: Terminal, { groups, items }: DemoArguments): Promise<void> {
  terminal.title('A local cloud that keeps running; press Ctrl-C to end it');
  const ended = interrupted();
  await Promise.all(groups.map(async (group) => GROUPS[group].keep(terminal, { items }, () => ended)));
}

/** Stays in place: a terminal interrupts every process of its group, and a second signal must not cut the clearing up short. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    process.on('SIGINT', () => resolve());
  });
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

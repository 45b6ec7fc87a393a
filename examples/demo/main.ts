/**
 * npm run demo            play every scene, then end; exit code 0 only if everything held
 * npm run demo -- --keep  leave the local cloud running afterwards, with virtual time at the pace of real time
 */
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { failingQuery } from './scenes/failing-query';
import { goodQuery } from './scenes/good-query';
import { receiverDown } from './scenes/receiver-down';
import { slowQuery } from './scenes/slow-query';
import { Stage } from './stage';
import { Terminal } from './terminal';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { keep: { type: 'boolean', default: false } } });
  const terminal = new Terminal();
  terminal.title('AsyncAthenaQueryApi, from POST to callback, without an AWS account');
  const stage = await Stage.set(terminal);
  try {
    for (const scene of [goodQuery, failingQuery, slowQuery, receiverDown]) await scene(stage);
    if (values.keep) await keep(stage);
  } finally {
    await stage.clear();
  }
  terminal.title(stage.failed ? 'Something did not hold' : 'Everything held');
  process.exitCode = stage.failed ? 1 : 0;
}

/** Leaves the cloud running for whoever wants to try it, until Ctrl-C. */
async function keep(stage: Stage): Promise<void> {
  const { terminal } = stage;
  terminal.title('The local cloud keeps running; press Ctrl-C to end it');
  terminal.line(stage.curl());
  stage.receiver.answer((request) => {
    terminal.line(`callback: ${request.body}`);
    return { status: 204 };
  });
  await stage.cloud.clock.pace(1, () => once(process, 'SIGINT'));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

/**
 * npm run demo            play every scene, then end; exit code 0 only if everything held
 * npm run demo -- --keep  leave the local cloud running afterwards, with virtual time at the pace of real time
 */
import { parseArgs } from 'node:util';
import { failingQuery } from './scenes/failing-query';
import { goodQuery } from './scenes/good-query';
import { receiverDown } from './scenes/receiver-down';
import { slowQuery } from './scenes/slow-query';
import { Stage } from './stage';
import { Terminal } from './terminal';

/** An endless query meets its time-out of half an hour within seconds. */
const FAST_ENGINE = 200;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { keep: { type: 'boolean', default: false } } });
  const terminal = new Terminal();
  terminal.title('AsyncAthenaQueryApi, from POST to callback, without an AWS account');
  const held = await play(terminal);
  terminal.title(held ? 'Everything held' : 'Something did not hold');
  process.exitCode = held ? 0 : 1;
  if (values.keep) await keep(terminal);
}

/** Every scene, one after the other; answers whether everything held. */
async function play(terminal: Terminal): Promise<boolean> {
  const stage = await Stage.set(terminal, FAST_ENGINE);
  try {
    for (const scene of [goodQuery, failingQuery, slowQuery, receiverDown]) await scene(stage);
    return stage.held;
  } finally {
    await stage.clear();
  }
}

/** A fresh cloud at the real time and pace, for whoever wants to try it, until Ctrl-C. */
async function keep(terminal: Terminal): Promise<void> {
  terminal.title('A local cloud that keeps running; press Ctrl-C to end it');
  const stage = await Stage.set(terminal, 1);
  try {
    stage.receiver.answer(({ body }) => {
      terminal.line(`callback: ${body}`);
      return { status: 204 };
    });
    terminal.line(`Links open with: curl --cacert ${stage.cloud.caFile} '<PresignedUrl>'`);
    terminal.line(stage.curl());
    await stage.cloud.clock.pace(1, interrupted);
  } finally {
    await stage.clear();
  }
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

import { dayByDay } from './scenes/day-by-day';
import { failureInTheMiddle } from './scenes/failure-in-the-middle';
import { itemByItem } from './scenes/item-by-item';
import { workers } from './scenes/workers';
import { EtlStage } from './stage';
import { MongoUnavailable } from '../../../local/mongodb/mongo-unavailable';
import { Outcome, SceneGroup } from '../scene-group';
import { Terminal } from '../terminal';

const DEFAULT_ITEMS = 100_000;

export const etlScenes: SceneGroup = {
  async play(terminal, { items = DEFAULT_ITEMS }) {
    terminal.title('PagedBatchEtl, from a MongoDB collection to metrics, without an AWS account');
    return onStage(terminal, items, async (stage) => {
      await dayByDay(stage);
      await itemByItem(stage);
      await failureInTheMiddle(stage);
      await workers(stage);
    });
  },

  async keep(terminal, { items = DEFAULT_ITEMS }, ended) {
    await onStage(terminal, items, async (stage) => {
      terminal.line(`Look into the database ${stage.analytics.name}:\n  ${stage.shellCommand()}`);
      terminal.line(`Start a run over a day:\n  ${stage.startCommand()}`);
      await stage.cloud.clock.pace(1, ended);
    });
  },
};

/** Without a MongoDB server there is nothing to play on, which is a failure only where one was named, or it is one by agreement. */
async function onStage(terminal: Terminal, items: number, play: (stage: EtlStage) => Promise<void>): Promise<Outcome> {
  terminal.line(serverIsNamed() ? '  Connecting to the server of MONGODB_URI' : '  Starting a MongoDB server');
  const stage = await EtlStage.set(terminal, items).catch((error: unknown) => {
    if (error instanceof MongoUnavailable) return error;
    throw error;
  });
  if (stage instanceof MongoUnavailable) {
    terminal.failure(stage.message);
    return serverIsNamed() || process.env.REQUIRE_MONGO === '1' ? 'failed' : 'skipped';
  }
  try {
    await play(stage);
    return stage.conclude() ? 'held' : 'failed';
  } finally {
    await stage.clear();
  }
}

function serverIsNamed(): boolean {
  return (process.env.MONGODB_URI ?? '') !== '';
}

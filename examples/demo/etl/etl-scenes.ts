import { failureInTheMiddle } from './scenes/failure-in-the-middle';
import { itemByItem } from './scenes/item-by-item';
import { pageByPage } from './scenes/page-by-page';
import { EtlStage } from './stage';
import { MongoUnavailable } from '../../../local/mongodb/mongo-unavailable';
import { Outcome, SceneGroup } from '../scene-group';
import { Terminal } from '../terminal';

const DEFAULT_ITEMS = 100_000;

export const etlScenes: SceneGroup = {
  async play(terminal, { items = DEFAULT_ITEMS }) {
    terminal.title('PagedBatchEtl, from a MongoDB collection to metrics, without an AWS account');
    return onStage(terminal, items, async (stage) => {
      await pageByPage(stage, items);
      await itemByItem(stage);
      await failureInTheMiddle(stage);
    });
  },

  async keep(terminal, { items = DEFAULT_ITEMS }, ended) {
    await onStage(terminal, items, async (stage) => {
      terminal.line(`The database is called ${stage.analytics.name}: ${stage.shellCommand()}`);
      terminal.line(await stage.startCommand(items));
      await stage.cloud.clock.pace(1, ended);
    });
  },
};

/** Without a MongoDB server there is nothing to play on, which is a failure only where it is one by agreement. */
async function onStage(terminal: Terminal, items: number, play: (stage: EtlStage) => Promise<void>): Promise<Outcome> {
  const stage = await EtlStage.set(terminal, items).catch((error: unknown) => {
    if (error instanceof MongoUnavailable) return error;
    throw error;
  });
  if (stage instanceof MongoUnavailable) {
    terminal.failure(stage.message);
    return process.env.REQUIRE_MONGO === '1' ? 'failed' : 'skipped';
  }
  try {
    await play(stage);
    return stage.conclude() ? 'held' : 'failed';
  } finally {
    await stage.clear();
  }
}

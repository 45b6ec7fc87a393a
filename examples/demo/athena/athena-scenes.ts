import { cancelledQuery } from './scenes/cancelled-query';
import { failingQuery } from './scenes/failing-query';
import { goodQuery } from './scenes/good-query';
import { namedQuery } from './scenes/named-query';
import { receiverDown } from './scenes/receiver-down';
import { sameRequestTwice } from './scenes/same-request-twice';
import { slowQuery } from './scenes/slow-query';
import { Stage } from './stage';
import { SceneGroup } from '../scene-group';

const SCENES: readonly ((stage: Stage) => Promise<void>)[] = [
  goodQuery, namedQuery, failingQuery, cancelledQuery, slowQuery, receiverDown, sameRequestTwice,
];

/** An endless query meets its time-out of half an hour within seconds. */
const FAST_ENGINE = 200;

export const athenaScenes: SceneGroup = {
  async play(terminal) {
    terminal.title('AsyncAthenaQueryApi, from POST to callback, without an AWS account');
    const stage = await Stage.set(terminal, FAST_ENGINE);
    try {
      for (const scene of SCENES) await scene(stage);
      return stage.conclude() ? 'held' : 'failed';
    } finally {
      await stage.clear();
    }
  },

  async keep(terminal, _options, ended) {
    const stage = await Stage.set(terminal, 1);
    try {
      stage.receiver.answer(({ body }) => {
        terminal.line(`callback: ${body}`);
        return { status: 204 };
      });
      terminal.line(`Links open with: curl --cacert ${stage.cloud.caFile} '<PresignedUrl>'`);
      terminal.line(stage.curls());
      await stage.cloud.clock.pace(1, ended);
    } finally {
      await stage.clear();
    }
  },
};

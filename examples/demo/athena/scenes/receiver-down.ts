import { Stage } from '../stage';

const HOUR = 3_600_000;

/** A receiver that is down for an hour misses nothing. */
export async function receiverDown(stage: Stage): Promise<void> {
  stage.terminal.title('A receiver that is down for an hour');
  const up = stage.now() + HOUR;
  stage.receiver.answer(() => (stage.now() < up ? { status: 503 } : { status: 204 }));
  const before = stage.receiver.requests.length;
  const callback = await stage.run('SELECT origin, count(*) AS flights FROM flights GROUP BY origin ORDER BY flights DESC LIMIT 3');
  const attempts = stage.receiver.requests.slice(before);
  stage.expect(attempts.length > 3 && stage.now() >= up, `delivered after ${attempts.length} attempts`);
  stage.expect(new Set(attempts.map((request) => request.headers['webhook-id'])).size === 1, 'the webhook-id was the same in all of them');
  stage.expect(stage.verifies(callback), 'and the signature of the last one is good');
  stage.expect((await stage.download(stage.linkOf(callback))).status === 200, 'its link is new and downloads');
}

import { Stage } from '../stage';

/** A query that would never end is stopped by the time-out, in Athena as well. */
export async function slowQuery(stage: Stage): Promise<void> {
  stage.terminal.title('A query that takes too long');
  const { body } = await stage.run('SELECT count(*) FROM flights a, flights b WHERE a.distance + b.distance < a.delay * b.delay');
  const minutes = (body.State.CompletionDateTime - body.State.SubmissionDateTime) / 60_000;
  stage.expect(body.State.State === 'CANCELLED' && body.Reason === 'QueryTimeout', 'the callback says CANCELLED, because of QueryTimeout');
  stage.expect(minutes >= 30 && minutes < 40, `it was stopped after its 30 minutes: ${minutes.toFixed(1)} virtual minutes with the calls to Athena`);
  stage.expect(await stage.queryState(body.QueryExecutionId ?? '') === 'CANCELLED', 'Athena really stopped it');
}

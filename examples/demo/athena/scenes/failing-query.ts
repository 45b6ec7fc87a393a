import { Stage } from '../stage';

/** A failed query is delivered too, with the reason. */
export async function failingQuery(stage: Stage): Promise<void> {
  stage.terminal.title('A query that fails');
  const { body } = await stage.run('SELECT no_such_column FROM flights');
  stage.expect(body.State.State === 'FAILED' && body.QueryResult === undefined, 'the callback says FAILED and has no link');
  stage.expect((body.Reason ?? '').includes('no_such_column'), `the reason: ${(body.Reason ?? '').split('\n')[0].slice(0, 100)}`);
}

import { Stage } from '../stage';

const QUERY = 'SELECT count(*) AS flights FROM flights';
const KEY = { IdempotencyKey: 'flights-of-2001' };

/** A caller that lost its answer sends the request again: it is one query. */
export async function sameRequestTwice(stage: Stage): Promise<void> {
  const { terminal, cloud } = stage;
  terminal.title('The same request, sent twice');
  // Time stands still in between, so the query cannot end before the second request.
  const { first, second } = await cloud.clock.hold(async () => ({ first: await stage.submit(QUERY, KEY), second: await stage.post(QUERY, KEY) }));
  const { queryId } = first;
  stage.expect(second.status === 202 && second.body.QueryId === queryId, 'the second answer is the first again: 202 with the same QueryId');
  await first.ended;
  stage.expect(stage.callbacksOf(queryId) === 1, 'there is one query, and one callback');
  const { status, body } = await stage.post(QUERY, KEY);
  stage.expect(status === 409 && body.Code === 'DuplicateRequest' && body.QueryId === queryId, 'after its end the answer is 409 DuplicateRequest, with its QueryId');
}

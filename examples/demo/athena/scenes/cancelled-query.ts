import { Stage } from '../stage';

/** A caller looks at its query, sees that it still runs, and cancels it. */
export async function cancelledQuery(stage: Stage): Promise<void> {
  const { terminal, client, cloud } = stage;
  terminal.title('A query that its caller looks at, and cancels');
  const { queryId, ended } = await stage.submit(
    'SELECT count(*) FROM flights a, flights b WHERE a.distance + b.distance < a.delay * b.delay', { ClientReference: 'order 17' },
  );
  await stage.untilEvent(({ type, details }) => type === 'ChoiceStateEntered' && details.state === 'Is Query Finished');
  await cloud.clock.pace(1, async () => {
    const { status, body } = await client.get(`/${queryId}`);
    terminal.line(`    GET /queries/{QueryId}  ${status} ${body.State}, callback ${body.Delivery}, ${body.ClientReference}`);
    stage.expect(status === 200 && body.State === 'RUNNING' && body.Delivery === 'PENDING', 'it is RUNNING, and its callback is PENDING');
    const { status: cancelled } = await client.delete(`/${queryId}`);
    stage.expect(cancelled === 202, 'DELETE /queries/{QueryId} is answered 202');
  });
  const { body } = await ended;
  stage.expect(body.State.State === 'CANCELLED' && body.ClientReference === 'order 17', 'the callback says CANCELLED, with the reference of the caller');
  stage.expect(await stage.queryState(body.QueryExecutionId ?? '') === 'CANCELLED', 'Athena really stopped it');
  const { body: after } = await client.get(`/${queryId}`);
  stage.expect(after.State === 'CANCELLED' && after.Delivery === 'DELIVERED', 'now it is CANCELLED, and its callback is DELIVERED');
}

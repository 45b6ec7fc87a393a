/** What was asked, where to, and what came of it stand in no log and no dead letter, and the SQL stands in an execution once until the query is started. */
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { CALLBACK_URL, DeployedApi } from './deployed-api';

const MARK = 'zqSecretMark';
const REFERENCE = 'zqReference';

test('whatever becomes of queries, nobody who reads logs and dead letters learns of them', async () => {
  const api = await DeployedApi.start();
  try {
    const owner = api.client;
    const url = `${CALLBACK_URL}?token=${MARK}`;
    const submit = async (Query: string, more = {}) => {
      const { status, body } = await owner.postJson({ Query, CallbackUrl: url, ClientReference: REFERENCE, ...more });
      expect(status).toBe(202);
      return String(body.QueryId);
    };
    const letters: unknown[] = [];
    for (const [sql, status, more] of [
      [`SELECT '${MARK}' AS mark`, 204, { IdempotencyKey: 'one' }], [`SELECT CAST('${MARK}' AS integer)`, 204, {}], [`SELECT FROM ${MARK}`, 204, {}],
      // Athena quotes these.
      [`${MARK} 1`, 204, {}], [`SELECT '${MARK}'; SELECT 2`, 204, {}],
      [`SELECT '${MARK}' AS gone`, 400, {}],
    ] as const) {
      api.receiver.answer([{ status }]);
      const id = await submit(sql, more);
      const { events } = await api.ended(id);
      expect((await owner.get(`/${id}`)).status).toBe(200);
      await owner.get(`/${id}/result`);
      await owner.delete(`/${id}`);
      letters.push(...api.deadLetters(id));
      // From the second event of the state after Start Query on, only what Athena itself says of a failure may quote the SQL.
      const entered = events.filter(({ type }) => type.endsWith('StateEntered'));
      expect(JSON.stringify(entered[0]).split(MARK).length - 1).toBe(2);
      if (status === 204 && sql.includes('AS mark')) {
        expect(JSON.stringify(entered.slice(1))).not.toContain(MARK);
        expect(entered.length).toBeLessThanOrEqual(5);
      }
    }
    // One that is cancelled while it waits for Athena.
    api.receiver.answer([{ status: 204 }]);
    api.cloud.athena.delayQueries({ queued: 60_000 });
    await api.cloud.clock.pace(1, async () => {
      const waits = api.next(({ type }) => type === 'WaitStateEntered');
      const id = await submit(`SELECT '${MARK}' AS cancelled`);
      await waits;
      expect((await owner.delete(`/${id}`)).status).toBe(202);
      await api.ended(id);
    });
    expect(letters).toHaveLength(1);
    const logs = api.logText();
    expect(logs).toContain('GetQueryResult');
    expect(logs).toContain('Delivered');
    // The workflow has written, too: the execution that failed, without data.
    const records = api.workflowLog();
    expect(records.map(({ type }) => type)).toEqual(['ExecutionFailed']);
    expect(records.filter(({ details }) => /"(input|output)"/.test(JSON.stringify(details)))).toEqual([]);
    const secret = await api.signingSecret();
    const metrics = api.cloud.metrics.names();
    expect(metrics.map(({ name }) => name)).toEqual(expect.arrayContaining(['CancelledQueries', 'NotStartedQueries', 'DeliveryAttempts', 'ExecutionsFailed']));
    const environments = api.cloud.lambda.configurations().map(({ variables }) => variables);
    expect(JSON.stringify(environments)).toContain('SIGNING_SECRET_ARN');
    for (const shown of [logs, ...[letters, metrics, environments].map((all) => JSON.stringify(all))]) {
      for (const hidden of [MARK, REFERENCE, 'hooks.', 'X-Amz-', 'SELECT', secret]) expect(shown).not.toContain(hidden);
    }
    api.assertNoFaults();
  } finally {
    await api.close();
  }
});

test('a workflow that logged everything, with data, would be found out', async () => {
  const api = await DeployedApi.start({
    customise: ({ queries }) => {
      const machine = queries.node.findChild('Workflow').node.defaultChild;
      if (!(machine instanceof CfnStateMachine)) throw new Error('The workflow is no state machine');
      machine.addPropertyOverride('LoggingConfiguration.Level', 'ALL');
      machine.addPropertyOverride('LoggingConfiguration.IncludeExecutionData', true);
    },
  });
  api.receiver.answer([{ status: 204 }]);
  const { events } = await api.run(`SELECT '${MARK}' AS mark`);
  const records = api.workflowLog();
  // Whatever comes of the rest, the cloud is closed.
  await expect(api.close()).rejects.toThrow(MARK);
  expect(records.map(({ id, type }) => [id, type])).toEqual(events.map(({ id, type }) => [String(id), type]));
  expect(JSON.stringify(records)).toContain(MARK);
});

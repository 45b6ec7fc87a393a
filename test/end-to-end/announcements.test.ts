/** Queries that are announced: who learns what, in which order, what a receiver or a topic that is broken does to the others, and what a redrive does. */
import { Duration } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { CALLBACK_URL, DeployedApi, errorsOf, lastStateOf, Run } from './deployed-api';
import { needlessPermissions } from './permission-removal';
import { QueriesStack } from './queries-stack';
import { roleSessionCaller } from '../../local/account/credentials';
import { expectString, JsonObject } from '../../local/json';
import { AsyncAthenaQueryApi, AsyncAthenaQueryApiProps, QueryableData, QueryAnnouncement } from '../../src';

const SELECT = 'SELECT count(*) AS trips FROM trips';
const MARK = 'zqSecretMark';

/** Rights that queries are announced with. */
const RIGHTS = ['events:PutEvents', 'sqs:SendMessage', 'sns:Publish', 'kms:Decrypt', 'kms:GenerateDataKey'];

describe('queries that are announced', () => {
  let api: DeployedApi;
  let topicArn: string;
  beforeAll(async () => {
    api = await DeployedApi.start({ queries: announced, customise: listen });
    topicArn = api.deployment.physicalId('AWS::SNS::Topic', 'Topic');
  });
  beforeEach(() => api.receiver.answer([{ status: 204 }]));
  afterEach(() => api.assertNoFaults());
  afterAll(async () => api?.close());

  /** What a queue has of a query. */
  function messages(queue: string, queryId: string): JsonObject[] {
    const { attributes } = api.deployment.resource('AWS::SQS::Queue', queue);
    const bodies: JsonObject[] = (api.cloud.sqs.find(String(attributes?.Arn))?.peek() ?? []).map((body) => JSON.parse(body));
    return bodies.map((body) => ('detail' in body ? Object(body.detail) : body)).filter(({ QueryId }) => QueryId === queryId);
  }

  const everywhere = (queryId: string) => ['FromBus', 'Announced', 'FromTopic'].map((queue) => messages(queue, queryId));

  async function submit(request: Readonly<Record<string, string>>): Promise<string> {
    const { status, body } = await api.client.postJson(request);
    expect([status, body]).toEqual([202, { QueryId: expect.any(String) }]);
    return expectString(body.QueryId, 'QueryId');
  }

  const entered = ({ events }: Run) => events.filter(({ type }) => type.endsWith('StateEntered')).map(({ details }) => details.state);

  const breakTopic = () => api.cloud.sns.setPolicy(topicArn, {
    Version: '2012-10-17', Statement: [{ Effect: 'Deny', Principal: '*', Action: 'sns:Publish', Resource: topicArn }],
  });
  const repairTopic = () => api.cloud.sns.setPolicy(topicArn, { Version: '2012-10-17', Statement: [] });

  test('everybody learns the same, and the callback comes last', async () => {
    const queryId = await submit({ Query: SELECT, CallbackUrl: CALLBACK_URL, ClientReference: 'order 17' });
    const run = await api.ended(queryId);
    const { State: { State, ...times }, ResultKind, QueryExecutionId } = run.callbacks[0].body;
    const document = {
      QueryId: queryId, ClientReference: 'order 17', State, Reason: '', ResultKind, Bucket: api.physicalId('AWS::S3::Bucket', 'Results'), Key: `results/${QueryExecutionId}.csv`, ...times,
    };
    expect(everywhere(queryId)).toEqual([[document], [document], [document]]);
    expect(document).toMatchObject({ State: 'SUCCEEDED', ResultKind: 'OBJECT' });
    expect(run.end.type).toBe('ExecutionSucceeded');
    expect(entered(run).slice(-7)).toEqual([
      'Describe Query', 'Announce To Event Bus 1', 'Announce To Queue 2', 'Announce To Topic 3', 'Deliver Result', 'Is Everything Announced', 'Done',
    ]);
    // The output is that of every delivery, without a link.
    expect(run.end.details.output).toMatchObject({ CallbackStatusCode: 204, Outcome: { QueryId: queryId, ResultKind } });
    expect((await api.client.get(`/${queryId}`)).body).toMatchObject({ State: 'SUCCEEDED', Delivery: 'DELIVERED' });
  });

  test('a bus of one\'s own, a FIFO queue and a FIFO topic learn the same, and once', async () => {
    const ordered = api.sibling('Ordered', 'ExportOrderedUrl');
    const { status, body } = await ordered.client.postJson({ Query: SELECT });
    expect(status).toBe(202);
    const queryId = expectString(body.QueryId, 'QueryId');
    expect((await ordered.ended(queryId)).end.type).toBe('ExecutionSucceeded');
    const told = ['OwnBusLetters', 'InOrder', 'NewsLetters'].map((queue) => messages(queue, queryId));
    expect(told[0]).toMatchObject([{ QueryId: queryId, State: 'SUCCEEDED' }]);
    expect(told).toEqual([told[0], told[0], told[0]]);
    // What is on one bus is not on another.
    expect(everywhere(queryId)).toEqual([[], [], []]);
  });

  test('without a callback URL, a query is announced, counted, and its owner still gets at everything', async () => {
    const succeeded = () => api.cloud.metrics.statistics({
      namespace: 'AsyncAthenaQueryApi', name: 'SucceededQueries', dimensions: { Workflow: expectString(api.workflow.split(':').at(-1), 'name') },
    })?.sum ?? 0;
    const before = succeeded();
    const queryId = await submit({ Query: SELECT });
    const run = await api.ended(queryId);
    expect([run.end.type, run.callbacks]).toEqual(['ExecutionSucceeded', []]);
    expect(everywhere(queryId).map((all) => all.map(({ State }) => State))).toEqual([['SUCCEEDED'], ['SUCCEEDED'], ['SUCCEEDED']]);
    expect(run.end.details.output).not.toHaveProperty('CallbackStatusCode');
    expect(JSON.stringify(run.end.details.output)).not.toContain('X-Amz-');
    expect((await api.client.get(`/${queryId}`)).body).toMatchObject({ State: 'SUCCEEDED', Delivery: 'NONE', ResultKind: 'OBJECT' });
    const { status, body } = await api.client.get(`/${queryId}/result`);
    expect([status, (await api.download(String(Object(body.QueryResult).PresignedUrl))).body]).toEqual([200, '"trips"\n"3"\n']);
    expect(succeeded()).toBe(before + 1);
  });

  test('a receiver that is down delays nobody', async () => {
    api.receiver.answer([{ status: 503 }]);
    const queryId = await submit({ Query: SELECT, CallbackUrl: CALLBACK_URL });
    await api.at(({ type }) => type === 'TaskFailed', async () => {
      expect(everywhere(queryId).map((all) => all.length)).toEqual([1, 1, 1]);
      expect((await api.client.get(`/${queryId}`)).body).toMatchObject({ State: 'SUCCEEDED', Delivery: 'PENDING' });
    });
    const run = await api.ended(queryId);
    expect([run.end.type, run.end.details.error]).toEqual(['ExecutionFailed', 'CallbackUnavailable']);
    expect((await api.client.get(`/${queryId}`)).body).toMatchObject({ Delivery: 'FAILED' });
    api.receiver.answer([{ status: 204 }]);
    const redriven = await api.redrive(queryId);
    expect(redriven.end.type).toBe('ExecutionSucceeded');
    expect(everywhere(queryId).map((all) => all.length)).toEqual([1, 1, 1]);
  });

  test('a topic that is broken delays no callback, fails the execution in the end, and a redrive does only what is not done', async () => {
    breakTopic();
    const queryId = await submit({ Query: SELECT, CallbackUrl: CALLBACK_URL });
    let deliveredAt = Infinity;
    await api.at(({ type, details }) => type === 'TaskStateExited' && details.state === 'Deliver Result', () => {
      deliveredAt = api.now();
    });
    const run = await api.ended(queryId);
    expect(deliveredAt - (run.callbacks[0].body.State.CompletionDateTime)).toBeLessThan(5_000);
    expect([run.end.type, run.end.details.error, lastStateOf(run)]).toEqual(['ExecutionFailed', 'SNS.AuthorizationErrorException', 'Announce To Topic 3 Again']);
    expect(errorsOf(run)).toEqual(['SNS.AuthorizationErrorException', 'SNS.AuthorizationErrorException']);
    expect(everywhere(queryId).map((all) => all.length)).toEqual([1, 1, 0]);
    expect(run.callbacks).toHaveLength(1);
    // The callback was delivered, whatever became of the execution.
    expect((await api.client.get(`/${queryId}`)).body).toMatchObject({ State: 'SUCCEEDED', Delivery: 'DELIVERED' });
    expect((await api.client.get(`/${queryId}/result`)).status).toBe(200);
    expect(api.deadLetters(queryId)).toMatchObject([{ Status: 'FAILED', Error: 'SNS.AuthorizationErrorException' }]);
    expect(api.alarmState()).toBe('ALARM');

    expect((await api.redrive(queryId)).end.type).toBe('ExecutionFailed');
    repairTopic();
    const redriven = await api.redrive(queryId);
    expect(redriven.end.type).toBe('ExecutionSucceeded');
    expect(everywhere(queryId).map((all) => all.length)).toEqual([1, 1, 1]);
    expect(redriven.callbacks).toHaveLength(1);
    expect((await api.client.get(`/${queryId}`)).body).toMatchObject({ State: 'SUCCEEDED', Delivery: 'DELIVERED' });
  });

  test('a query that cannot be started is announced with the name of the error', async () => {
    const queryId = await submit({ Query: `SELECT FROM ${MARK}` });
    const run = await api.ended(queryId);
    expect(run.end.type).toBe('ExecutionSucceeded');
    expect(messages('Announced', queryId)).toMatchObject([{ State: 'FAILED', Reason: 'Athena.InvalidRequestException', ResultKind: 'NONE', Bucket: '', Key: '' }]);
  });

  test('no announcement has SQL, a callback URL or a link in it', async () => {
    for (const Query of [`SELECT '${MARK}' AS mark`, `SELECT CAST('${MARK}' AS integer)`, `SELECT ${MARK} FROM trips`, `${MARK} 1`, `SELECT 1; SELECT '${MARK}'`]) {
      const queryId = await submit({ Query, CallbackUrl: `${CALLBACK_URL}?token=${MARK}` });
      await api.ended(queryId);
      const shown = JSON.stringify(everywhere(queryId));
      expect(everywhere(queryId).map((all) => all.length)).toEqual([1, 1, 1]);
      for (const hidden of [MARK, 'hooks.', 'X-Amz-', 'https:']) expect(shown).not.toContain(hidden);
    }
  });

  test('the callback URL is checked where there is one', async () => {
    for (const CallbackUrl of ['', 'http://hooks.example.com/', 'https://127.0.0.1/']) {
      expect((await api.client.postJson({ Query: SELECT, CallbackUrl })).status).toBe(400);
    }
    expect((await api.client.postJson({ CallbackUrl: CALLBACK_URL })).status).toBe(400);
  });

  test('every right is needed, and no SQL can use one', async () => {
    const role = api.cloud.roles.list().find(({ name }) => name.includes('QueriesQueryRole'));
    if (role === undefined) throw new Error('There is no query role');
    const needless = await needlessPermissions({
      cloud: api.cloud,
      roles: [role],
      observable: (action) => RIGHTS.includes(action),
      works: async () => {
        const queryId = await submit({ Query: SELECT });
        const { end } = await api.ended(queryId);
        return end.type === 'ExecutionSucceeded';
      },
    });
    expect(needless).toEqual([]);
    const caller = roleSessionCaller({ role, sessionName: 'test' }, api.cloud.environment);
    const documents = api.cloud.roles.policiesOf(role.arn).map(({ document }) => document);
    const statements = documents.flatMap(({ Statement }) => [Statement].flat()).map((statement) => Object(statement));
    for (const action of RIGHTS.slice(0, 3)) {
      const { Resource } = statements.find(({ Effect, Action }) => Effect === 'Allow' && [Action].flat().includes(action));
      const request = { action, resource: String([Resource].flat()[0]) };
      await expect(api.cloud.authorizer.authorize(request, { caller })).resolves.toBeUndefined();
      await expect(api.cloud.authorizer.authorize(request, { caller, calledVia: ['athena.amazonaws.com'] })).rejects.toThrow('with an explicit deny');
    }
  });
});

function announced(stack: QueriesStack): AsyncAthenaQueryApiProps {
  const encryptionMasterKey = new Key(stack, 'Key');
  return {
    deliveryWindow: Duration.minutes(1),
    announcements: [
      QueryAnnouncement.eventBus({ bus: EventBus.fromEventBusName(stack, 'Bus', 'default') }),
      QueryAnnouncement.queue({ queue: new Queue(stack, 'Announced', { encryption: QueueEncryption.KMS, encryptionMasterKey }) }),
      QueryAnnouncement.topic({ topic: new Topic(stack, 'Topic', { masterKey: encryptionMasterKey }) }),
    ],
  };
}

/** Queues that get what is on the bus and what is published. */
function listen(stack: QueriesStack): void {
  new Rule(stack, 'Finished', {
    eventPattern: {
      source: [QueryAnnouncement.EVENT_SOURCE],
      detailType: [QueryAnnouncement.EVENT_DETAIL_TYPE],
      resources: [stack.queries.workflow.stateMachineArn],
    },
    targets: [new SqsQueue(new Queue(stack, 'FromBus'))],
  });
  const topic = stack.node.findChild('Topic');
  if (!(topic instanceof Topic)) throw new Error('There is no topic');
  topic.addSubscription(new SqsSubscription(new Queue(stack, 'FromTopic'), { rawMessageDelivery: true }));
  announcedInOrder(stack);
}

/** Another API of the same stack, whose queries are announced to a bus of one's own, and in order. */
function announcedInOrder(stack: QueriesStack): void {
  const bus = new EventBus(stack, 'OwnBus');
  const queue = new Queue(stack, 'InOrder', { fifo: true });
  const topic = new Topic(stack, 'News', { fifo: true });
  const queries = new AsyncAthenaQueryApi(stack, 'Ordered', {
    database: stack.database.ref,
    queryableData: [QueryableData.glueTables({ database: stack.database.ref, tables: ['trips'], bucket: stack.data, prefix: 'trips/' })],
    announcements: [QueryAnnouncement.eventBus({ bus }), QueryAnnouncement.queue({ queue }), QueryAnnouncement.topic({ topic })],
  });
  queries.grantInvoke(stack.analysts);
  stack.exportValue(queries.queriesUrl, { name: 'OrderedUrl' });
  new Rule(stack, 'OwnRule', {
    eventBus: bus, eventPattern: { source: [QueryAnnouncement.EVENT_SOURCE] }, targets: [new SqsQueue(new Queue(stack, 'OwnBusLetters'))],
  });
  topic.addSubscription(new SqsSubscription(new Queue(stack, 'NewsLetters', { fifo: true }), { rawMessageDelivery: true }));
}

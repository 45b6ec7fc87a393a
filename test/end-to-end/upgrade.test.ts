/** A stack that is updated while executions are underway: all of them end well, and nothing that stores anything is replaced. */
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { CALLBACK_URL, DeployedApi } from './deployed-api';
import { QueriesStack } from './queries-stack';
import { callbackOf } from '../../local/client/callback';
import { executionArnOf } from '../../local/client/deployed-stack';
import { HistoryEvent } from '../../local/stepfunctions/interpreter/history';
import { AccessLogs, AsyncAthenaQueryApiErrors as Errors, ItemProcessor, PagedBatchEtl, PageSource, QueryAnnouncement, RunContinuation } from '../../src';
import type { CallbackBody } from '../../src/async-athena-query-api/contracts/callback';
import { defaultRuntime } from '../../src/private/synth/node-runtime';

const ITEMS = 18;
const SELECT = 'SELECT count(*) AS trips FROM trips';

/** Answers pages by the number of the next item. */
const SOURCE = `exports.handler = async ({ cursor, batchSize }) => {
  const from = Number(cursor ?? 0);
  const to = Math.min(${ITEMS}, from + batchSize);
  const items = Array.from({ length: to - from }, (_, index) => ({ itemIdentifier: '#' + (from + index), item: {} }));
  return { items, cursor: String(to), done: to === ${ITEMS} };
};`;
const PROCESSOR = 'exports.handler = async ({ items }) => { for (const { itemIdentifier } of items) console.log(\'processed \' + itemIdentifier); };';

/** Types that store something, or are known outside by their ids. */
const WITH_STATE = [
  'AWS::ApiGateway::RestApi', 'AWS::Athena::WorkGroup', 'AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table', 'AWS::KMS::Key', 'AWS::Logs::LogGroup', 'AWS::S3::Bucket',
  'AWS::SQS::Queue', 'AWS::SecretsManager::Secret', 'AWS::StepFunctions::StateMachine',
];

/** The stack as it was, or with what can be changed in both constructs. */
const version = (newer: boolean) => ({
  queries: (stack: QueriesStack) => ({
    callbackTimeout: Duration.seconds(newer ? 2 : 1),
    deliveryWindow: Duration.minutes(newer ? 60 : 40),
    ...newer && {
      accessLogs: AccessLogs.none(),
      announcements: [QueryAnnouncement.queue({ queue: new Queue(stack, 'Announced') })],
      deliveryMemorySize: 512,
      linkExpiry: Duration.minutes(20),
      resultRetention: Duration.days(40),
    },
  }),
  customise: (stack: QueriesStack) => {
    const handler = (id: string, code: string) => new LambdaFunction(stack, id, {
      runtime: defaultRuntime(), handler: 'index.handler', code: Code.fromInline(code), logGroup: new LogGroup(stack, `${id}Lines`),
    });
    new PagedBatchEtl(stack, 'Jobs', {
      source: PageSource.custom({ handler: handler('Fetch', SOURCE) }),
      processor: ItemProcessor.perBatch({ handler: handler('Process', PROCESSOR) }),
      batchSize: newer ? 5 : 3,
      continuation: RunContinuation.supervised({ pagesPerSegment: newer ? 3 : 2 }),
      removalPolicy: RemovalPolicy.DESTROY,
    }).addDashboard();
  },
});

let api: DeployedApi;
beforeAll(async () => {
  // What an older library made of `version(false)` can be given as a folder.
  api = await DeployedApi.start({ ...version(false), assembly: process.env.UPGRADE_FROM });
});
afterAll(async () => api?.close());

/** Does something at the first event that fits, before whatever comes after it. */
async function at(fits: (executionArn: string, event: HistoryEvent) => boolean, action: () => Promise<void>): Promise<void> {
  await new Promise<void>((resolve) => {
    const stop = api.cloud.observe(({ executionArn, event }) => {
      if (!fits(executionArn, event)) return;
      stop();
      resolve();
    });
  });
  await api.cloud.clock.hold(action);
}

const processed = () => api.cloud.logs.names.filter((name) => name.includes('ProcessLines'))
  .flatMap((name) => api.cloud.logs.lines(name)).flatMap(({ message }) => /processed (#\d+)/.exec(message)?.[1] ?? []);

test('executions that are underway when the stack is updated end well, and so do those that come after', async () => {
  const { cloud, deployment, receiver } = api;
  let updated = false;
  const [refused, retried] = [new Set<string>(), new Set<string>()];
  receiver.answer((request) => {
    const { body: { QueryId } } = callbackOf<CallbackBody>(request);
    if (!updated && refused.has(QueryId)) return { status: 400 };
    return { status: !updated && retried.has(QueryId) ? 503 : 204 };
  });
  const former = deployment.stack.resources;

  // A failure that waits for its redrive.
  const failed = await cloud.clock.hold(async () => {
    const queryId = await api.submit(SELECT);
    refused.add(queryId);
    return queryId;
  });
  expect((await api.ended(failed)).end).toMatchObject({ type: 'ExecutionFailed', details: { error: Errors.CALLBACK_REFUSED } });

  // A callback that is tried again and again, then a query that runs for long, then a run of several segments.
  const again = await cloud.clock.hold(async () => {
    const queryId = await api.submit(SELECT);
    retried.add(queryId);
    return queryId;
  });
  let polled = '';
  const run = `${executionArnOf(deployment.physicalId('AWS::StepFunctions::StateMachine', 'JobsWorkflow'), 'run')}`;
  await at((arn, { type }) => arn === api.executionArn(again) && type === 'TaskFailed', async () => {
    cloud.athena.delayQueries({ running: 600_000 });
    polled = await api.submit(SELECT);
    const stateMachineArn = deployment.physicalId('AWS::StepFunctions::StateMachine', 'JobsWorkflow');
    await cloud.stepFunctions.call('StartExecution', { stateMachineArn, name: 'run', input: '{}' }, deployment.administrator);
  });
  await at((arn, { type }) => arn.includes('JobsSegment') && type === 'ExecutionSucceeded', async () => {
    const { summary, resources } = await api.update(version(true));
    updated = true;
    expect(summary).toMatchObject({ replaced: [], notDeleted: {} });
    expect(summary.updated).toEqual(expect.arrayContaining([expect.stringContaining('QueriesWorkflow'), expect.stringContaining('JobsWorkflow')]));
    for (const [id, { type, ref }] of former) if (WITH_STATE.includes(type)) expect([id, resources.get(id)?.ref]).toEqual([id, ref]);
    for (const id of [...summary.deleted, ...summary.retained]) expect([id, former.get(id)?.type]).toEqual([id, 'AWS::ApiGateway::Deployment']);
    const states = await Promise.all([api.executionArn(again), api.executionArn(polled), run].map(async (executionArn) => (
      (await cloud.stepFunctions.call('DescribeExecution', { executionArn }, deployment.administrator)).status)));
    expect(states).toEqual(['RUNNING', 'RUNNING', 'RUNNING']);
    expect(processed().length).toBeLessThan(ITEMS);
  });

  cloud.athena.delayQueries({});
  for (const queryId of [again, polled]) expect((await api.ended(queryId)).end.type).toBe('ExecutionSucceeded');
  expect((await api.redrive(failed)).end.type).toBe('ExecutionSucceeded');
  await cloud.stepFunctions.ended(run);
  const { status, output } = await cloud.stepFunctions.call('DescribeExecution', { executionArn: run }, deployment.administrator);
  expect([status, JSON.parse(String(output))]).toEqual(['SUCCEEDED', expect.objectContaining({ items: ITEMS })]);
  expect(processed()).toEqual(Array.from({ length: ITEMS }, (_, index) => `#${index}`));

  // What is started now is as the new template says.
  const late = await api.run(SELECT, CALLBACK_URL);
  expect(late.end.type).toBe('ExecutionSucceeded');
  const announced = cloud.sqs.find(String(deployment.resource('AWS::SQS::Queue', 'Announced').attributes?.Arn))?.peek() ?? [];
  expect(announced.map((body) => JSON.parse(body).QueryId)).toEqual([late.queryId]);
  api.assertNoFaults();
}, 120_000);

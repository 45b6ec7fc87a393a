import { Duration, Stack } from 'aws-cdk-lib';
import { MockIntegration, PassthroughBehavior, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, Fail, StateMachine, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions';
import { executionArnOf, DeployedStack } from '../../../local/client/deployed-stack';
import { exchange } from '../../../local/client/https';
import { LocalCloud } from '../../../local/cloud';
import { deploy } from '../deploy';

function build(stack: Stack): void {
  const code = Code.fromInline('exports.handler = async ({ fail }) => { if (fail) throw new Error("no"); };');
  const common = { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code };
  new Function(stack, 'Works', { ...common, functionName: 'works' });
  new Function(stack, 'Idle', { ...common, functionName: 'idle', reservedConcurrentExecutions: 0 });
  new StateMachine(stack, 'Waits', { definitionBody: DefinitionBody.fromChainable(new Wait(stack, 'Wait', { time: WaitTime.duration(Duration.minutes(1)) })) });
  new StateMachine(stack, 'Fails', { definitionBody: DefinitionBody.fromChainable(new Fail(stack, 'Fail')), timeout: Duration.minutes(1) });
  new Queue(stack, 'Queue', { queueName: 'letters' });
  const api = new RestApi(stack, 'Api', { restApiName: 'Shöp', deployOptions: { stageName: 'dev' } });
  api.root.addMethod('GET', new MockIntegration({
    passthroughBehavior: PassthroughBehavior.NEVER,
    requestTemplates: { 'application/json': '{"statusCode": $input.params(\'status\')}' },
    integrationResponses: [{ statusCode: '200', selectionPattern: '200' }, { statusCode: '404', selectionPattern: '404' }, { statusCode: '500' }],
  }), { methodResponses: [{ statusCode: '200' }, { statusCode: '404' }, { statusCode: '500' }] });
  const bucket = new Bucket(stack, 'Results');
  const configuration = (publishes: boolean) => ({ publishCloudWatchMetricsEnabled: publishes, resultConfiguration: { outputLocation: `s3://${bucket.bucketName}/` } });
  new CfnWorkGroup(stack, 'Loud', { name: 'loud', workGroupConfiguration: configuration(true) });
  new CfnWorkGroup(stack, 'Quiet', { name: 'quiet', workGroupConfiguration: configuration(false) });
}

let cloud: LocalCloud;
let deployment: DeployedStack;

beforeAll(async () => {
  cloud = await LocalCloud.start();
  deployment = new DeployedStack(cloud, await deploy(cloud, 'Metrics', build));
}, 120_000);
afterAll(() => cloud.close());

/** Sums by name, of data that have the documented unit. */
function sums(namespace: string, dimensions: Record<string, string>, names: Record<string, string>): Record<string, number | undefined> {
  const sum = (name: string, unit: string) => cloud.metrics.statistics({ namespace, name, dimensions }, { unit })?.sum;
  return Object.fromEntries(Object.entries(names).map(([name, unit]) => [name, sum(name, unit)]));
}

test('AWS/Lambda', async () => {
  const names = { Invocations: 'Count', Errors: 'Count', Throttles: 'Count' };
  const { administrator } = deployment;
  await cloud.lambda.invoke('works', '{}', administrator);
  await cloud.lambda.invoke('works', '{"fail":true}', administrator);
  expect(sums('AWS/Lambda', { FunctionName: 'works' }, names)).toEqual({ Invocations: 2, Errors: 1, Throttles: 0 });
  const of = (name: string) => ({ namespace: 'AWS/Lambda', name, dimensions: { FunctionName: 'works' } });
  expect(cloud.metrics.value(of('ConcurrentExecutions'), 'Maximum', { unit: 'Count' })).toBe(1);
  expect(cloud.metrics.value(of('Duration'), 'SampleCount', { unit: 'Milliseconds' })).toBe(2);
  await expect(cloud.lambda.invoke('idle', '{}', administrator)).rejects.toMatchObject({ code: 'TooManyRequestsException' });
  expect(sums('AWS/Lambda', { FunctionName: 'idle' }, names)).toEqual({ Invocations: undefined, Errors: undefined, Throttles: 1 });
});

test('AWS/States', async () => {
  const names = {
    ExecutionsStarted: 'Count', ExecutionsSucceeded: 'Count', ExecutionsFailed: 'Count', ExecutionsAborted: 'Count', ExecutionsTimedOut: 'Count', ExecutionTime: 'Milliseconds',
  };
  const run = async (machine: string, name: string, stop = false) => {
    const stateMachineArn = deployment.physicalId('AWS::StepFunctions::StateMachine', machine);
    const executionArn = executionArnOf(stateMachineArn, name);
    await cloud.stepFunctions.call('StartExecution', { stateMachineArn, name }, deployment.administrator);
    if (stop) await cloud.stepFunctions.call('StopExecution', { executionArn }, deployment.administrator);
    await cloud.stepFunctions.ended(executionArn);
    return sums('AWS/States', { StateMachineArn: stateMachineArn }, names);
  };
  const none = { ExecutionsSucceeded: undefined, ExecutionsFailed: undefined, ExecutionsAborted: undefined, ExecutionsTimedOut: undefined };
  expect(await run('Waits', 'one')).toEqual({ ...none, ExecutionsStarted: 1, ExecutionsSucceeded: 1, ExecutionTime: 60_000 });
  expect(await run('Waits', 'two', true)).toEqual({ ...none, ExecutionsStarted: 2, ExecutionsSucceeded: 1, ExecutionsAborted: 1, ExecutionTime: expect.any(Number) });
  expect(await run('Fails', 'one')).toMatchObject({ ExecutionsStarted: 1, ExecutionsFailed: 1 });
});

test('AWS/SQS', async () => {
  const visible = () => cloud.metrics.value({ namespace: 'AWS/SQS', name: 'ApproximateNumberOfMessagesVisible', dimensions: { QueueName: 'letters' } }, 'Maximum', { unit: 'Count' });
  expect(visible()).toBe(0);
  const QueueUrl = deployment.physicalId('AWS::SQS::Queue', 'Queue');
  for (const MessageBody of ['a', 'b']) await cloud.sqs.call('SendMessage', { QueueUrl, MessageBody }, deployment.administrator);
  expect(visible()).toBe(2);
});

test('AWS/ApiGateway', async () => {
  const url = cloud.localUrl(`https://${deployment.physicalId('AWS::ApiGateway::RestApi', 'Api')}.execute-api.us-east-1.amazonaws.com/dev/`);
  for (const status of [200, 404, 500, 500]) await exchange(`${url}?status=${status}`, { ca: cloud.certificates.caPem });
  const names = { 'Count': 'Count', '4XXError': 'Count', '5XXError': 'Count', 'Latency': 'Milliseconds' };
  const expected = { 'Count': 4, '4XXError': 1, '5XXError': 2, 'Latency': expect.any(Number) };
  expect(sums('AWS/ApiGateway', { ApiName: 'Shp' }, names)).toEqual(expected);
  expect(sums('AWS/ApiGateway', { ApiName: 'Shp', Stage: 'dev' }, names)).toEqual(expected);
  expect(cloud.metrics.value({ namespace: 'AWS/ApiGateway', name: '5XXError', dimensions: { ApiName: 'Shp' } }, 'Average')).toBe(0.5);
});

test('AWS/Athena, of workgroups that publish metrics', async () => {
  const run = async (WorkGroup: string) => {
    const { QueryExecutionId } = await cloud.athena.call('StartQueryExecution', { QueryString: 'SELECT 1', WorkGroup }, deployment.administrator);
    for (let state = 'QUEUED'; state === 'QUEUED' || state === 'RUNNING';) {
      await cloud.clock.sleep(100);
      state = await deployment.queryState(String(QueryExecutionId));
    }
  };
  await run('loud');
  await run('quiet');
  const of = (WorkGroup: string, QueryState: string) => sums('AWS/Athena', { WorkGroup, QueryType: 'DML', QueryState }, {
    TotalExecutionTime: 'Milliseconds', QueryQueueTime: 'Milliseconds', EngineExecutionTime: 'Milliseconds', ProcessedBytes: 'Bytes',
  });
  expect(of('loud', 'SUCCEEDED')).toEqual({ TotalExecutionTime: expect.any(Number), QueryQueueTime: 150, EngineExecutionTime: expect.any(Number), ProcessedBytes: 0 });
  expect(Object.values(of('quiet', 'SUCCEEDED')).concat(Object.values(of('loud', 'FAILED')))).toEqual(Array(8).fill(undefined));
});

test('nothing of this is a fault of the local cloud', () => {
  expect(cloud.faults).toEqual([]);
});

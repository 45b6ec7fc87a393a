import { CfnResource, Duration, RemovalPolicy, SecretValue, Stack } from 'aws-cdk-lib';
import { MockIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { CfnStateMachine, DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { deploy, withAssembly } from './deploy';
import { DeployedStack } from '../../local/client/deployed-stack';
import { download } from '../../local/client/https';
import { LocalCloud } from '../../local/cloud';
import { UpdatedStack, UpdateFailed } from '../../local/template/update';
import { UPDATE_BEHAVIORS } from '../../local/template/update-behaviors.generated';

interface Version {
  readonly number: 1 | 2;
  /** Something at the end that makes the update fail. */
  readonly fails?: boolean;
}

/** A stack of which the second version changes every resource, and replaces none but the deployment of the API. */
function build(stack: Stack, { number, fails }: Version): void {
  const second = number === 2;
  const removalPolicy = RemovalPolicy.DESTROY;
  const bucket = new Bucket(stack, 'Bucket', { removalPolicy, lifecycleRules: second ? [{ expiration: Duration.days(1) }] : [] });
  const queue = new Queue(stack, 'Queue', { visibilityTimeout: Duration.seconds(30 * number) });
  const topic = new Topic(stack, 'Topic', { displayName: `version ${number}` });
  topic.addSubscription(new SqsSubscription(queue, { rawMessageDelivery: second }));
  new Rule(stack, 'Rule', { eventPattern: { source: [`version.${number}`] }, targets: [new SqsQueue(queue)] });
  const key = new Key(stack, 'Key', { removalPolicy, description: `version ${number}` });
  if (second) key.grantDecrypt(new ServicePrincipal('sns.amazonaws.com'));
  new Secret(stack, 'Generated', { description: `version ${number}` });
  new Secret(stack, 'Given', { secretStringValue: SecretValue.unsafePlainText(`version ${number}`) });
  new LogGroup(stack, 'Logs', { removalPolicy, retention: second ? RetentionDays.ONE_WEEK : RetentionDays.ONE_DAY });
  new Table(stack, 'Table', {
    removalPolicy, partitionKey: { name: 'id', type: AttributeType.STRING }, billingMode: BillingMode.PAY_PER_REQUEST, deletionProtection: second,
  });
  const code = Code.fromInline(`exports.handler = async () => process.env.TEXT + ' ${number}';`);
  const fn = new Function(stack, 'Function', { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code, environment: { TEXT: `version ${number}` } });
  fn.addPermission('Events', { principal: new ServicePrincipal('events.amazonaws.com') });
  new StateMachine(stack, 'Machine', {
    definitionBody: DefinitionBody.fromString(JSON.stringify({
      StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 600, Next: 'Done' }, Done: { Type: 'Pass', Result: number, End: true } },
    })),
  });
  const scheduler = new Role(stack, 'Scheduler', {
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com'), maxSessionDuration: Duration.hours(number),
  });
  queue.grantSendMessages(scheduler);
  new CfnSchedule(stack, 'Schedule', {
    flexibleTimeWindow: { mode: 'OFF' },
    scheduleExpression: second ? 'rate(1 hour)' : 'rate(1 minute)',
    target: { arn: queue.queueArn, roleArn: scheduler.roleArn, input: `schedule ${number}` },
  });
  const api = new RestApi(stack, 'Api', { cloudWatchRole: false });
  const integration = new MockIntegration({
    requestTemplates: { 'application/json': '{"statusCode":200}' },
    integrationResponses: [{ statusCode: '200', responseTemplates: { 'application/json': `{"version":${number}}` } }],
  });
  api.root.addMethod('GET', integration, { methodResponses: [{ statusCode: '200' }] });
  fn.addToRolePolicy(new PolicyStatement({ actions: [second ? 's3:GetObject' : 's3:PutObject'], resources: [bucket.arnForObjects('*')] }));
  if (fails === true) {
    const broken = new CfnStateMachine(stack, 'Broken', { roleArn: scheduler.roleArn, definitionString: '{}' });
    const others = stack.node.findAll().filter((made): made is CfnResource => CfnResource.isCfnResource(made) && made !== broken);
    others.forEach((made) => broken.addDependency(made));
  }
}

let cloud: LocalCloud;
let deployed: DeployedStack;

beforeEach(async () => {
  cloud = await LocalCloud.start();
  deployed = new DeployedStack(cloud, await deploy(cloud, 'Stack', (stack) => build(stack, { number: 1 })));
});
afterEach(async () => cloud.close());

async function update(contents: (stack: Stack) => void): Promise<UpdatedStack> {
  return withAssembly('Stack', contents, async (folder) => deployed.update(folder));
}

const queue = () => deployed.resource('AWS::SQS::Queue', 'Queue');
const messages = () => cloud.sqs.find(String(queue().attributes?.Arn))?.peek() ?? [];
const invoke = async () => JSON.parse((await cloud.lambda.invoke(deployed.physicalId('AWS::Lambda::Function', 'Function'), '{}', { caller: { service: 'events.amazonaws.com' } })).payload);
const machine = () => deployed.physicalId('AWS::StepFunctions::StateMachine', 'Machine');

const apiUrl = () => String(Object.values(deployed.stack.outputs).find((value) => value.includes('.execute-api.')));

/** What the API answers. */
async function call(): Promise<unknown> {
  return JSON.parse((await download(cloud.localUrl(apiUrl()), cloud.certificates.caPem)).body);
}

async function begin(): Promise<string> {
  return String((await cloud.stepFunctions.call('StartExecution', { stateMachineArn: machine() }, deployed.administrator)).executionArn);
}

async function outputOf(executionArn: string): Promise<unknown> {
  await cloud.stepFunctions.ended(executionArn);
  return JSON.parse(String((await cloud.stepFunctions.call('DescribeExecution', { executionArn }, deployed.administrator)).output));
}

/** Everything that a loss would show in. */
async function fill(): Promise<void> {
  await deployed.putObject('Bucket', 'key', Buffer.from('object'));
  const item = { id: { S: 'one' } };
  await cloud.dynamoDb.call('PutItem', { TableName: deployed.physicalId('AWS::DynamoDB::Table', 'Table'), Item: item }, deployed.administrator);
  cloud.logs.write(deployed.physicalId('AWS::Logs::LogGroup', 'Logs'), { timestamp: 0, stream: 's', message: 'line' });
  await cloud.sqs.deliver(String(queue().attributes?.Arn), 'message', deployed.administrator);
}

async function stored() {
  const bucket = deployed.physicalId('AWS::S3::Bucket', 'Bucket');
  const { Items } = await cloud.dynamoDb.call('Scan', { TableName: deployed.physicalId('AWS::DynamoDB::Table', 'Table') }, deployed.administrator);
  return {
    object: String(await cloud.s3.read({ bucket, key: 'key', context: deployed.administrator })),
    items: Items,
    lines: cloud.logs.lines(deployed.physicalId('AWS::Logs::LogGroup', 'Logs')).map(({ message }) => message),
    messages: messages(),
    generated: await deployed.secretString('Generated'),
  };
}

test('an update in place changes every resource and loses nothing', async () => {
  await fill();
  const [before, ids] = [await stored(), deployed.stack.resources];
  expect([await invoke(), await call(), await deployed.secretString('Given')]).toEqual(['version 1 1', { version: 1 }, 'version 1']);
  await cloud.clock.hold(async () => {
    const old = await begin();
    const updated = await update((stack) => build(stack, { number: 2 }));
    const young = await begin();
    expect(updated.summary).toMatchObject({ replaced: [], retained: [], notDeleted: {} });
    expect(updated.summary.created).toEqual(updated.summary.created.filter((id) => id.startsWith('ApiDeployment')));
    for (const [id, { ref }] of updated.resources) if (!id.startsWith('ApiDeployment')) expect([id, ref]).toEqual([id, ids.get(id)?.ref]);
    expect(await stored()).toEqual(before);
    expect([await invoke(), await call(), await deployed.secretString('Given')]).toEqual(['version 2 2', { version: 2 }, 'version 2']);
    return [old, young];
  }).then(async ([old, young]) => expect([await outputOf(old), await outputOf(young)]).toEqual([1, 2]));
  expect(cloud.sqs.find(String(queue().attributes?.Arn))?.settings.visibilityTimeout).toBe(60);
  const kept = messages().length;
  await cloud.events.publish({ 'source': 'version.1', 'detail-type': 'x', 'detail': {} });
  expect(messages().length).toBe(kept);
  await cloud.events.publish({ 'source': 'version.2', 'detail-type': 'x', 'detail': {} });
  expect(messages().length).toBe(kept + 1);
  // The bucket's new rule is for the object that was there.
  await cloud.clock.sleep(3 * 86_400_000);
  await expect(stored()).rejects.toThrow('The specified key does not exist');
  expect(messages().filter((text) => text.startsWith('schedule')).length).toBeGreaterThan(48);
  // A rate begins at once, so the first version has fired once before it was changed.
  expect(messages().filter((text) => text === 'schedule 1').length).toBe(before.messages.filter((text) => text === 'schedule 1').length);
}, 60_000);

test('an update that fails leaves everything as it was', async () => {
  await fill();
  const [before, ids] = [await stored(), deployed.stack.resources];
  await cloud.clock.hold(async () => {
    const failure = await update((stack) => build(stack, { number: 2, fails: true })).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UpdateFailed);
    expect(failure).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE', logicalId: 'Broken' });
    expect(await stored()).toEqual(before);
    expect([await invoke(), await call(), await deployed.secretString('Given')]).toEqual(['version 1 1', { version: 1 }, 'version 1']);
    // It can be updated as if nothing had happened.
    const updated = await update((stack) => build(stack, { number: 2 }));
    for (const [id, { ref }] of updated.resources) if (!id.startsWith('ApiDeployment')) expect([id, ref]).toEqual([id, ids.get(id)?.ref]);
    expect([await invoke(), await call()]).toEqual(['version 2 2', { version: 2 }]);
  });
}, 60_000);

test('what a template no longer has is deleted, but for what AWS would not delete', async () => {
  await fill();
  const former = deployed.stack.resources;
  const [fn, stateMachineArn, url] = [deployed.physicalId('AWS::Lambda::Function', 'Function'), machine(), apiUrl()];
  const { summary } = await update((stack) => {
    new Bucket(stack, 'Other');
  });
  expect(Object.keys(summary.notDeleted).map((id) => former.get(id)?.type)).toEqual(['AWS::S3::Bucket']);
  expect([...summary.deleted, ...summary.retained, ...Object.keys(summary.notDeleted)].sort()).toEqual([...former.keys()].sort());
  await expect(cloud.lambda.invoke(fn, '{}', deployed.administrator)).rejects.toThrow('Function not found');
  await expect(cloud.stepFunctions.call('DescribeStateMachine', { stateMachineArn }, deployed.administrator)).rejects.toThrow('State Machine Does Not Exist');
  expect(() => cloud.localUrl(url)).toThrow('No API of the local cloud is served');
}, 60_000);

test('every type that the cloud makes can be deleted, and changed unless every change replaces it', () => {
  const { providers, changes } = cloud.resourceTypes();
  expect(Object.keys(providers).filter((type) => changes[type]?.remove === undefined)).toEqual([]);
  const replaced = (type: string) => {
    const { properties, replaced: replacing } = UPDATE_BEHAVIORS[type];
    return properties.every((property) => replacing.includes(property));
  };
  expect(Object.keys(providers).filter((type) => changes[type]?.update === undefined && !replaced(type))).toEqual([]);
});

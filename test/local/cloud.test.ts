import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Duration, Fn, Stack, TimeZone } from 'aws-cdk-lib';
import { CfnDeployment, CfnMethod, CfnRestApi } from 'aws-cdk-lib/aws-apigateway';
import { GatewayVpcEndpointAwsService, InterfaceVpcEndpointAwsService, Port, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function, FunctionProps, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Schedule, ScheduleExpression, ScheduleGroup, ScheduleTargetInput, ContextAttribute, TimeWindow } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke, SqsSendMessage, StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, IntegrationPattern, Pass, Result, StateMachine, StateMachineType, TaskInput } from 'aws-cdk-lib/aws-stepfunctions';
import { StepFunctionsStartExecution as StartExecution } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { deploy } from './deploy';
import { Caller } from '../../local/aws/service';
import { LocalCloud } from '../../local/cloud';
import { until } from '../support/until';

const START = Date.parse('2030-05-01T12:00:00Z');
const HOUR = 3_600_000;

let cloud: LocalCloud;
let administrator: Caller;
beforeEach(async () => {
  cloud = await LocalCloud.start({ startTime: START, random: () => 0.5 });
  administrator = cloud.users.createAdministrator('administrator');
});
afterEach(async () => {
  await cloud.close();
  expect(cloud.faults).toEqual([]);
});

const functionOf = (stack: Stack, id: string, source: string, props: Partial<FunctionProps> = {}) => new Function(stack, id, {
  functionName: id, runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline(source), ...props,
});

/** What an administrator gets from a function. */
async function invoke(functionName: string, event: unknown = {}): Promise<unknown> {
  const { functionError, payload } = await cloud.lambda.invoke(functionName, JSON.stringify(event), { caller: administrator });
  if (functionError !== undefined) throw new Error(payload);
  return JSON.parse(payload);
}

test('schedules of all targets run as CDK writes them', async () => {
  const inputs: (string | undefined)[] = [];
  const stack = await deploy(cloud, 'Schedules', (scope) => {
    const input = ScheduleTargetInput.fromObject({ time: ContextAttribute.scheduledTime });
    const deadLetterQueue = new Queue(scope, 'Letters');
    const worker = functionOf(scope, 'worker', 'exports.handler = async (event) => console.log(`got ${event.time}`);');
    const machine = new StateMachine(scope, 'Machine', { definitionBody: DefinitionBody.fromChainable(new Pass(scope, 'Pass')) });
    new Schedule(scope, 'Half', {
      schedule: ScheduleExpression.rate(Duration.hours(6)), target: new LambdaInvoke(worker, { input, deadLetterQueue, retryAttempts: 3 }),
    });
    new Schedule(scope, 'Nightly', {
      schedule: ScheduleExpression.cron({ minute: '0', hour: '3', timeZone: TimeZone.EUROPE_BERLIN }),
      scheduleGroup: new ScheduleGroup(scope, 'Group'),
      timeWindow: TimeWindow.flexible(Duration.minutes(10)),
      target: new StepFunctionsStartExecution(machine, { input }),
    });
    new Schedule(scope, 'Once', {
      schedule: ScheduleExpression.at(new Date(START + HOUR)), target: new SqsSendMessage(deadLetterQueue, { input: ScheduleTargetInput.fromText('once') }),
    });
  });
  cloud.observe(({ event }) => {
    if (event.type === 'ExecutionStarted') inputs.push(`${new Date(cloud.clock.now()).toISOString()} ${JSON.stringify(event.details.input)}`);
  });
  await cloud.clock.sleep(24 * HOUR - 1);
  expect(cloud.logs.lines('/aws/lambda/worker').flatMap(({ message }) => /got .*/.exec(message)?.[0] ?? [])).toEqual([
    'got 2030-05-01T12:00:00Z', 'got 2030-05-01T18:00:00Z', 'got 2030-05-02T00:00:00Z', 'got 2030-05-02T06:00:00Z',
  ]);
  expect(inputs).toEqual([expect.stringMatching(/^2030-05-02T01:05:00\.\d+Z \{"time":"2030-05-02T01:00:00Z"\}$/)]);
  const queue = [...stack.resources.values()].find(({ type }) => type === 'AWS::SQS::Queue');
  expect(cloud.sqs.find(queue?.attributes?.Arn ?? '')?.peek()).toEqual(['once']);
  expect(cloud.scheduler.undelivered).toEqual([]);
});

describe('a handler', () => {
  const CALLER = `
    const { LambdaClient, InvokeCommand } = require('@aws-sdk/client-lambda');
    exports.handler = async (event) => {
      const { FunctionError, Payload } = await new LambdaClient({}).send(new InvokeCommand({ FunctionName: 'callee', Payload: JSON.stringify(event) }));
      return { FunctionError, answer: JSON.parse(Buffer.from(Payload).toString()) };
    };`;
  const CALLEE = 'exports.handler = async ({ fail, ...event }) => { if (fail) throw new Error("no"); return event; };';

  test('invokes another function with the rights of its role', async () => {
    await deploy(cloud, 'Functions', (stack) => {
      const caller = functionOf(stack, 'caller', CALLER, { timeout: Duration.seconds(20) });
      functionOf(stack, 'callee', CALLEE).grantInvoke(caller);
      functionOf(stack, 'stranger', CALLER, { timeout: Duration.seconds(20) });
    });
    expect(await invoke('caller', { a: 1 })).toEqual({ answer: { a: 1 } });
    expect(await invoke('caller', { fail: true })).toMatchObject({ FunctionError: 'Unhandled', answer: { errorMessage: 'no' } });
    await expect(invoke('stranger')).rejects.toThrow('AccessDeniedException');
  });
});

test('a machine waits for executions of a machine in another stack', async () => {
  await deploy(cloud, 'Child', (stack) => {
    const pass = new Pass(stack, 'Pass', { result: Result.fromObject({ from: 'child' }) });
    const child = new StateMachine(stack, 'Machine', { stateMachineName: 'child', definitionBody: DefinitionBody.fromChainable(pass) });
    stack.exportValue(child.stateMachineArn, { name: 'ChildArn' });
  });
  await deploy(cloud, 'Parent', (stack) => {
    const stateMachine = StateMachine.fromStateMachineArn(stack, 'Child', Fn.importValue('ChildArn'));
    const start = new StartExecution(stack, 'Start', {
      stateMachine, integrationPattern: IntegrationPattern.RUN_JOB, input: TaskInput.fromObject({}), outputPath: '$.Output',
    });
    new StateMachine(stack, 'Machine', { stateMachineName: 'parent', definitionBody: DefinitionBody.fromChainable(start) });
  });
  const context = { caller: administrator };
  const stateMachineArn = 'arn:aws:states:us-east-1:111122223333:stateMachine:parent';
  const { executionArn } = await cloud.stepFunctions.call('StartExecution', { stateMachineArn }, context);
  await cloud.stepFunctions.ended(String(executionArn));
  expect(await cloud.stepFunctions.call('DescribeExecution', { executionArn }, context)).toMatchObject({ status: 'SUCCEEDED', output: '{"from":"child"}' });
});

test('observers are told of Express executions until they have enough', async () => {
  const { resources } = await deploy(cloud, 'Express', (stack) => {
    const definitionBody = DefinitionBody.fromChainable(new Pass(stack, 'Pass'));
    new StateMachine(stack, 'Machine', { definitionBody, stateMachineType: StateMachineType.EXPRESS });
  });
  const machine = [...resources.values()].find(({ type }) => type === 'AWS::StepFunctions::StateMachine');
  const told: [string, number | undefined][][] = [[], []];
  const [first] = told.map((changes) => cloud.observeExpress(({ status, bill }) => changes.push([status, bill?.milliseconds])));
  const start = async () => cloud.stepFunctions.call('StartSyncExecution', { stateMachineArn: machine?.ref ?? '' }, { caller: administrator });
  await start();
  first();
  await start();
  const execution = [['RUNNING', undefined], ['SUCCEEDED', 100]];
  expect(told).toEqual([execution, [...execution, ...execution]]);
});

describe('an event that a function fails at', () => {
  const source = 'exports.handler = async () => { throw new RangeError("no"); };';

  test('is sent to the queue for failures by the role of the function', async () => {
    const stack = await deploy(cloud, 'Destination', (scope) => {
      functionOf(scope, 'worker', source, { retryAttempts: 1, maxEventAge: Duration.hours(1), onFailure: new SqsDestination(new Queue(scope, 'Failures')) });
    });
    const context = { caller: administrator };
    await cloud.lambda.invokeAsynchronously('worker', '{"a":1}', context);
    await until(() => cloud.logs.lines('/aws/lambda/worker').some(({ message }) => message.startsWith('REPORT ')));
    await cloud.clock.sleep(600_000);
    const queue = [...stack.resources.values()].find(({ type }) => type === 'AWS::SQS::Queue');
    const letters = () => cloud.sqs.find(queue?.attributes?.Arn ?? '')?.peek() ?? [];
    await until(() => letters().length > 0);
    expect(letters().map((body) => JSON.parse(body))).toMatchObject([{
      requestContext: {
        functionArn: 'arn:aws:lambda:us-east-1:111122223333:function:worker:$LATEST', condition: 'RetriesExhausted', approximateInvokeCount: 2,
      },
      requestPayload: { a: 1 },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: { errorType: 'RangeError', errorMessage: 'no' },
    }]);
    expect(cloud.lambda.dropped).toEqual([]);
  });

  test('cannot be sent where the role may not send', async () => {
    await expect(deploy(cloud, 'Destination', (scope) => {
      const queue = new Queue(scope, 'Failures');
      functionOf(scope, 'worker', source, { onFailure: { bind: () => ({ destination: queue.queueArn }) } });
    })).rejects.toThrow('does not have permissions to call SendMessage on SQS');
  });
});

describe('a network', () => {
  const inVpc = (role?: (stack: Stack) => Role) => async () => deploy(cloud, 'Network', (stack) => {
    const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 });
    vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 });
    vpc.addInterfaceEndpoint('Secrets', { service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER });
    const securityGroup = new SecurityGroup(stack, 'Own', { vpc, allowAllOutbound: false });
    securityGroup.connections.allowTo(new SecurityGroup(stack, 'Other', { vpc }), Port.tcp(27017));
    functionOf(stack, 'inside', 'exports.handler = async () => "inside";', { vpc, securityGroups: [securityGroup], role: role?.(stack) });
  });

  test('is accepted whole and reported as without effect', async () => {
    await inVpc()();
    expect(await invoke('inside')).toBe('inside');
    const types = cloud.notModelled.map((entry) => /\((.*)\)$|\.(.*)$/.exec(entry)?.slice(1).find(Boolean));
    expect(new Set(types)).toEqual(new Set([
      ...['VPC', 'Subnet', 'RouteTable', 'Route', 'SubnetRouteTableAssociation', 'InternetGateway', 'VPCGatewayAttachment', 'NatGateway', 'EIP',
        'SecurityGroup', 'SecurityGroupIngress', 'SecurityGroupEgress', 'VPCEndpoint'].map((type) => `AWS::EC2::${type}`),
      'VpcConfig',
    ]));
    expect(types.filter((type) => type === 'AWS::EC2::Subnet')).toHaveLength(4);
  });

  test('takes no function whose role cannot manage network interfaces', async () => {
    const role = (stack: Stack) => {
      const made = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
      // CDK adds the managed policy to a role that it may change.
      return Role.fromRoleArn(stack, 'Imported', made.roleArn, { mutable: false }) as Role;
    };
    await expect(inVpc(role)()).rejects.toThrow('does not have permissions to call CreateNetworkInterface on EC2');
  });
});

describe('embedded metrics', () => {
  const SOURCE = `exports.handler = async ({ metrics, prefix = '' }) => {
    const _aws = { Timestamp: Date.now(), CloudWatchMetrics: [{ Namespace: 'Shop', Dimensions: [['Site'], []], Metrics: [{ Name: 'Orders', Unit: 'Count' }] }] };
    for (const Orders of metrics) process.stdout.write(prefix + JSON.stringify({ _aws, Site: 'a', Orders }) + '\\n');
  };`;

  test('that a function writes are metrics as soon as it has answered', async () => {
    await deploy(cloud, 'Metrics', (stack) => functionOf(stack, 'seller', SOURCE));
    await invoke('seller', { metrics: [1, [2, 3], 10] });
    const orders = { namespace: 'Shop', name: 'Orders' };
    expect(cloud.metrics.statistics({ ...orders, dimensions: { Site: 'a' } })).toEqual({ sampleCount: 4, sum: 16, minimum: 1, maximum: 10 });
    expect(cloud.metrics.statistics({ ...orders, dimensions: {} }, { unit: 'Count', from: START })).toMatchObject({ sum: 16 });
    expect(cloud.metrics.statistics({ ...orders, dimensions: { Site: 'b' } })).toBeUndefined();
    expect(cloud.warnings).toEqual([]);
  });

  test('that are malformed are lost, which is worth a warning', async () => {
    await deploy(cloud, 'Metrics', (stack) => functionOf(stack, 'seller', SOURCE));
    await invoke('seller', { metrics: [1], prefix: 'INFO ' });
    await invoke('seller', { metrics: ['one'] });
    expect(cloud.metrics.statistics({ namespace: 'Shop', name: 'Orders', dimensions: { Site: 'a' } })).toBeUndefined();
    expect(cloud.warnings).toEqual([
      'Embedded metrics in the log group /aws/lambda/seller are lost: the line is not one JSON object as a whole',
      'Embedded metrics in the log group /aws/lambda/seller are lost: Shop: Orders is not a number or a list of numbers',
    ]);
  });
});

describe('the log of a function', () => {
  const SOURCE = 'exports.handler = async () => console.log("a line");';
  const lambda = new ServicePrincipal('lambda.amazonaws.com');

  test('is written by its role to the group it names', async () => {
    await deploy(cloud, 'Logs', (stack) => {
      const role = new Role(stack, 'Role', { assumedBy: lambda });
      const logGroup = new LogGroup(stack, 'Group', { logGroupName: 'own' });
      logGroup.grantWrite(role);
      functionOf(stack, 'talker', SOURCE, { role, logGroup });
    });
    await invoke('talker');
    expect(cloud.logs.lines('own')).toContainEqual(expect.objectContaining({ message: expect.stringContaining('a line') }));
    expect(cloud.warnings).toEqual([]);
  });

  test.each(['logs:CreateLogStream', 'logs:PutLogEvents'])('is lost without %s, and the function runs all the same', async (missing) => {
    await deploy(cloud, 'Logs', (stack) => {
      const role = new Role(stack, 'Role', { assumedBy: lambda });
      const logGroup = new LogGroup(stack, 'Group', { logGroupName: 'own' });
      const actions = ['logs:CreateLogStream', 'logs:PutLogEvents'].filter((action) => action !== missing);
      role.addToPolicy(new PolicyStatement({ actions, resources: [logGroup.logGroupArn] }));
      functionOf(stack, 'talker', `${SOURCE} exports.handler = async () => "answer";`, { role, logGroup });
    });
    expect(await invoke('talker')).toBe('answer');
    expect(cloud.logs.lines('own')).toEqual([]);
    expect(cloud.warnings).toEqual([expect.stringContaining('talker is lost: User: arn:aws:sts::111122223333:assumed-role')]);
    expect(cloud.warnings[0]).toContain(missing);
  });

  test('is lost when there is no such group, unless the role may make it', async () => {
    await deploy(cloud, 'Logs', (stack) => {
      const logGroup = LogGroup.fromLogGroupName(stack, 'Group', 'nowhere');
      const writer = new Role(stack, 'Writer', { assumedBy: lambda });
      writer.addToPolicy(new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: ['*'] }));
      functionOf(stack, 'writer', SOURCE, { role: writer, logGroup });
      const basic = ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSLambdaBasicExecutionRole');
      functionOf(stack, 'maker', SOURCE, { role: new Role(stack, 'Maker', { assumedBy: lambda, managedPolicies: [basic] }), logGroup });
    });
    await invoke('writer');
    expect(cloud.logs.hasGroup('nowhere')).toBe(false);
    expect(cloud.warnings).toEqual([expect.stringContaining('logs:CreateLogGroup')]);
    await Promise.all([invoke('maker')]);
    expect(cloud.logs.lines('nowhere')).not.toEqual([]);
    expect(cloud.warnings).toHaveLength(1);
  });
});

test('an idle cloud with a schedule in it stands still', async () => {
  await deploy(cloud, 'Idle', (stack) => {
    const target = new LambdaInvoke(functionOf(stack, 'worker', 'exports.handler = async () => { throw new Error("always"); };'), {});
    new Schedule(stack, 'Often', { schedule: ScheduleExpression.rate(Duration.minutes(1)), target });
  });
  // Time for the clock to leap, if it would.
  await delay(300);
  expect(cloud.clock.now()).toBeLessThan(START + 60_000);
});

test('an API whose deployment does not wait for its methods is refused, every time', async () => {
  const build = (dependent: boolean) => (scope: Stack) => {
    const api = new CfnRestApi(scope, 'Api', { name: 'api' });
    const ids = { restApiId: api.ref, resourceId: api.attrRootResourceId };
    const method = new CfnMethod(scope, 'Method', { ...ids, httpMethod: 'GET', authorizationType: 'NONE', integration: { type: 'MOCK' } });
    const deployment = new CfnDeployment(scope, 'Deployment', { restApiId: api.ref });
    if (dependent) deployment.addDependency(method);
  };
  await expect(deploy(cloud, 'Hasty', build(false))).rejects.toThrow('doesn\'t contain any methods');
  await expect(deploy(cloud, 'Patient', build(true))).resolves.toBeDefined();
});

test.each(['SIGTERM', 'SIGINT'] as const)('a process that %s ends leaves no folder behind', async (signal) => {
  const folder = mkdtempSync(join(tmpdir(), 'cloud-test-'));
  const localFolders = () => readdirSync(folder).filter((name) => name.startsWith('local-'));
  const holder = fork(join(__dirname, 'hold-cloud.ts'), { execArgv: ['--import', 'tsx'], env: { ...process.env, TMPDIR: folder } });
  await once(holder, 'message');
  expect(localFolders()).toHaveLength(3);
  holder.kill(signal);
  expect((await once(holder, 'exit'))[1]).toBe(signal);
  expect(localFolders()).toEqual([]);
  rmSync(folder, { recursive: true });
});

test('a function reaches this machine at the port of the cloud only', async () => {
  const server = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  await deploy(cloud, 'Curious', (scope) => functionOf(scope, 'caller', `exports.handler = async (ports) => Promise.all(ports.map((port) => (
    new Promise((resolve) => require('net').connect(port, '127.0.0.1', () => resolve('reached')).on('error', ({ code }) => resolve(code)))
  )));`));
  expect(await invoke('caller', [Number(new URL(cloud.endpoint).port), address.port])).toEqual(['reached', 'ECONNREFUSED']);
  server.close();
});

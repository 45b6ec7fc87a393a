import { single, task } from './support';
import { ServiceError } from '../../../local/aws/service';
import { VirtualClock } from '../../../local/clock';
import { JsonObject } from '../../../local/json';
import { stepFunctionsResources } from '../../../local/stepfunctions/resources';
import { StepFunctionsService } from '../../../local/stepfunctions/service';
import { StrictProperties } from '../../../local/template/strict-properties';

const environment = { accountId: '111122223333', region: 'eu-west-1', partition: 'aws', urlSuffix: 'amazonaws.com' };

function newService(): StepFunctionsService {
  return new StepFunctionsService({ environment, clock: new VirtualClock(0), authorize: async () => undefined });
}

async function create(properties: JsonObject, service: StepFunctionsService = newService()) {
  const type = 'AWS::StepFunctions::StateMachine';
  const strict = new StrictProperties(properties, `Machine (${type})`);
  const created = await stepFunctionsResources(service)[type]({
    logicalId: 'Machine',
    type,
    properties: strict,
    environment,
    stackName: 'stack',
    physicalName: () => 'stack-Machine-1',
    asset: () => '',
  });
  strict.assertAllRead();
  return created;
}

const RoleArn = 'arn:aws:iam::111122223333:role/workflow';
const LOG_GROUP = 'arn:aws:logs:eu-west-1:111122223333:log-group:workflow:*';
const LOGGED = { DefinitionString: JSON.stringify(single({ Type: 'Pass' })), RoleArn };
const logging = (LogGroupArn: string, Level = 'ERROR') => ({ Level, Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn } }] });

test('creates a machine that can be run; substitutions are filled in', async () => {
  const service = newService();
  const { ref, attributes } = await create({
    RoleArn,
    DefinitionString: JSON.stringify(single({ Type: 'Pass', Result: '${word} and ${word}' })),
    DefinitionSubstitutions: { word: 'hello' },
    LoggingConfiguration: { Level: 'ERROR', IncludeExecutionData: false, Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: LOG_GROUP } }] },
    TracingConfiguration: { Enabled: true },
    Tags: [],
  }, service);
  expect(ref).toBe('arn:aws:states:eu-west-1:111122223333:stateMachine:stack-Machine-1');
  expect(attributes).toMatchObject({ Arn: ref, Name: 'stack-Machine-1' });
  const { executionArn } = await service.call('StartExecution', { stateMachineArn: ref }, { caller: {} });
  await service.ended(String(executionArn));
  expect(await service.call('DescribeExecution', { executionArn }, { caller: {} })).toMatchObject({ output: '"hello and hello"' });
});

describe('a machine that logs', () => {
  const serviceWith = (denied: string) => new StepFunctionsService({
    environment,
    clock: new VirtualClock(0),
    authorize: async ({ action }) => {
      if (action === denied) throw new ServiceError('AccessDeniedException', action);
    },
    logGroupExists: (arn) => arn === LOG_GROUP,
  });

  test.each(['CreateLogDelivery', 'DescribeLogGroups', 'PutResourcePolicy'])('needs logs:%s', async (action) => {
    const service = serviceWith(`logs:${action}`);
    await expect(create({ ...LOGGED, LoggingConfiguration: logging(LOG_GROUP) }, service)).rejects.toThrow('not authorized to access the Log Destination');
    await expect(create({ ...LOGGED, LoggingConfiguration: { Level: 'OFF' } }, service)).resolves.toBeDefined();
  });

  test.each([
    ['a group that is not there', logging(LOG_GROUP.replace('workflow', 'other')), 'Log Destination not found'],
    ['a group without :*', logging(LOG_GROUP.slice(0, -2)), 'Log Destination not found'],
    ['an unknown level', logging(LOG_GROUP, 'SOME'), 'Level'],
    ['no destination', { Level: 'ALL' }, 'Destinations'],
  ])('%s is refused', async (_, LoggingConfiguration, message) => {
    await expect(create({ ...LOGGED, LoggingConfiguration }, serviceWith(''))).rejects.toThrow(message);
  });
});

test('DescribeStateMachine tells how the machine logs and traces', async () => {
  const service = newService();
  const LoggingConfiguration = { ...logging(LOG_GROUP), IncludeExecutionData: true };
  const { ref } = await create({ ...LOGGED, LoggingConfiguration, TracingConfiguration: { Enabled: true } }, service);
  expect(await service.call('DescribeStateMachine', { stateMachineArn: ref }, { caller: {} })).toMatchObject({
    loggingConfiguration: { level: 'ERROR', includeExecutionData: true, destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: LOG_GROUP } }] },
    tracingConfiguration: { enabled: true },
  });
});

test.each(['a b', 'a/b', 'x'.repeat(81), ''])('a machine cannot be called %p', async (StateMachineName) => {
  await expect(create({ ...LOGGED, StateMachineName })).rejects.toThrow(/InvalidName|ValidationException/);
});

test.each<[string, JsonObject]>([
  ['required but was missing at /States/Only/Parameters', { Name: 'n' }],
  ['\'Nmae\' is not supported by Step Functions', { StateMachineArn: 'arn', Nmae: 'n' }],
])('Parameters that the integration does not take: %s', async (message, Parameters) => {
  const definition = single({ Type: 'Task', Resource: 'arn:aws:states:::states:startExecution', Parameters });
  await expect(create({ RoleArn, DefinitionString: JSON.stringify(definition) })).rejects.toThrow(message);
});

test.each<[string, JsonObject]>([
  ['EncryptionConfiguration', { DefinitionString: JSON.stringify(single({ Type: 'Pass' })), EncryptionConfiguration: {} }],
  ['an Express workflow', { DefinitionString: JSON.stringify(single({ Type: 'Pass' })), StateMachineType: 'EXPRESS' }],
  ['Machine: InvalidDefinition', { DefinitionString: '{}' }],
  ['does not implement the Resource arn:aws:states:::lambda:invoke', { DefinitionString: JSON.stringify(single(task())) }],
])('%s is an error', async (message, properties) => {
  await expect(create({ RoleArn, ...properties })).rejects.toThrow(message);
});

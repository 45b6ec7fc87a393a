import { single, task } from './support';
import { ServiceError } from '../../../local/aws/service';
import { VirtualClock } from '../../../local/clock';
import { JsonObject } from '../../../local/json';
import { stepFunctionsResources } from '../../../local/stepfunctions/resources';
import { StepFunctionsOptions, StepFunctionsService } from '../../../local/stepfunctions/service';
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
    identity: 'Machine',
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

test('creates an Express workflow', async () => {
  const service = newService();
  const { ref } = await create({ ...LOGGED, StateMachineType: 'EXPRESS' }, service);
  expect(await service.call('DescribeStateMachine', { stateMachineArn: ref }, { caller: {} })).toMatchObject({ type: 'EXPRESS' });
  expect(await service.call('StartSyncExecution', { stateMachineArn: ref, input: '1' }, { caller: {} })).toMatchObject({ status: 'SUCCEEDED', output: '1' });
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
    ['no destination', { Level: 'ALL' }, 'Must specify exactly one Log Destination'],
    ['two destinations', { ...logging(LOG_GROUP), Destinations: [...logging(LOG_GROUP).Destinations, ...logging(LOG_GROUP).Destinations] }, 'Must specify exactly one'],
  ])('%s is refused', async (_, LoggingConfiguration, message) => {
    await expect(create({ ...LOGGED, LoggingConfiguration }, serviceWith(''))).rejects.toThrow(message);
  });
});

test('a machine is refused whose log group has no room in the policy of the account', async () => {
  const service = (room: boolean) => new StepFunctionsService({
    environment, clock: new VirtualClock(0), authorize: async () => undefined, admitLogGroup: (arn) => room && arn === LOG_GROUP,
  });
  await expect(create({ ...LOGGED, LoggingConfiguration: logging(LOG_GROUP) }, service(true))).resolves.toBeDefined();
  await expect(create({ ...LOGGED, LoggingConfiguration: logging(LOG_GROUP) }, service(false))).rejects.toThrow(
    'Machine: InvalidLoggingConfiguration: Invalid Logging Configuration: The CloudWatch Logs Resource Policy size was exceeded. We suggest prefixing your '
      + 'CloudWatch log group name with /aws/vendedlogs/states/.',
  );
});

describe('a machine with a customer key', () => {
  const CUSTOMER = { Type: 'CUSTOMER_MANAGED_KMS_KEY', KmsKeyId: 'key-1' };
  const withKey = (EncryptionConfiguration: JsonObject, options: Partial<StepFunctionsOptions> = {}) => {
    const service = new StepFunctionsService({ environment, clock: new VirtualClock(0), authorize: async () => undefined, ...options });
    return { service, created: create({ ...LOGGED, LoggingConfiguration: logging(LOG_GROUP), EncryptionConfiguration }, service) };
  };

  test.each<[string, JsonObject, object]>([
    ['its own', { ...CUSTOMER, KmsDataKeyReusePeriodSeconds: 900 }, { type: CUSTOMER.Type, kmsKeyId: 'key-1', kmsDataKeyReusePeriodSeconds: 900 }],
    ['its own, reused for the usual time', CUSTOMER, { type: CUSTOMER.Type, kmsKeyId: 'key-1', kmsDataKeyReusePeriodSeconds: 300 }],
    ['one of AWS', { Type: 'AWS_OWNED_KEY' }, { type: 'AWS_OWNED_KEY' }],
  ])('tells %s', async (_, properties, encryptionConfiguration) => {
    const { service, created } = withKey(properties, { useKey: async () => undefined });
    const { ref } = await created;
    expect(await service.call('DescribeStateMachine', { stateMachineArn: ref }, { caller: {} })).toMatchObject({ encryptionConfiguration });
  });

  test('is refused where there is no KMS, or with a setting that there is not', async () => {
    await expect(withKey(CUSTOMER).created).rejects.toThrow('does not implement EncryptionConfiguration');
    const useKey = async () => undefined;
    for (const KmsDataKeyReusePeriodSeconds of [59, 901]) {
      await expect(withKey({ ...CUSTOMER, KmsDataKeyReusePeriodSeconds }, { useKey }).created).rejects.toThrow('KmsDataKeyReusePeriodSeconds');
    }
  });

  test('is warned of if what it logs is lost: the policy of its key does not know the delivery', async () => {
    const warnings: string[] = [];
    const lost = withKey(CUSTOMER, {
      warn: (warning) => warnings.push(warning),
      useKey: async (_key, _action, { caller }) => {
        if (caller.service === 'delivery.logs.amazonaws.com') throw new ServiceError('AccessDeniedException', 'no');
      },
    });
    await lost.created;
    expect(warnings).toEqual([expect.stringContaining('delivery.logs.amazonaws.com')]);
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
  ['a type that Step Functions does not know', { DefinitionString: JSON.stringify(single({ Type: 'Pass' })), StateMachineType: 'FAST' }],
  ['Machine: InvalidDefinition', { DefinitionString: '{}' }],
  ['does not implement the Resource arn:aws:states:::lambda:invoke', { DefinitionString: JSON.stringify(single(task({ Parameters: { FunctionName: 'f' } }))) }],
])('%s is an error', async (message, properties) => {
  await expect(create({ RoleArn, ...properties })).rejects.toThrow(message);
});

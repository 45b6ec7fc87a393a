import { CONTEXT, ENVIRONMENT, Fixture } from './fixtures';
import { PolicyDocument } from '../../../local/aws/service';
import { JsonObject } from '../../../local/json';
import { unreservedRoom } from '../../../local/lambda/limits';
import { lambdaResources } from '../../../local/lambda/resources';
import { StrictProperties } from '../../../local/template/strict-properties';
import { until } from '../../support/until';

const PROPERTIES = { Handler: 'index.handler', Runtime: 'nodejs24.x', Role: 'arn:aws:iam::111122223333:role/function', Code: { ZipFile: '' } };

let fixture: Fixture;
let policy: PolicyDocument | undefined;
beforeEach(() => {
  policy = undefined;
  fixture = new Fixture({ authorize: async ({ resourcePolicy }) => { policy = resourcePolicy; } });
});
afterEach(async () => fixture.close());

const SETTINGS_HANDLER = `exports.handler = async (event, { memoryLimitInMB, logGroupName }) => (
  [memoryLimitInMB, logGroupName, process.env.NAME]
);`;

/** Makes one resource as the template loader does. */
async function make(type: string, values: JsonObject, logicalId = 'Worker') {
  const properties = new StrictProperties(values, `${logicalId} (${type})`);
  const created = await lambdaResources(fixture.service)[type]({
    logicalId,
    identity: logicalId,
    type,
    properties,
    environment: ENVIRONMENT,
    stackName: 'Stack',
    physicalName: () => `Stack-${logicalId}-ABC`,
    asset: (objectKey, bucketName) => {
      expect([objectKey, bucketName]).toEqual(['code.zip', 'assets']);
      return fixture.bundle({ 'index.js': SETTINGS_HANDLER });
    },
  });
  properties.assertAllRead();
  return created;
}

const makeFunction = async (overrides: JsonObject) => make('AWS::Lambda::Function', { ...PROPERTIES, ...overrides });

test('a function is named by CloudFormation, and runs the asset with its settings', async () => {
  const created = await makeFunction({
    Code: { S3Bucket: 'assets', S3Key: 'code.zip' },
    Description: 'x',
    Architectures: ['arm64'],
    MemorySize: 512,
    Timeout: '30',
    Environment: { Variables: { NAME: 'a' } },
    LoggingConfig: { LogGroup: '/own', LogFormat: 'JSON' },
    TracingConfig: { Mode: 'PassThrough' },
    Tags: [{ Key: 'a', Value: 'b' }],
  });
  expect(created).toEqual({
    ref: 'Stack-Worker-ABC',
    attributes: { Arn: 'arn:aws:lambda:eu-central-1:111122223333:function:Stack-Worker-ABC' },
  });
  expect(await fixture.answer('Stack-Worker-ABC')).toEqual(['512', '/own', 'a']);
  expect(fixture.service.notModelled).toEqual([]);
});

test('what is accepted without effect is reported', async () => {
  await makeFunction({ VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] }, DeadLetterConfig: {}, TracingConfig: { Mode: 'Active' } });
  expect([...fixture.service.notModelled].sort()).toEqual(['Worker.DeadLetterConfig', 'Worker.TracingConfig', 'Worker.VpcConfig']);
});

test.each([
  ['another runtime', { Runtime: 'python3.13' }, 'Worker (AWS::Lambda::Function).Runtime'],
  ['layers', { Layers: ['arn'] }, 'does not implement Layers'],
  ['file systems', { FileSystemConfigs: [] }, 'does not implement FileSystemConfigs'],
  ['images', { PackageType: 'Image' }, 'does not implement PackageType'],
  ['a time-out beyond 30 minutes', { Timeout: 1_801 }, 'Timeout'],
  ['a time-out of nothing', { Timeout: 0 }, 'Timeout'],
  ['subnets without security groups', { VpcConfig: { SubnetIds: ['subnet-1'] } }, 'must coexist'],
  ['security groups without subnets', { VpcConfig: { SecurityGroupIds: ['sg-1'] } }, 'must coexist'],
  ['a name with a dot', { FunctionName: 'a.b' }, 'FunctionName'],
  ['a name that is too long', { FunctionName: 'x'.repeat(65) }, 'FunctionName'],
  ['too small a disk', { EphemeralStorage: { Size: 511 } }, 'Size'],
  ['too large a disk', { EphemeralStorage: { Size: 10_241 } }, 'Size'],
  ['too little memory', { MemorySize: 127 }, 'MemorySize'],
  ['too much memory', { MemorySize: 10_241 }, 'MemorySize'],
  ['half a megabyte', { MemorySize: 512.5 }, 'MemorySize'],
  ['less than no concurrency', { ReservedConcurrentExecutions: -1 }, 'ReservedConcurrentExecutions'],
  ['more concurrency than the account can reserve', { ReservedConcurrentExecutions: 901 }, 'ReservedConcurrentExecutions'],
  ['another log format', { LoggingConfig: { LogFormat: 'XML' } }, 'LogFormat'],
  ['log levels', { LoggingConfig: { LogFormat: 'JSON', SystemLogLevel: 'WARN' } }, 'the local cloud does not implement SystemLogLevel'],
  ['a code version', { Code: { S3Bucket: 'assets', S3Key: 'code.zip', S3ObjectVersion: '1' } }, 'S3ObjectVersion'],
  ['reserved variables', { Environment: { Variables: { AWS_REGION: 'x' } } }, 'reserved keys used in the environment variables: AWS_REGION'],
  ['malformed variables', { Environment: { Variables: { '1A': 'x' } } }, 'not names of environment variables: 1A'],
  ['large variables', { Environment: { Variables: { AA: 'x'.repeat(4096 - 8) } } }, '4097 bytes'],
])('%s: an error that names it', async (_, overrides, message) => {
  await expect(makeFunction(overrides)).rejects.toThrow(message);
});

test('variables may have exactly 4 KB', async () => {
  await expect(makeFunction({ Environment: { Variables: { AA: 'x'.repeat(4096 - 9) } } })).resolves.toBeDefined();
});

test('concurrency that is reserved is not there for others, used or not', () => {
  const used = [{ concurrency: 3, reserved: 800 }, { concurrency: 0, reserved: 0 }, { concurrency: 150 }, { concurrency: 49 }];
  expect(unreservedRoom(used)).toBe(1);
  expect(unreservedRoom([...used, { concurrency: 1 }])).toBe(0);
});

test('reserved concurrency leaves 100 of the account\'s 1,000 to the others', async () => {
  await makeFunction({ FunctionName: 'one', ReservedConcurrentExecutions: 899 });
  await makeFunction({ FunctionName: 'two', ReservedConcurrentExecutions: 1 });
  await expect(makeFunction({ FunctionName: 'three', ReservedConcurrentExecutions: 1 })).rejects.toThrow('below its minimum value of [100]');
  await expect(makeFunction({ FunctionName: 'three' })).resolves.toBeDefined();
});

test('two functions cannot have one name', async () => {
  await makeFunction({ FunctionName: 'one' });
  await expect(makeFunction({ FunctionName: 'one' })).rejects.toThrow('Function already exist: one');
});

test('a permission becomes a statement of the function\'s policy', async () => {
  const { attributes } = await makeFunction({});
  const arn = attributes?.Arn ?? '';
  await make('AWS::Lambda::Permission', {
    FunctionName: arn, Action: 'lambda:InvokeFunction', Principal: 'events.amazonaws.com', SourceArn: 'arn:rule', SourceAccount: '111122223333',
  }, 'Allow');
  await make('AWS::Lambda::Permission', { FunctionName: 'Stack-Worker-ABC', Action: 'lambda:InvokeFunction', Principal: '444455556666' }, 'Other');
  await fixture.service.invoke(arn, '{}', CONTEXT);
  expect(policy).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Stack-Allow',
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'lambda:InvokeFunction',
        Resource: arn,
        Condition: { ArnLike: { 'AWS:SourceArn': 'arn:rule' }, StringEquals: { 'AWS:SourceAccount': '111122223333' } },
      },
      { Sid: 'Stack-Other', Effect: 'Allow', Principal: { AWS: '444455556666' }, Action: 'lambda:InvokeFunction', Resource: arn },
    ],
  });
  const toNobody = make('AWS::Lambda::Permission', { FunctionName: 'nobody', Action: 'lambda:InvokeFunction', Principal: '*' });
  await expect(toNobody).rejects.toThrow('Function not found');
});

describe('an event invoke configuration', () => {
  const configure = async (properties: JsonObject) => make('AWS::Lambda::EventInvokeConfig', {
    FunctionName: 'Stack-Worker-ABC', Qualifier: '$LATEST', ...properties,
  }, 'Config');

  test('says how often a function that fails gets its event', async () => {
    await makeFunction({ Code: { ZipFile: 'exports.handler = async () => { throw new Error("no"); };' } });
    await configure({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 });
    await fixture.service.invokeAsynchronously('Stack-Worker-ABC', '{}', CONTEXT);
    await until(() => fixture.service.dropped.length > 0);
    expect(fixture.service.dropped).toHaveLength(1);
    await expect(configure({})).rejects.toThrow('already has a configuration');
  });

  test.each<[JsonObject, string]>([
    [{ MaximumRetryAttempts: 3 }, 'MaximumRetryAttempts'],
    [{ MaximumEventAgeInSeconds: 59 }, 'MaximumEventAgeInSeconds'],
    [{ Qualifier: 'live' }, 'Qualifier'],
    [{ DestinationConfig: { OnFailure: { Destination: 'arn:aws:sns:eu-central-1:111122223333:topic' } } }, 'sns:eu-central-1:111122223333:topic'],
    [{ DestinationConfig: { OnSuccess: { Destination: 'arn' } } }, 'OnSuccess'],
    [{ FunctionName: 'none' }, 'Function not found'],
  ])('is refused with %j', async (properties, message) => {
    await makeFunction({});
    await expect(configure(properties)).rejects.toThrow(message);
  });
});

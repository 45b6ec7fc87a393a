import { FACTS } from './facts';
import { testFailureAlarm } from '../support/construct-kit/failure-alarm';
import { testFunctions } from '../support/construct-kit/functions';
import { testNames } from '../support/construct-kit/names';
import { LOG_DELIVERY, testSecurity } from '../support/construct-kit/security';
import { sourceEnvironment, sourceOf, synthEtl } from '../support/synth-etl';
import { plain, resources, resourcesOfType, roleStatements } from '../support/template';

const { template, etl } = synthEtl();

const idOf = (type: string, prefix: string): string => {
  const [found] = resourcesOfType(template, type).filter(({ id }) => id.startsWith(prefix));
  return found.id;
};
const source = sourceOf(template).id;
const segment = idOf('AWS::StepFunctions::StateMachine', 'MetricsSegment');

describe('security', () => testSecurity(FACTS));

describe('functions', () => testFunctions(FACTS, (sourceRuntime) => ({ sourceRuntime })));

describe('the alarm', () => testFailureAlarm(FACTS));

testNames(FACTS);

test('nothing is made but a function, two state machines, their roles and logs, and an alarm', () => {
  expect(resources(template).map(({ Type }) => Type).sort()).toEqual([
    'AWS::CloudWatch::Alarm', 'AWS::IAM::Policy', 'AWS::IAM::Policy', 'AWS::IAM::Policy', 'AWS::IAM::Role', 'AWS::IAM::Role', 'AWS::IAM::Role', 'AWS::Lambda::Function',
    'AWS::Logs::LogGroup', 'AWS::Logs::LogGroup', 'AWS::Logs::LogGroup', 'AWS::StepFunctions::StateMachine', 'AWS::StepFunctions::StateMachine',
  ]);
});

describe('the source function', () => {
  test('runs our bundle on a pinned runtime, with a log group of its own', () => {
    expect(plain(sourceOf(template).Properties)).toMatchObject({
      Handler: 'index.handler',
      Runtime: 'nodejs22.x',
      Timeout: 60,
      MemorySize: 1_769,
      LoggingConfig: { LogGroup: `<${idOf('AWS::Logs::LogGroup', 'MetricsSourceLogs')}>` },
    });
    expect(sourceOf(template).Properties).not.toHaveProperty('VpcConfig');
  });

  test('knows the parameters, the limits of a page and where the secret is, and no more', () => {
    expect(sourceEnvironment(template)).toEqual({
      PARAMETERS: '{"date_begin":{"type":"date"},"date_end":{"type":"date"}}',
      PAGE_BYTES: '184320',
      MAX_BATCH_SIZE: '1000',
      MONGO_SOURCE: expect.any(String),
      CONNECTION_SECRET_ARN: 'arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:connection',
    });
  });

  test('may write its log and read its secret, and nothing else', () => {
    expect(roleStatements(template, 'MetricsSourceRole')).toEqual([
      {
        Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: [`<${idOf('AWS::Logs::LogGroup', 'MetricsSourceLogs')}.Arn>`],
      },
      {
        Effect: 'Allow',
        Action: ['secretsmanager:GetSecretValue'],
        Resource: ['arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:connection-??????'],
      },
    ]);
  });
});

describe('the workflow', () => {
  test('runs the segments and nothing else', () => {
    const executions = `arn:<${segment}>[1]:states:<${segment}>[3]:<${segment}>[4]:execution:<${segment}>[6]:*`;
    const rule = 'arn:<AWS::Partition>:events:<AWS::Region>:<AWS::AccountId>:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule';
    expect(roleStatements(template, 'MetricsWorkflowRole')).toEqual([
      { Effect: 'Allow', Action: ['states:StartExecution'], Resource: [`<${segment}>`] },
      { Effect: 'Allow', Action: ['states:DescribeExecution', 'states:StopExecution'], Resource: [executions] },
      { Effect: 'Allow', Action: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'], Resource: [rule] },
      LOG_DELIVERY,
    ]);
  });

  test('has segments that read pages and have them processed, and nothing else', () => {
    const handler = 'arn:<AWS::Partition>:lambda:<AWS::Region>:<AWS::AccountId>:function:calc-metrics';
    expect(roleStatements(template, 'MetricsSegmentRole')).toEqual([
      { Effect: 'Allow', Action: ['lambda:InvokeFunction'], Resource: [`<${source}.Arn>`] },
      { Effect: 'Allow', Action: ['lambda:InvokeFunction'], Resource: [handler] },
      LOG_DELIVERY,
    ]);
  });

  test('tells how long a run may be', () => {
    expect(etl.batchSize).toBe(1_000);
    expect(etl.pagesPerSegment).toBeGreaterThan(500);
    expect(etl.largestSafeBatchSize).toBe(10_000);
    expect(etl.maxItemsPerRun).toBeGreaterThan(500_000_000);
  });
});

import { Match } from 'aws-cdk-lib/assertions';
import { plain, resources, resourcesOfType, roleStatements } from '../support/synth';
import { expectSecureEtl, sourceEnvironment, sourceOf, synthEtl } from '../support/synth-etl';

const { template, etl } = synthEtl();

const idOf = (type: string, prefix: string): string => {
  const [found] = resourcesOfType(template, type).filter(({ id }) => id.startsWith(prefix));
  return found.id;
};
const source = sourceOf(template).id;
const [workflow, segment] = ['MetricsWorkflow', 'MetricsSegment'].map((prefix) => idOf('AWS::StepFunctions::StateMachine', prefix));

/** What CDK adds to the role of a state machine that logs. AWS has no resources for log delivery. */
const LOG_DELIVERY = {
  Effect: 'Allow',
  Action: [
    'logs:CreateLogDelivery', 'logs:GetLogDelivery', 'logs:UpdateLogDelivery', 'logs:DeleteLogDelivery', 'logs:ListLogDeliveries',
    'logs:PutResourcePolicy', 'logs:DescribeResourcePolicies', 'logs:DescribeLogGroups',
  ],
  Resource: ['*'],
};

test('the security that every configuration must keep', () => {
  expectSecureEtl(template);
});

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
      MemorySize: 512,
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

test('every failed, timed out or aborted run raises the alarm, also where the other two have no data', () => {
  const metric = (MetricName: string) => Match.objectLike({
    MetricStat: {
      Metric: { Namespace: 'AWS/States', MetricName, Dimensions: [{ Name: 'StateMachineArn', Value: { Ref: workflow } }] }, Period: 300, Stat: 'Sum',
    },
  });
  template.resourceCountIs('AWS::CloudWatch::Alarm', 1);
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    Threshold: 1,
    EvaluationPeriods: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'notBreaching',
    Metrics: Match.arrayWith([
      Match.objectLike({ Expression: 'FILL(failed, 0) + FILL(timedOut, 0) + FILL(aborted, 0)' }), metric('ExecutionsFailed'), metric('ExecutionsTimedOut'), metric('ExecutionsAborted'),
    ]),
  });
});

test('all rights are exact actions on named resources, except for the log delivery that CDK adds', () => {
  const statements = roleStatements(template);
  expect(statements.flatMap(({ Action }) => Action).filter((action) => !/^[a-z0-9-]+:[A-Za-z]+$/.test(action))).toEqual([]);
  expect(statements.filter(({ Resource }) => Resource.includes('*'))).toEqual([LOG_DELIVERY, LOG_DELIVERY]);
});

test('nothing has a name of its own, so that any number of instances can live side by side', () => {
  const nameProperty = /^((Role|Function|LogGroup|StateMachine|Alarm)?Name)$/;
  const named = resources(template).filter(({ Properties }) => Object.keys(Properties).some((key) => nameProperty.test(key)));
  expect(named).toEqual([]);
});

test('what has data or identity is kept, and logs for a month', () => {
  const kept = resources(template).filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain').map(({ Type }) => Type);
  expect(kept.sort()).toEqual([
    'AWS::Logs::LogGroup', 'AWS::Logs::LogGroup', 'AWS::Logs::LogGroup', 'AWS::StepFunctions::StateMachine', 'AWS::StepFunctions::StateMachine',
  ]);
  template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
});

import { App, RemovalPolicy, Stack, TimeZone, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import { Construct } from 'constructs';
import { addSchedule, DATES, synthSchedule } from './function/harness';
import { RunWindow } from '../../../src/paged-batch-etl/schedule/run-window';
import { environmentOf, idsOf, only, plain, resourcesOfType, resourceStatements, rightsOf, roleStatements } from '../../support/template';

const variablesOf = (template: Template) => environmentOf(only(template, 'AWS::Lambda::Function'));
const scheduleOf = (template: Template) => plain(only(template, 'AWS::Scheduler::Schedule').Properties);
const idOf = (template: Template, type: string) => only(template, type).id;

/** Logical id of the role with that id in the construct. */
const roleId = (template: Template, role: string) =>
  Object.keys(idsOf(template, /^AWS::IAM::Role$/)).find((id) => id.startsWith(`EtlScheduleNightly${role}`)) ?? 'none';

describe('the schedule', () => {
  const { template } = synthSchedule();

  test('tells the planner when it was due, with every retry there is, and keeps what could not be told', () => {
    expect(scheduleOf(template)).toEqual({
      Description: expect.any(String),
      FlexibleTimeWindow: { Mode: 'OFF' },
      ScheduleExpression: 'cron(15 4 * * ? *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      State: 'ENABLED',
      Target: {
        Arn: `<${idOf(template, 'AWS::Lambda::Function')}.Arn>`,
        RoleArn: `<${roleId(template, 'SchedulerRole')}.Arn>`,
        Input: '{"contract":1,"scheduledTime":"<aws.scheduler.scheduled-time>"}',
        RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
        DeadLetterConfig: { Arn: `<${idOf(template, 'AWS::SQS::Queue')}.Arn>` },
      },
    });
  });

  test('has its own expression and time zone, and can be off', () => {
    const schedule = ScheduleExpression.cron({ minute: '15', timeZone: TimeZone.EUROPE_BERLIN });
    expect(scheduleOf(synthSchedule({ props: { schedule, enabled: false } }).template)).toMatchObject({
      ScheduleExpression: 'cron(15 * * * ? *)', ScheduleExpressionTimezone: 'Europe/Berlin', State: 'DISABLED',
    });
  });

  test('is made when its role has its rights, and the planner has its own and its queue', () => {
    const { DependsOn } = template.toJSON().Resources[idOf(template, 'AWS::Scheduler::Schedule')];
    const policies = resourcesOfType(template, 'AWS::IAM::Policy').map(({ id }) => id);
    expect(policies).toHaveLength(2);
    expect(DependsOn).toEqual(expect.arrayContaining([...policies.filter((id) => id.includes('SchedulerRole')), idOf(template, 'AWS::Lambda::EventInvokeConfig')]));
    const planner = template.toJSON().Resources[idOf(template, 'AWS::Lambda::Function')];
    expect(planner.DependsOn).toEqual(expect.arrayContaining(policies.filter((id) => id.includes('PlannerRole'))));
  });
});

describe('the planner', () => {
  const { template } = synthSchedule();

  test('knows its workflow, its window and its own name', () => {
    expect(variablesOf(template)).toEqual({
      STATE_MACHINE_ARN: `<${idOf(template, 'AWS::StepFunctions::StateMachine')}>`,
      WINDOW: '{"kind":"previousDay","begin":"date_begin","end":"date_end","timeZone":"Europe/Berlin"}',
      SCHEDULE_HASH: expect.stringMatching(/^[0-9a-f]{20}$/),
    });
  });

  test('is retried by Lambda, and what it could not do is kept in the same queue', () => {
    expect(plain(only(template, 'AWS::Lambda::EventInvokeConfig').Properties)).toMatchObject({
      FunctionName: `<${idOf(template, 'AWS::Lambda::Function')}>`,
      MaximumEventAgeInSeconds: 21_600,
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: { Destination: `<${idOf(template, 'AWS::SQS::Queue')}.Arn>` } },
    });
  });

  test('takes runtime, retention and removal policy from the construct', () => {
    const made = synthSchedule({ props: { logRetention: RetentionDays.ONE_WEEK, removalPolicy: RemovalPolicy.RETAIN } }).template;
    expect(only(made, 'AWS::Lambda::Function').Properties).toMatchObject({ Runtime: 'nodejs22.x', Handler: 'index.handler' });
    expect(only(made, 'AWS::Logs::LogGroup')).toMatchObject({ Properties: { RetentionInDays: 7 }, DeletionPolicy: 'Retain' });
    expect(only(made, 'AWS::SQS::Queue').DeletionPolicy).toBe('Retain');
    expect(only(template, 'AWS::SQS::Queue').DeletionPolicy).toBe('Delete');
  });
});

describe('rights', () => {
  const { template } = synthSchedule();
  const queue = `<${idOf(template, 'AWS::SQS::Queue')}.Arn>`;

  test('the planner writes its log, starts the workflow, and sends to the queue', () => {
    expect(roleStatements(template, 'EtlScheduleNightlyPlannerRole')).toEqual([
      { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: [`<${idOf(template, 'AWS::Logs::LogGroup')}.Arn>`] },
      { Effect: 'Allow', Action: ['states:StartExecution'], Resource: [`<${idOf(template, 'AWS::StepFunctions::StateMachine')}>`] },
      { Effect: 'Allow', Action: ['sqs:SendMessage'], Resource: [queue] },
    ]);
  });

  test('the schedule calls the planner, and sends to the queue', () => {
    expect(roleStatements(template, 'EtlScheduleNightlySchedulerRole')).toEqual([
      { Effect: 'Allow', Action: ['lambda:InvokeFunction'], Resource: [`<${idOf(template, 'AWS::Lambda::Function')}.Arn>`] },
      { Effect: 'Allow', Action: ['sqs:SendMessage'], Resource: [queue] },
    ]);
  });

  test('only Scheduler, for a schedule of this account in the default group, acts with the role', () => {
    const role = resourcesOfType(template, 'AWS::IAM::Role').find(({ id }) => id === roleId(template, 'SchedulerRole'));
    expect(plain(role?.Properties.AssumeRolePolicyDocument)).toMatchObject({
      Statement: [{
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Service: 'scheduler.amazonaws.com' },
        Condition: {
          StringEquals: {
            'aws:SourceAccount': '<AWS::AccountId>',
            'aws:SourceArn': 'arn:<AWS::Partition>:scheduler:<AWS::Region>:<AWS::AccountId>:schedule-group/default',
          },
        },
      }],
    });
  });

  test('the queue is encrypted, refuses requests without TLS, and keeps letters for 14 days', () => {
    expect(only(template, 'AWS::SQS::Queue').Properties).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 1_209_600 });
    expect(resourceStatements(template, 'AWS::SQS::QueuePolicy')).toEqual([
      expect.objectContaining({ Effect: 'Deny', Action: ['sqs:*'], Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    ]);
  });
});

describe('the alarm', () => {
  test('goes off with the first dead letter', () => {
    const { template, schedule } = synthSchedule();
    expect(schedule.failureAlarm).toBeInstanceOf(Alarm);
    expect(plain(only(template, 'AWS::CloudWatch::Alarm').Properties)).toMatchObject({
      Namespace: 'AWS/SQS',
      MetricName: 'NumberOfMessagesSent',
      Dimensions: [{ Name: 'QueueName', Value: `<${idOf(template, 'AWS::SQS::Queue')}.QueueName>` }],
      Statistic: 'Sum',
      Threshold: 1,
      EvaluationPeriods: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    });
  });
});

describe('the alarm on empty runs', () => {
  test.each([
    [{}, 86_400], [{ window: RunWindow.lastHours({ hours: 6, begin: 'date_begin', end: 'date_end' })._binding, schedule: ScheduleExpression.expression('rate(6 hours)') }, 21_600],
  ])('has a period for each window: %j', (props, Period) => {
    const { template, schedule } = synthSchedule({ props: { ...props, alarmAfterEmptyRuns: 3 } });
    const alarms = resourcesOfType(template, 'AWS::CloudWatch::Alarm').filter(({ id }) => id.includes('EmptyRunsAlarm'));
    expect(alarms.map(({ Properties }) => plain(Properties))).toEqual([{
      AlarmDescription: expect.stringMatching(/^Scheduled runs found nothing to read for 3 windows in a row\./),
      Namespace: 'PagedBatchEtl',
      MetricName: 'EmptyRuns',
      Dimensions: [{ Name: 'FunctionName', Value: expect.stringMatching(/:function:source/) }, { Name: 'Schedule', Value: variablesOf(template).SCHEDULE_HASH }],
      Statistic: 'Minimum',
      Period,
      Threshold: 1,
      EvaluationPeriods: 3,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    }]);
    expect(schedule.emptyRunsAlarm).toBeInstanceOf(Alarm);
    expect(schedule.metricEmptyRuns({ label: 'empty' })).toMatchObject({ statistic: 'Sum', label: 'empty' });
  });

  test('is there only if it is asked for', () => {
    expect(synthSchedule().schedule.emptyRunsAlarm).toBeUndefined();
  });
});

describe('identity', () => {
  test('the ids of everything with state or identity: part of the contract with users', () => {
    const stateful = /^AWS::(CloudWatch::Alarm|IAM::Role|Lambda::Function|Logs::LogGroup|SQS::Queue|Scheduler::Schedule)$/;
    expect(idsOf(synthSchedule().template, stateful)).toEqual({
      EtlScheduleNightlyDeadLetters9A7D484A: 'AWS::SQS::Queue',
      EtlScheduleNightlyFailureAlarmF4D994D9: 'AWS::CloudWatch::Alarm',
      EtlScheduleNightlyPlannerC4578954: 'AWS::Lambda::Function',
      EtlScheduleNightlyPlannerLogsFBD732EC: 'AWS::Logs::LogGroup',
      EtlScheduleNightlyPlannerRoleA406D5FE: 'AWS::IAM::Role',
      EtlScheduleNightlyScheduleFD9E9E43: 'AWS::Scheduler::Schedule',
      EtlScheduleNightlySchedulerRole64BC0E32: 'AWS::IAM::Role',
      // Of the workflow in this test.
      EtlWorkflowRoleA5E3F08F: 'AWS::IAM::Role',
    });
  });

  test('the names of runs begin the same in every release: a window that was run is not run again', () => {
    expect(variablesOf(synthSchedule().template).SCHEDULE_HASH).toBe('b629e12caac9c726b719');
  });

  test('nothing but where the schedule stands makes that name', () => {
    const changed = synthSchedule({
      props: { window: RunWindow.lastHours({ hours: 1, begin: 'date_begin', end: 'date_end' })._binding, schedule: ScheduleExpression.expression('rate(1 hour)') },
    });
    expect(variablesOf(changed.template).SCHEDULE_HASH).toBe(variablesOf(synthSchedule().template).SCHEDULE_HASH);
  });

  test('parameters of the schedule make that name too, whatever their order, and reach the planner', () => {
    const parameters = { ...DATES, tenant: { rule: { type: 'text' } }, least: { rule: { type: 'integer' } } } as const;
    const of = (values: Record<string, string | number>) => variablesOf(synthSchedule({ props: { parameters, values } }).template);
    const [one, other, turned, later] = [
      { tenant: 'a', least: 5 }, { tenant: 'b', least: 5 }, { least: 5, tenant: 'a' }, { least: 5, tenant: Token.asString({ Ref: 'AWS::StackName' }) },
    ].map(of);
    expect(one.PARAMETERS).toBe('{"least":5,"tenant":"a"}');
    expect(later.PARAMETERS).toBe('{"least":5,"tenant":"<AWS::StackName>"}');
    expect(turned).toEqual(one);
    expect(of({ least: 5, tenant: Token.asString({ Ref: 'AWS::StackName' }) })).toEqual(later);
    const hashes = [one, other, later].map(({ SCHEDULE_HASH }) => SCHEDULE_HASH);
    expect(new Set([...hashes, variablesOf(synthSchedule().template).SCHEDULE_HASH]).size).toBe(4);
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{20}$/);
    // Of what was released: another one would run a window once more.
    expect(one.SCHEDULE_HASH).toBe('537f1203ab4e20e0d685');
  });

  test('schedules that stand elsewhere or are called otherwise have names of their own, also with one strategy object', () => {
    const stack = new Stack(new App(), 'Stack');
    addSchedule(new Construct(stack, 'Etl'));
    addSchedule(new Construct(stack, 'Other'));
    addSchedule(new Construct(stack, 'Third'), { id: 'Hourly' });
    const template = Template.fromStack(stack);
    expect(new Set(resourcesOfType(template, 'AWS::Lambda::Function').map((planner) => environmentOf(planner).SCHEDULE_HASH)).size).toBe(3);
  });
});

test('with all recommended feature flags, ids and rights are the same', () => {
  const [without, withAll] = [synthSchedule().template, synthSchedule({ context: recommendedFlags }).template];
  expect(idsOf(withAll, /./)).toEqual(idsOf(without, /./));
  expect(rightsOf(roleStatements(withAll))).toEqual(rightsOf(roleStatements(without)));
  expect(scheduleOf(withAll)).toEqual(scheduleOf(without));
});

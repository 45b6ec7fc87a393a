import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction, IFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ContextAttribute, ISchedule, Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct, IConstruct } from 'constructs';
import { RunWindowBinding } from './binding';
import { checkSchedule } from './run-schedule-check';
import { writeLogs } from '../../private/synth/function-rights';
import { handlerCode } from '../../private/synth/handler-code';
import { PLAN_RUN_CONTRACT, PlannerEnvironment, PlanRunEvent } from '../contracts/plan-run';
import { RunParameterBindings } from '../run-parameter/binding';

/** A schedule of runs, and what belongs to it. */
export interface IRunSchedule extends IConstruct {
  /** The schedule. */
  readonly schedule: ISchedule;

  /**
   * The function that starts the run of a window, given when the schedule was due. Call it with
   * `{ "contract": 1, "scheduledTime": "2026-11-24T01:00:00Z" }` to start the run of a window that was missed; one window runs once.
   */
  readonly plannerFunction: IFunction;

  /** Log group of the planner. */
  readonly plannerLogGroup: ILogGroup;

  /** Queue with a message for every window whose run could not be started. A run that was started and failed is not in it. */
  readonly deadLetterQueue: IQueue;

  /** Alarm on windows whose run could not be started. It has no action until you add one. */
  readonly failureAlarm: Alarm;
}

export interface RunScheduleProps {
  readonly workflow: IStateMachine;
  readonly parameters: RunParameterBindings;
  readonly schedule: ScheduleExpression;
  readonly window: RunWindowBinding;
  /** @default true */
  readonly enabled?: boolean;
  readonly runtime: Runtime;
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

/** As long as SQS keeps messages. */
const DEAD_LETTER_RETENTION = Duration.days(14);

/** How long, and how often, Scheduler tries to reach the planner: the most it offers, since a late run is better than none. */
const DELIVERY = { maximumEventAgeInSeconds: Duration.days(1).toSeconds(), maximumRetryAttempts: 185 };

/** How long, and how often again, Lambda tries a call that it accepted: the most it offers. */
const EXECUTION = { maxEventAge: Duration.hours(6), retryAttempts: 2 };

/**
 * Starts a run for a window of time whenever a schedule is due.
 *
 * Scheduler knows no dates but the one at which it was due, and Step Functions computes none, so a planner function lies between: Scheduler
 * hands it the due time, it starts the run of the window that belongs to it. Both deliveries are retried, and what is given up is kept.
 */
export class RunSchedule extends Construct implements IRunSchedule {
  public readonly schedule: ISchedule;
  public readonly plannerFunction: IFunction;
  public readonly plannerLogGroup: ILogGroup;
  public readonly deadLetterQueue: IQueue;
  public readonly failureAlarm: Alarm;

  constructor(scope: Construct, id: string, props: RunScheduleProps) {
    checkSchedule(id, props);
    super(scope, `Schedule${id}`);
    const { removalPolicy } = props;
    this.deadLetterQueue = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: DEAD_LETTER_RETENTION,
      removalPolicy,
    });
    this.plannerLogGroup = new LogGroup(this, 'PlannerLogs', { retention: props.logRetention, removalPolicy });
    this.plannerFunction = this.createPlanner(props);
    this.schedule = this.createSchedule(props);
    this.failureAlarm = new Alarm(this, 'FailureAlarm', {
      alarmDescription: 'A window of time was due and its run could not be started; the dead letters of the schedule say when it was due.',
      metric: this.deadLetterQueue.metricNumberOfMessagesSent({ statistic: 'Sum', period: Duration.minutes(5) }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }

  private createPlanner({ workflow, window, runtime }: RunScheduleProps): LambdaFunction {
    const role = new Role(this, 'PlannerRole', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: 'Starts scheduled runs',
    });
    role.addToPrincipalPolicy(writeLogs(this.plannerLogGroup));
    role.addToPrincipalPolicy(new PolicyStatement({ actions: ['states:StartExecution'], resources: [workflow.stateMachineArn] }));
    role.addToPrincipalPolicy(this.writeDeadLetters());
    return new LambdaFunction(this, 'Planner', {
      description: 'Starts the run of the window that a schedule is due for',
      runtime,
      handler: 'index.handler',
      code: handlerCode('paged-batch-etl/schedule/function/plan-run'),
      memorySize: 256,
      timeout: Duration.seconds(30),
      role,
      logGroup: this.plannerLogGroup,
      // Scheduler calls functions asynchronously: it is done when Lambda has the event, and the rest is between Lambda and the queue.
      ...EXECUTION,
      onFailure: { bind: () => ({ destination: this.deadLetterQueue.queueArn }) },
      environment: {
        [PlannerEnvironment.STATE_MACHINE_ARN]: workflow.stateMachineArn,
        [PlannerEnvironment.WINDOW]: JSON.stringify(window.config),
        // Unique among the schedules of the workflow, and the same in every deployment of this one.
        [PlannerEnvironment.SCHEDULE_HASH]: this.node.addr.slice(-20),
      },
    });
  }

  private createSchedule(props: RunScheduleProps): Schedule {
    const role = new Role(this, 'SchedulerRole', {
      // AWS allows a condition on the group of a schedule only, so there is no circle of schedule and role.
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: {
          StringEquals: {
            'aws:SourceAccount': Stack.of(this).account,
            'aws:SourceArn': Stack.of(this).formatArn({ service: 'scheduler', resource: 'schedule-group', resourceName: 'default' }),
          },
        },
      }),
      description: 'Hands the times at which a schedule is due to its planner',
    });
    role.addToPrincipalPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [this.plannerFunction.functionArn] }));
    role.addToPrincipalPolicy(this.writeDeadLetters());
    const event: PlanRunEvent = { contract: PLAN_RUN_CONTRACT, scheduledTime: ContextAttribute.scheduledTime };
    const schedule = new Schedule(this, 'Schedule', {
      description: 'Starts runs, each for a window of time',
      schedule: props.schedule,
      enabled: props.enabled,
      target: {
        bind: () => ({
          arn: this.plannerFunction.functionArn,
          role,
          input: ScheduleTargetInput.fromObject(event),
          retryPolicy: DELIVERY,
          deadLetterConfig: { arn: this.deadLetterQueue.queueArn },
        }),
      },
    });
    // Due as soon as it is made, it must find its role with all rights, and the planner with its retries.
    schedule.node.addDependency(role, this.plannerFunction);
    return schedule;
  }

  private writeDeadLetters(): PolicyStatement {
    return new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.deadLetterQueue.queueArn] });
  }
}

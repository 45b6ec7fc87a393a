import { createHash } from 'node:crypto';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Alarm, Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { IFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ContextAttribute, ISchedule, Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct, IConstruct } from 'constructs';
import { RunWindowBinding } from './binding';
import { checkEmptyRunsAlarm, createEmptyRunsAlarm } from './empty-runs-alarm';
import { checkSchedule, checkWatermark } from './run-schedule-check';
import { sortedValues } from './schedule-values';
import { warnOfSchedule } from './schedule-warnings';
import { readWatermark } from './watermark-rights';
import { createDeadLetterQueue } from '../../private/synth/dead-letter-queue';
import { checkEnvironment } from '../../private/synth/environment-size';
import { createFailureAlarm, FAILURES } from '../../private/synth/failure-alarm';
import { HandlerFunction } from '../../private/synth/handler-function';
import { operationsPage } from '../../private/synth/operations-page';
import { InvalidPropError, located } from '../../private/synth/validation';
import { PLAN_RUN_CONTRACT, PlannerEnvironment, PlanRunEvent, ScheduleParameters } from '../contracts/plan-run';
import { SourceMetric } from '../contracts/source-metric';
import { JsonObject } from '../mongo-filter/structure/json-value';
import { LedgerParts } from '../run-ledger/binding';
import { RunParameterBindings } from '../run-parameter/binding';

/** A schedule of runs, and what belongs to it. */
export interface IRunSchedule extends IConstruct {
  /** The schedule. */
  readonly schedule: ISchedule;

  /**
   * The function that starts the run of a window. It gets the time at which the schedule was due. Call it with
   * `{ "contract": 1, "scheduledTime": "2026-11-24T01:00:00Z" }` to start the run of a window that was missed. Each window runs once.
   */
  readonly plannerFunction: IFunction;

  /** Log group of the planner. */
  readonly plannerLogGroup: ILogGroup;

  /** Queue with a message for every window whose run could not be started. A run that was started and failed is not in it. */
  readonly deadLetterQueue: IQueue;

  /** Alarm on windows whose run could not be started. It has no action until you add one. */
  readonly failureAlarm: Alarm;

  /** Alarm on several empty windows in a row, if you set `alarmAfterEmptyRuns`. It has no action until you add one. */
  readonly emptyRunsAlarm?: Alarm;

  /** Runs of the schedule that found nothing to read; by default the sum over 5 minutes. */
  metricEmptyRuns(options?: MetricOptions): Metric;

  /**
   * How far the watermark is behind: seconds between the time at which the schedule is due and the watermark, whether a run is started then or not. By default the maximum over 5 minutes. Only with
   * `RunWindow.sinceWatermark`.
   */
  metricWatermarkLag(options?: MetricOptions): Metric;
}

export interface RunScheduleProps {
  readonly workflow: IStateMachine;
  readonly sourceFunction: IFunction;
  readonly parameters: RunParameterBindings;
  /** Values of parameters that are the same in every window. */
  readonly values?: ScheduleParameters;
  /** Which documents are read, all with an empty one. Absent where a function of the user's decides. */
  readonly filter?: JsonObject;
  readonly schedule: ScheduleExpression;
  readonly window: RunWindowBinding;
  /** Absent where there is none. */
  readonly ledger?: LedgerParts;
  /** @default true */
  readonly enabled?: boolean;
  readonly alarmAfterEmptyRuns?: number;
  readonly runtime: Runtime;
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
  readonly encryptionKey?: IKey;
  readonly tracing?: boolean;
}

/** What the ids of schedules begin with in the construct. */
const PREFIX = 'Schedule';

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
  public readonly emptyRunsAlarm?: Alarm;

  private readonly sourceFunction: IFunction;
  private readonly window: RunWindowBinding;
  /** What the names of its runs begin with: unique among the schedules of the workflow, and the same in every deployment of this one. */
  private readonly hash: string;

  /** When it is due, and for which windows; undefined while it is off. */
  private readonly runs?: string;

  constructor(scope: Construct, id: string, props: RunScheduleProps) {
    checkSchedule(id, props);
    checkEmptyRunsAlarm(id, props);
    const runs = runsOf(props);
    const same = scope.node.children.find((child) => runs !== undefined && child instanceof RunSchedule && child.runs === runs);
    if (same !== undefined) {
      throw new InvalidPropError(
        `schedule, window and parameters of schedule ${id}`, props.schedule.expressionString, `others than those of ${same.node.id.slice(PREFIX.length)}`,
        'each of them starts a run for every window, so all would be processed twice: leave one out, or switch it off with enabled: false',
      );
    }
    super(scope, `${PREFIX}${id}`);
    this.runs = runs;
    this.sourceFunction = props.sourceFunction;
    this.window = props.window;
    this.hash = this.hashOf(props.values);
    warnOfSchedule(this, id, props);
    this.deadLetterQueue = createDeadLetterQueue(this, props.removalPolicy);
    const planner = this.createPlanner(props);
    this.plannerFunction = planner.lambdaFunction;
    this.plannerLogGroup = planner.logGroup;
    this.schedule = this.createSchedule(props);
    this.failureAlarm = createFailureAlarm(this, 'FailureAlarm', {
      description: 'A window of time was due and its run could not be started; the dead letters of the schedule say when it was due. '
        + `What to do: ${operationsPage('paged-batch-etl')}`,
      metric: this.deadLetterQueue.metricNumberOfMessagesSent(FAILURES),
    });
    if (props.alarmAfterEmptyRuns !== undefined) {
      // The least of the runs in a period: 1 only if all of them found nothing.
      const allEmpty = (period: Duration) => this.metricEmptyRuns({ statistic: 'Minimum', period });
      this.emptyRunsAlarm = createEmptyRunsAlarm(this, allEmpty, props.window, props.alarmAfterEmptyRuns);
    }
  }

  public metricEmptyRuns(options?: MetricOptions): Metric {
    return new Metric({
      namespace: SourceMetric.NAMESPACE,
      metricName: SourceMetric.EMPTY_RUNS,
      dimensionsMap: { [SourceMetric.DIMENSION]: this.sourceFunction.functionName, [SourceMetric.SCHEDULE]: this.hash },
      statistic: 'Sum',
      ...options,
    }).attachTo(this);
  }

  public metricWatermarkLag(options?: MetricOptions): Metric {
    located(this, () => checkWatermark(this.window));
    return new Metric({
      namespace: SourceMetric.NAMESPACE,
      metricName: SourceMetric.WATERMARK_LAG,
      dimensionsMap: { [SourceMetric.DIMENSION]: this.plannerFunction.functionName },
      statistic: 'Maximum',
      ...options,
    }).attachTo(this);
  }

  /** Where the schedule stands, and with which values: with others, a window that has run is another run. */
  private hashOf(values: ScheduleParameters = {}): string {
    if (Object.keys(values).length === 0) return this.node.addr.slice(-20);
    const given = JSON.stringify(Stack.of(this).resolve(sortedValues(values)));
    return createHash('sha256').update(this.node.addr).update(given).digest('hex').slice(0, 20);
  }

  private createPlanner(props: RunScheduleProps): HandlerFunction {
    const { workflow, window, values = {}, runtime, logRetention, removalPolicy, encryptionKey, tracing } = props;
    const ledger = props.ledger && window.config.kind === 'sinceWatermark' ? readWatermark(this, props.ledger, { workflow, schedule: this.hash }) : undefined;
    const environment = {
      [PlannerEnvironment.STATE_MACHINE_ARN]: workflow.stateMachineArn,
      [PlannerEnvironment.WINDOW]: JSON.stringify(window.config),
      ...(Object.keys(values).length > 0 && { [PlannerEnvironment.PARAMETERS]: Stack.of(this).toJsonString(sortedValues(values)) }),
      [PlannerEnvironment.SCHEDULE_HASH]: this.hash,
      ...ledger?.environment,
    };
    checkEnvironment(this, `parameters of schedule ${this.node.id.slice(PREFIX.length)}`, environment, 'pass where long values are instead');
    return new HandlerFunction(this, 'Planner', {
      handler: 'paged-batch-etl/schedule/function/plan-run',
      description: 'Starts the run of the window that a schedule is due for',
      roleDescription: 'Starts scheduled runs',
      runtime,
      timeout: Duration.seconds(30),
      memorySize: 256,
      environment,
      statements: [
        new PolicyStatement({ actions: ['states:StartExecution'], resources: [workflow.stateMachineArn] }),
        this.writeDeadLetters(),
        ...ledger?.statements ?? [],
      ],
      logRetention,
      removalPolicy,
      encryptionKey,
      tracing,
      // Scheduler calls functions asynchronously: it is done when Lambda has the event, and the rest is between Lambda and the queue.
      options: { ...EXECUTION, onFailure: { bind: () => ({ destination: this.deadLetterQueue.queueArn }) } },
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

/** The same for two schedules that are due together, for the same windows and with the same values. */
function runsOf({ schedule: { expressionString, timeZone }, window: { config }, values = {}, enabled = true }: RunScheduleProps): string | undefined {
  return enabled ? JSON.stringify([expressionString, timeZone?.timezoneName ?? 'UTC', config, sortedValues(values)]) : undefined;
}

import { RetryPolicy } from '../events/delivery-attempts';

/** What a schedule calls. */
export interface ScheduleTarget {
  readonly arn: string;
  /** The role that Scheduler acts with, for the target and for the dead letter queue. */
  readonly roleArn: string;
  /** Text for the target, with context attributes such as `<aws.scheduler.scheduled-time>`. Default: Scheduler's own notification. */
  readonly input?: string;
  /** Default: a day, 185 times. */
  readonly retryPolicy?: RetryPolicy;
  /** Queue for what the target did not take. */
  readonly deadLetterArn?: string;
}

/** A schedule, as its template describes it. */
export interface ScheduleSettings {
  readonly name: string;
  /** Default: `default`. */
  readonly groupName?: string;
  /** `rate(5 minutes)`, `cron(0 3 * * ? *)` or `at(2030-01-31T12:00:00)`. */
  readonly expression: string;
  /** IANA name. Default: UTC. */
  readonly timeZone?: string;
  /** Epoch milliseconds. */
  readonly startDate?: number;
  readonly endDate?: number;
  /** The target is called at any time of this many minutes after the scheduled time. Default: at the scheduled time. */
  readonly windowMinutes?: number;
  readonly enabled: boolean;
  readonly target: ScheduleTarget;
}

/** One call that a schedule owes its target. */
export interface Invocation {
  readonly scheduleArn: string;
  readonly executionId: string;
  /** Epoch milliseconds. */
  readonly scheduledTime: number;
}

/** An invocation that reached neither its target nor a dead letter queue, and why. */
export interface UndeliveredInvocation extends Invocation {
  readonly targetArn: string;
  readonly error: Error;
}

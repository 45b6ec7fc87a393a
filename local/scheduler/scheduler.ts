import { randomBytes } from 'node:crypto';
import { parseArn } from '../aws/arn';
import { AwsEnvironment, CallContext, Caller, DeliverToTarget, ServiceError } from '../aws/service';
import { Clock, waitInBackground } from '../clock';
import { asError } from '../errors';
import { parseRecurrence, Recurrence } from './recurrence';
import { Invocation, ScheduleSettings, ScheduleTarget, UndeliveredInvocation } from './schedule';
import { checkInput, defaultInput, fillIn, toWholeSeconds } from './target-input';
import { SessionSource } from '../account/service-sessions';
import { attempt, Refusal } from '../events/delivery-attempts';

export interface SchedulerOptions {
  readonly environment: AwsEnvironment;
  readonly clock: Clock;
  /** By service in the target's ARN: `lambda`. A schedule with a target of another service cannot be made. */
  readonly targets: Readonly<Record<string, DeliverToTarget>>;
  /** Who Scheduler is when it acts with a role that trusts it. */
  readonly assumeRole: (roleArn: string, service: string, sessionName: string, source: SessionSource) => Promise<Caller>;
  /** Told what calling a target threw that is no refusal of a service. */
  readonly onFault: (fault: Error) => void;
  /** From 0 (inclusive) to 1 (exclusive), for flexible time windows. Default: `Math.random`. */
  readonly random?: () => number;
}

export interface ScheduleGroup {
  readonly name: string;
  readonly arn: string;
}

const SCHEDULER = 'scheduler.amazonaws.com';
const DEFAULT_GROUP = 'default';
const MINUTE = 60_000;

/** How far back a start date may lie when the schedule is made. */
const START_DATE_GRACE = 5 * MINUTE;

/** Targets whose input is an event; the others take any text. */
const SERVICES_OF_JSON = ['lambda', 'states'];

/**
 * EventBridge Scheduler. Its time is background time: schedules fire when virtual time passes by because somebody waits for something later,
 * or follows real work; an idle cloud with a schedule in it stands still. A target is called at the scheduled time to the second, where AWS
 * promises only the minute.
 */
export class Scheduler {
  readonly undelivered: UndeliveredInvocation[] = [];
  private readonly groups = new Map<string, ScheduleGroup>();
  /** By ARN: only what is in here fires. */
  private readonly schedules = new Map<string, { readonly settings: ScheduleSettings; readonly createdAt: number }>();

  constructor(private readonly options: SchedulerOptions) {
    this.createGroup(DEFAULT_GROUP);
  }

  createGroup(name: string): ScheduleGroup {
    assertName(name);
    if (this.groups.has(name)) throw new ServiceError('ConflictException', `Schedule group ${name} already exists.`, 409);
    const group = { name, arn: this.arn(`schedule-group/${name}`) };
    this.groups.set(name, group);
    return group;
  }

  /** Makes a schedule; answers its ARN. What in it is not valid or not implemented is found now, not when it is due. */
  async createSchedule(settings: ScheduleSettings): Promise<string> {
    assertName(settings.name);
    const group = this.groups.get(settings.groupName ?? DEFAULT_GROUP);
    if (group === undefined) throw new ServiceError('ResourceNotFoundException', `Schedule group ${String(settings.groupName)} does not exist.`, 404);
    const arn = this.arn(`schedule/${group.name}/${settings.name}`);
    if (this.schedules.has(arn)) throw new ServiceError('ConflictException', `Schedule ${settings.name} already exists.`, 409);
    const now = this.options.clock.now();
    this.assertDates(settings, now);
    await this.set(arn, group, settings, now);
    return arn;
  }

  /**
   * Changes a schedule: what was due goes on, what is due from now on is as the new settings say. A rate still counts from when the schedule was
   * made, and dates that do not change are not checked again: AWS documents neither.
   */
  async changeSchedule(arn: string, settings: ScheduleSettings): Promise<void> {
    const former = this.schedules.get(arn);
    const group = this.groups.get(settings.groupName ?? DEFAULT_GROUP);
    if (former === undefined || group === undefined || arn !== this.arn(`schedule/${group.name}/${settings.name}`)) {
      throw new Error(`Schedule ${settings.name}: the local cloud does not implement a move to another group`);
    }
    const { startDate, endDate } = former.settings;
    if (startDate !== settings.startDate || endDate !== settings.endDate) this.assertDates(settings, this.options.clock.now());
    await this.set(arn, group, settings, former.createdAt);
  }

  removeSchedule(arn: string): void {
    this.schedules.delete(arn);
  }

  /** Deletes a group with its schedules. */
  removeGroup(name: string): void {
    this.groups.delete(name);
    const prefix = this.arn(`schedule/${name}/`);
    for (const arn of [...this.schedules.keys()].filter((each) => each.startsWith(prefix))) this.removeSchedule(arn);
  }

  private async set(arn: string, group: ScheduleGroup, settings: ScheduleSettings, createdAt: number): Promise<void> {
    const recurrence = parseRecurrence({ ...settings, createdAt });
    this.assertTarget(settings.target);
    await this.assertTrust(settings.target.roleArn, group);
    this.schedules.set(arn, { settings, createdAt });
    if (settings.enabled) this.arm(settings, { arn, group, recurrence }, this.options.clock.now());
  }

  private assertDates({ startDate, endDate }: ScheduleSettings, now: number): void {
    if (startDate !== undefined && startDate < now - START_DATE_GRACE) {
      throw new ServiceError('ValidationException', 'The StartDate you specify cannot be earlier than 5 minutes ago.');
    }
    if (endDate !== undefined && endDate <= Math.max(now, startDate ?? now)) {
      throw new ServiceError('ValidationException', 'The EndDate you specify must come after the StartDate and the present.');
    }
  }

  private assertTarget({ arn, input, deadLetterArn }: ScheduleTarget): void {
    const { service } = parseArn(arn);
    if (!Object.hasOwn(this.options.targets, service)) throw new Error(`The local cloud does not implement the schedule target ${arn}`);
    if (input !== undefined) checkInput(input, SERVICES_OF_JSON.includes(service));
    if (deadLetterArn !== undefined && (parseArn(deadLetterArn).service !== 'sqs' || this.options.targets.sqs === undefined)) {
      throw new Error(`The dead letter queue ${deadLetterArn} is not a queue of the local cloud`);
    }
  }

  private async assertTrust(roleArn: string, group: ScheduleGroup): Promise<void> {
    try {
      await this.assume(roleArn, 'create-schedule', group);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      throw new ServiceError('ValidationException', 'The execution role you provide must allow AWS EventBridge Scheduler to assume the role.');
    }
  }

  /** Waits for the next time the schedule is due, then for the one after it. */
  private arm(settings: ScheduleSettings, armed: ArmedSchedule, from: number): void {
    const { clock, random = Math.random } = this.options;
    const scheduledTime = armed.recurrence(from);
    if (scheduledTime === undefined) return;
    clock.background(scheduledTime - clock.now(), () => {
      if (this.schedules.get(armed.arn)?.settings !== settings) return;
      this.arm(settings, armed, scheduledTime + 1);
      const invocation = { scheduleArn: armed.arn, executionId: randomBytes(8).toString('hex'), scheduledTime };
      const invoke = () => void this.invoke(settings.target, armed.group, invocation);
      // Not by way of a timer where there is no window: whoever waits for this very moment shall find the target called.
      if (settings.windowMinutes === undefined) invoke();
      else clock.background(random() * settings.windowMinutes * MINUTE, invoke);
    });
  }

  private async invoke(target: ScheduleTarget, group: ScheduleGroup, invocation: Invocation): Promise<void> {
    const { clock, targets, environment } = this.options;
    const input = (count: number) => (target.input === undefined ? defaultInput(invocation, environment) : fillIn(target.input, invocation, count));
    let attempts = 0;
    const send = async (count: number) => {
      attempts = count;
      await targets[parseArn(target.arn).service](target.arn, input(count), await this.context(target, group, invocation));
    };
    try {
      const refusal = await attempt(send, {
        clock,
        policy: target.retryPolicy,
        // Scheduler documents no error that it would not retry.
        mayHelp: () => true,
        // A target that never works must not keep an idle cloud going.
        pause: async (milliseconds) => waitInBackground(clock, milliseconds),
      });
      if (refusal !== undefined) await this.giveUp(target, group, invocation, refusal, input(attempts));
    } catch (thrown) {
      const error = asError(thrown);
      this.undelivered.push({ ...invocation, targetArn: target.arn, error });
      if (!(error instanceof ServiceError)) this.options.onFault(error);
    }
  }

  /** A dead letter where there is a queue for it. Source of its attributes: EventBridge Scheduler user guide, "Dead-letter queue". */
  private async giveUp(
    target: ScheduleTarget, group: ScheduleGroup, invocation: Invocation, { error, attributes }: Refusal, input: string,
  ): Promise<void> {
    const { deadLetterArn } = target;
    if (deadLetterArn === undefined) throw error;
    await this.options.clock.hold(async () => this.options.targets.sqs(deadLetterArn, input, await this.context(target, group, invocation), {
      ...attributes,
      ERROR_CODE: error.code,
      EXECUTION_ID: invocation.executionId,
      IS_PAYLOAD_TRUNCATED: 'false',
      SCHEDULED_TIME: toWholeSeconds(invocation.scheduledTime),
      SCHEDULE_ARN: invocation.scheduleArn,
      TARGET_ARN: target.arn,
    }));
  }

  private async context(target: ScheduleTarget, group: ScheduleGroup, { executionId }: Invocation): Promise<CallContext> {
    return { caller: await this.assume(target.roleArn, executionId, group) };
  }

  /** Trust policies see the group as the source, not the schedule. */
  private async assume(roleArn: string, sessionName: string, group: ScheduleGroup): Promise<Caller> {
    const source = { sourceArn: group.arn, sourceAccount: this.options.environment.accountId };
    return this.options.assumeRole(roleArn, SCHEDULER, sessionName, source);
  }

  private arn(resource: string): string {
    const { partition, region, accountId } = this.options.environment;
    return `arn:${partition}:scheduler:${region}:${accountId}:${resource}`;
  }
}

interface ArmedSchedule {
  readonly arn: string;
  readonly group: ScheduleGroup;
  readonly recurrence: Recurrence;
}

function assertName(name: string): void {
  if (!/^[0-9a-zA-Z-_.]{1,64}$/.test(name)) throw new ServiceError('ValidationException', `${name} is no name of a schedule or schedule group.`);
}

/** Schedules of runs, from the template that was synthesised to the executions they start. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack, TimeZone } from 'aws-cdk-lib';
import { CfnPolicy } from 'aws-cdk-lib/aws-iam';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { DeployedStack } from '../../local/client/deployed-stack';
import { LocalCloud } from '../../local/cloud';
import { JsonValue, memberOf } from '../../local/json';
import { RunSchedule } from '../../src/paged-batch-etl/schedule/run-schedule';
import { RunWindow } from '../../src/paged-batch-etl/schedule/run-window';
import { addSchedule, DATES, ScheduledOptions } from '../paged-batch-etl/schedule/function/harness';

const BERLIN = TimeZone.EUROPE_BERLIN;

interface Run {
  readonly name: string;
  readonly input?: JsonValue;
}

/** A schedule in a local cloud of its own. */
class DeployedSchedule extends DeployedStack {
  static async start(
    startTime: string, options: ScheduledOptions, customise: (schedule: RunSchedule) => void = () => {},
  ): Promise<DeployedSchedule> {
    const outdir = mkdtempSync(join(tmpdir(), 'schedule-'));
    try {
      const app = new App({ outdir, treeMetadata: false });
      const schedule = addSchedule(new Construct(new Stack(app, 'Stack'), 'Etl'), options);
      customise(schedule);
      app.synth();
      const cloud = await LocalCloud.start({ startTime: Date.parse(startTime) });
      const runs: Run[] = [];
      cloud.observe(({ executionArn, event: { type, details } }) => {
        if (type === 'ExecutionStarted') runs.push({ name: executionArn.split(':').at(-1) ?? '', input: details.input });
      });
      return new DeployedSchedule(cloud, await cloud.deploy(outdir), runs);
    } finally {
      rmSync(outdir, { recursive: true, force: true });
    }
  }

  private constructor(cloud: LocalCloud, stack: DeployedStack['stack'], readonly runs: readonly Run[]) {
    super(cloud, stack);
  }

  /** Lets virtual time pass, and what was due in it be done. */
  async sleepUntil(time: string): Promise<void> {
    await this.cloud.clock.sleep(Date.parse(time) - this.cloud.clock.now());
  }

  async plan(scheduledTime: string): Promise<JsonValue> {
    const planner = this.physicalId('AWS::Lambda::Function', 'Planner');
    const { payload } = await this.cloud.lambda.invoke(planner, JSON.stringify({ contract: 1, scheduledTime }), this.administrator);
    return JSON.parse(payload);
  }

  async deadLetters(): Promise<JsonValue[]> {
    const QueueUrl = this.physicalId('AWS::SQS::Queue', 'DeadLetters');
    const { Messages = [] } = await this.cloud.sqs.call(
      'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }, this.administrator,
    );
    return Array.isArray(Messages) ? Messages : [];
  }

  /** How often the planner ended how, by its log. */
  outcomes(): Record<string, number> {
    const group = this.physicalId('AWS::Logs::LogGroup', 'PlannerLogs');
    const counts: Record<string, number> = {};
    for (const { message } of this.cloud.logs.lines(group)) {
      const outcome = /"Outcome":"(\w+)"/.exec(message)?.[1];
      if (outcome !== undefined) counts[outcome] = (counts[outcome] ?? 0) + 1;
    }
    return counts;
  }

  /** Ends the cloud; answers what it could not do. */
  async stop(): Promise<readonly Error[]> {
    await this.cloud.close();
    return this.cloud.faults;
  }
}

const daily = ScheduleExpression.cron({ hour: '4', minute: '15', timeZone: BERLIN });
const often = ScheduleExpression.cron({ hour: '0/6', minute: '5', timeZone: BERLIN });

let deployed: DeployedSchedule;
afterEach(async () => expect(await deployed.stop()).toEqual([]));

test('a run for each day, however long it was', async () => {
  deployed = await DeployedSchedule.start('2026-03-28T00:00:00Z', { props: { schedule: daily } });
  await deployed.sleepUntil('2026-03-31T12:00:00Z');
  expect(deployed.runs.map(({ input }) => input)).toEqual([
    { date_begin: '2026-03-26T23:00:00Z', date_end: '2026-03-27T23:00:00Z' },
    { date_begin: '2026-03-27T23:00:00Z', date_end: '2026-03-28T23:00:00Z' },
    { date_begin: '2026-03-28T23:00:00Z', date_end: '2026-03-29T22:00:00Z' },
    { date_begin: '2026-03-29T22:00:00Z', date_end: '2026-03-30T22:00:00Z' },
  ]);
});

test('a run for each tenant, of one workflow', async () => {
  const parameters = { ...DATES, tenant: { rule: { type: 'text' } } } as const;
  deployed = await DeployedSchedule.start('2026-11-23T12:00:00Z', {
    props: { schedule: daily, parameters, values: { tenant: 'a' } }, others: { Other: { values: { tenant: 'b' } } },
  });
  await deployed.sleepUntil('2026-11-24T12:00:00Z');
  const window = { date_begin: '2026-11-22T23:00:00Z', date_end: '2026-11-23T23:00:00Z' };
  expect(deployed.runs.map(({ input }) => input)).toEqual(expect.arrayContaining([{ ...window, tenant: 'a' }, { ...window, tenant: 'b' }]));
  expect(new Set(deployed.runs.map(({ name }) => name)).size).toBe(2);
});

test('a run for each hour, also of a day on which clocks change somewhere', async () => {
  const props = { schedule: ScheduleExpression.cron({ minute: '5' }), window: RunWindow.lastHours({ hours: 1, begin: 'date_begin', end: 'date_end' })._binding };
  deployed = await DeployedSchedule.start('2026-10-24T23:30:00Z', { props });
  await deployed.sleepUntil('2026-10-25T03:30:00Z');
  expect(deployed.runs.map(({ input }) => input)).toEqual(['00', '01', '02', '03'].map((hour, index) => ({
    date_begin: ['2026-10-24T23:00:00Z', '2026-10-25T00:00:00Z', '2026-10-25T01:00:00Z', '2026-10-25T02:00:00Z'][index],
    date_end: `2026-10-25T${hour}:00:00Z`,
  })));
});

test('one window runs once: of four deliveries a day one starts a run, and none starts a failed one again', async () => {
  deployed = await DeployedSchedule.start('2026-11-23T12:00:00Z', { props: { schedule: often }, state: { Type: 'Fail', Error: 'Broken' } });
  await deployed.sleepUntil('2026-11-25T12:00:00Z');
  expect(deployed.runs.map(({ input }) => input)).toEqual([
    { date_begin: '2026-11-21T23:00:00Z', date_end: '2026-11-22T23:00:00Z' },
    { date_begin: '2026-11-22T23:00:00Z', date_end: '2026-11-23T23:00:00Z' },
    { date_begin: '2026-11-23T23:00:00Z', date_end: '2026-11-24T23:00:00Z' },
  ]);
  expect(deployed.outcomes()).toEqual({ Started: 3, StartedBefore: 5 });
});

test('a window that was missed is started by hand, once', async () => {
  deployed = await DeployedSchedule.start('2026-11-23T12:00:00Z', { props: { schedule: daily, enabled: false }, state: { Type: 'Wait', Seconds: 60, End: true } });
  const outcomes = [await deployed.plan('2026-11-20T03:15:00Z'), await deployed.plan('2026-11-20T03:15:00Z')];
  await deployed.sleepUntil('2026-11-26T00:00:00Z');
  outcomes.push(await deployed.plan('2026-11-20T03:15:00Z'));
  expect(outcomes).toEqual(['Started', 'Started', 'StartedBefore'].map((outcome) => ({ executionName: deployed.runs[0].name, outcome })));
  expect(deployed.runs).toEqual([{ name: expect.any(String), input: { date_begin: '2026-11-18T23:00:00Z', date_end: '2026-11-19T23:00:00Z' } }]);
});

test('a time that cannot be told to the planner is a dead letter with which the planner can be called', async () => {
  deployed = await DeployedSchedule.start('2026-11-23T12:00:00Z', { props: { schedule: daily } }, (schedule) => {
    changeRight(schedule, 'SchedulerRole', 'lambda:InvokeFunction', 'lambda:GetFunction');
  });
  await deployed.sleepUntil('2026-11-24T12:00:00Z');
  expect(await deployed.deadLetters()).toEqual([]);
  await deployed.sleepUntil('2026-11-25T04:00:00Z');
  const letters = await deployed.deadLetters();
  expect(letters).toEqual([expect.objectContaining({ Body: '{"contract":1,"scheduledTime":"2026-11-24T03:15:00Z"}' })]);
  expect(deployed.runs).toEqual([]);
  expect(await deployed.plan('2026-11-24T03:15:00Z')).toMatchObject({ outcome: 'Started' });
});

test('a run that cannot be started is tried three times, and its dead letter says why', async () => {
  deployed = await DeployedSchedule.start('2026-11-23T12:00:00Z', { props: { schedule: daily } }, (schedule) => {
    changeRight(schedule, 'PlannerRole', 'states:StartExecution', 'states:ListExecutions');
  });
  await deployed.sleepUntil('2026-11-24T12:00:00Z');
  expect(deployed.outcomes()).toEqual({ RunNotStarted: 3 });
  const [letter, ...others] = await deployed.deadLetters();
  expect(others).toEqual([]);
  expect(JSON.parse(String(memberOf(letter, 'Body')))).toMatchObject({
    requestPayload: { contract: 1, scheduledTime: '2026-11-24T03:15:00Z' },
    responsePayload: { errorType: 'RunNotStarted', errorMessage: 'The run could not be started (AccessDeniedException)' },
  });
});

/** Gives a role of the schedule another right instead of one that it needs. */
function changeRight(schedule: RunSchedule, role: string, needed: string, instead: string): void {
  const policy = schedule.node.findChild(role).node.findChild('DefaultPolicy').node.defaultChild;
  if (!(policy instanceof CfnPolicy)) throw new Error(`${role} has no policy`);
  const { Statement } = Stack.of(schedule).resolve(policy.policyDocument);
  const index = Statement.findIndex(({ Action }: { Action: unknown }) => Action === needed);
  if (index < 0) throw new Error(`${role} has no right to ${needed}`);
  policy.addPropertyOverride(`PolicyDocument.Statement.${index}.Action`, instead);
}

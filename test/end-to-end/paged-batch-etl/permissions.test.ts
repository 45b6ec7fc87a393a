/** Every permission of the construct, while runs and schedules go on: each is used, and needed. */
import { Duration, TimeZone } from 'aws-cdk-lib';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { DeployedEtl, Filled, OWN_SERVER } from './deployed-etl';
import { PROCESS } from './jobs-stack';
import { Role } from '../../../local/iam/roles';
import { memberOf } from '../../../local/json';
import { RunContinuation, ItemProcessor, PageSource, Partitions, RunWindow } from '../../../src';
import { describeWhereMongo } from '../../support/mongo';
import { released } from '../../support/released';
import { needlessPermissions } from '../permission-removal';

/** Rights that are checked when a resource is made, and never again: see deployment-rights.test.ts. */
const AT_DEPLOYMENT = /^(events:|logs:(?!CreateLogStream|PutLogEvents))/;

const SOURCE = 'Fetch';
const BATCH = 2;
/** Of one run here. */
const MOST_EXECUTIONS = 10;
const HOUR = 3_600_000;
/** The schedule is due at four, for the day before. */
const START = Date.parse('2020-01-01T12:00:00Z');
const DAY = 24 * HOUR;

describeWhereMongo('the rights of PagedBatchEtl', () => {
  let etl: DeployedEtl;
  let filled: Filled;
  beforeAll(async () => {
    etl = await DeployedEtl.start({
      cloud: { startTime: START },
      define: (stack) => {
        const segmented = stack.etl('Segmented', {
          batchSize: BATCH,
          processor: ItemProcessor.perItem({ handler: stack.relay(PROCESS) }),
          partitions: Partitions.ofTime({ workers: 2, slices: 1 }),
          continuation: RunContinuation.supervised({ pagesPerSegment: 2 }),
        });
        segmented.addBackfill('FirstDay', {
          begin: '2020-01-01', end: '2020-01-02', step: Duration.days(1), beginParameter: 'date_begin', endParameter: 'date_end',
        });
        segmented.addSchedule('Nightly', {
          schedule: ScheduleExpression.cron({ hour: '4', minute: '0', timeZone: TimeZone.ETC_UTC }),
          window: RunWindow.previousDay({ begin: 'date_begin', end: 'date_end' }),
        });
        stack.etl('Linked', {
          source: PageSource.custom({ handler: stack.relay(SOURCE) }),
          processor: ItemProcessor.stateMachine({ stateMachine: stack.relayMachine(PROCESS) }),
          parameters: {},
          batchSize: BATCH,
          continuation: RunContinuation.selfRestart({ pagesPerSegment: 2 }),
        });
      },
    });
    filled = await etl.fill(Array.from({ length: 6 }, () => ({})));
    etl.functions.behave(SOURCE, ({ cursor }) => {
      const page = Number(cursor ?? 0);
      return { items: [{ itemIdentifier: `${page}`, item: {} }], cursor: `${page + 1}`, done: page === 3 };
    });
  });
  afterEach(() => etl.assertNoFaults());
  afterAll(async () => etl?.close());

  /** Roles of the constructs: not those of the functions and machines of users. */
  const roles = () => etl.cloud.roles.list().filter(({ name }) => /Segmented|Linked/.test(name));

  /** Lets the role do something no longer while the work goes on. */
  async function denied<T>(roleName: RegExp, action: string, work: () => Promise<T>): Promise<T> {
    const [role] = roles().filter(({ name }) => roleName.test(name));
    const policy = (Statement: { [key: string]: string }[]) => etl.cloud.roles.putInlinePolicy(role.name, { name: 'Broken', document: { Version: '2012-10-17', Statement } });
    policy([{ Effect: 'Deny', Action: action, Resource: '*' }]);
    try {
      return await work();
    } finally {
      policy([]);
    }
  }

  /** Whether a run succeeds with no more executions than it needs; one that starts and starts is stopped. */
  async function succeeds(construct: string, input = {}): Promise<boolean> {
    const before = etl.executions.length;
    const arn = await etl.start(construct, input);
    const unwatch = etl.cloud.observe(() => {
      if (etl.executions.length - before <= MOST_EXECUTIONS) return;
      unwatch();
      void etl.stop(arn);
    });
    const { status } = await etl.ended(arn);
    unwatch();
    return status === 'SUCCEEDED';
  }

  /** Whether a segment of the release before items were processed in an Express execution succeeds: it may run while the stack is updated. */
  async function succeedsAsBefore(): Promise<boolean> {
    const stateMachineArn = etl.physicalId('AWS::StepFunctions::StateMachine', 'SegmentedSegment');
    const { definition } = await etl.cloud.stepFunctions.call('DescribeStateMachine', { stateMachineArn }, etl.administrator);
    const source = String(/"FunctionName":"([^"]+)"/.exec(String(definition))?.[1]);
    const before = JSON.stringify(released<{ Segment: object }>('workflow', 1, 'per-item').Segment)
      .replace('{"mode.$":"$parameters.mode"}', '{}')
      .replaceAll(/"arn:aws:lambda:[^"]+:function:(\w+)"/g, (_arn, name) => JSON.stringify(name === 'source' ? source : String(etl.resource('AWS::Lambda::Function', PROCESS).attributes?.Arn)));
    const update = async (text: string) => etl.cloud.stepFunctions.call('UpdateStateMachine', { stateMachineArn, definition: text }, etl.administrator);
    await update(before);
    try {
      return await succeeds('Segmented', filled.input);
    } finally {
      await update(String(definition));
    }
  }

  /** Whether what a stopped run waits for is stopped, too. */
  async function stopsChild(construct: string, child: string, input = {}): Promise<boolean> {
    let arn = '';
    etl.functions.behave(PROCESS, async ({ run }) => {
      if (memberOf(run, 'id') === arn) await etl.stop(arn);
      return null;
    });
    const before = etl.executions.length;
    arn = await etl.start(construct, input);
    await etl.ended(arn);
    await etl.cloud.clock.sleep(60_000);
    etl.functions.behave(PROCESS, () => null);
    const children = etl.executions.slice(before).filter((execution) => execution.includes(child));
    return children.length > 0 && children.every((execution) => etl.historyOf(execution).at(-1)?.type === 'ExecutionAborted');
  }

  /** Starts the backfill, and answers how it ended. */
  async function backfill(): Promise<string> {
    const stateMachineArn = etl.physicalId('AWS::StepFunctions::StateMachine', 'SegmentedBackfillFirstDayWorkflow');
    const { executionArn } = await etl.cloud.stepFunctions.call('StartExecution', { stateMachineArn }, etl.administrator);
    const { status } = await etl.ended(String(executionArn));
    await etl.cloud.clock.sleep(60_000);
    return status;
  }

  function runOfBackfill(): string | undefined {
    return etl.executions.find((arn) => /:backfill-[^:]+$/.test(arn));
  }

  let forgotten = 0;

  /** As if the name of the run had never been used. */
  async function forgetBackfill(): Promise<void> {
    const run = runOfBackfill();
    if (run === undefined) return;
    const started = etl.historyOf(run).filter(({ type }) => type === 'ExecutionStarted').length;
    if (started === forgotten) return;
    await etl.ended(run);
    etl.cloud.stepFunctions.forget(run);
    forgotten = started;
  }

  /** Whether a backfill whose window failed goes on with the run that failed, and then leaves it out. */
  async function backfillGoesOn(): Promise<boolean> {
    await forgetBackfill();
    etl.functions.behave(PROCESS, () => {
      throw new Error('broken');
    });
    const failed = await backfill();
    etl.functions.behave(PROCESS, () => null);
    const again = await backfill();
    const last = await backfill();
    return failed === 'FAILED' && again === 'SUCCEEDED' && last === 'SUCCEEDED';
  }

  /** Whether the run that a stopped backfill waits for is stopped, too. */
  async function stopsRunOfBackfill(): Promise<boolean> {
    await forgetBackfill();
    etl.functions.behave(PROCESS, async () => {
      const arn = etl.executions.filter((execution) => execution.includes('BackfillFirstDay')).at(-1);
      if (arn !== undefined) await etl.stop(arn);
      return null;
    });
    await backfill();
    etl.functions.behave(PROCESS, () => null);
    const run = runOfBackfill();
    return run !== undefined && etl.historyOf(run).at(-1)?.type === 'ExecutionAborted';
  }

  /** Whether a run begins by itself, and ends well, at the next time that the schedule is due. */
  async function runsOnSchedule(): Promise<boolean> {
    const before = etl.executions.length;
    await untilDue();
    const run = etl.executions.slice(before).find((arn) => arn.includes('SegmentedWorkflow'));
    return run !== undefined && (await etl.ended(run)).status === 'SUCCEEDED';
  }

  /** Whether a window is kept whose run could not be started. */
  async function isDeadLetter(): Promise<boolean> {
    const queue = etl.cloud.sqs.find(String(etl.resource('AWS::SQS::Queue', 'DeadLetters').attributes?.Arn));
    const before = queue?.peek().length ?? 0;
    await untilDue();
    // It is tried for a day, and the last time some time later.
    await etl.cloud.clock.sleep(2 * DAY);
    return (queue?.peek().length ?? 0) > before;
  }

  /** Some time after the next time that the schedule is due. */
  async function untilDue(): Promise<void> {
    await etl.cloud.clock.sleep(DAY + HOUR);
  }

  /** Whether a new process of a function writes lines to its log. */
  async function logs(group: string, run: () => Promise<unknown>): Promise<boolean> {
    const lines = () => etl.cloud.logs.lines(etl.physicalId('AWS::Logs::LogGroup', group)).length;
    const before = lines();
    await run();
    return lines() > before;
  }

  const scenarios: Readonly<Record<string, () => Promise<boolean>>> = {
    'a run succeeds': async () => succeeds('Segmented', filled.input),
    'a segment of an earlier release succeeds': succeedsAsBefore,
    'a run that restarts itself succeeds': async () => succeeds('Linked'),
    'a run that is stopped stops its segment': async () => stopsChild('Segmented', 'SegmentedSegment', filled.input),
    'a run that is stopped stops the machine of its processor': async () => stopsChild('Linked', `${PROCESS}Machine`),
    'a backfill goes on with a run that failed': backfillGoesOn,
    'a backfill that is stopped stops its run': stopsRunOfBackfill,
    'a schedule starts a run': runsOnSchedule,
    'a window whose planner cannot be called is a dead letter': async () => denied(/SchedulerRole/, 'lambda:InvokeFunction', isDeadLetter),
    'a window whose run cannot be started is a dead letter': async () => denied(/PlannerRole/, 'states:StartExecution', isDeadLetter),
    'the source function logs': async () => logs('SegmentedSourceLogs', async () => etl.run('Segmented', filled.input)),
    'the function before a custom source logs': async () => logs('LinkedSourceLogs', async () => etl.run('Linked', {})),
    'the planner logs': async () => logs('PlannerLogs', untilDue),
  };

  /** Whether the scenario comes to its good end; if asked for, with functions in new processes: an old one keeps its session, its log, its connection. */
  async function holds(scenario: string, later: boolean): Promise<boolean> {
    if (later) await etl.cloud.clock.sleep(2 * HOUR);
    return scenarios[scenario]().catch(() => false);
  }

  test('are all used, but for those that the local cloud cannot show', async () => {
    for (const scenario of Object.keys(scenarios)) expect([scenario, await holds(scenario, true)]).toEqual([scenario, true]);
    const names = roles().map(({ arn }) => arn);
    const unused = etl.cloud.authorizer.unusedPermissions().filter(({ roleArn }) => names.includes(roleArn)).flatMap(({ grants }) => grants);
    expect(unused.map(({ action }) => action)).toEqual([]);
  });

  test('are all needed: without any one of them, something no longer works', async () => {
    const needless = await needlessPermissions({
      cloud: etl.cloud,
      roles: roles(),
      observable: (action) => !AT_DEPLOYMENT.test(action),
      works: async (action, role) => holds(scenarioOf(action, role), isFunctionRole(role)),
    });
    expect(needless).toEqual([]);
    for (const scenario of Object.keys(scenarios)) expect([scenario, await holds(scenario, false)]).toEqual([scenario, true]);
  });
}, OWN_SERVER);

function isFunctionRole({ name }: Role): boolean {
  return /SourceRole|PlannerRole/.test(name);
}

function scenarioOf(action: string, { name }: Role): string {
  if (name.includes('Backfill')) {
    return action === 'states:StopExecution' ? 'a backfill that is stopped stops its run' : 'a backfill goes on with a run that failed';
  }
  const segmented = name.includes('Segmented');
  if (name.includes('PlannerRole')) {
    if (action.startsWith('logs:')) return 'the planner logs';
    return action === 'sqs:SendMessage' ? 'a window whose run cannot be started is a dead letter' : 'a schedule starts a run';
  }
  if (name.includes('SchedulerRole')) {
    return action === 'sqs:SendMessage' ? 'a window whose planner cannot be called is a dead letter' : 'a schedule starts a run';
  }
  if (action.startsWith('logs:')) return segmented ? 'the source function logs' : 'the function before a custom source logs';
  if (action === 'states:StopExecution') {
    return segmented ? 'a run that is stopped stops its segment' : 'a run that is stopped stops the machine of its processor';
  }
  if (name.includes('SegmentedSegmentRole') && action === 'lambda:InvokeFunction') return 'a segment of an earlier release succeeds';
  return segmented ? 'a run succeeds' : 'a run that restarts itself succeeds';
}

import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { JsonValue } from '../../../local/json';
import { TaskFailure } from '../../../local/stepfunctions/interpreter/failure';
import {
  AddBackfillOptions, BackfillErrors, IBackfill, ItemProcessor, MongoFilter, Partitions, RunContinuation, RunLedger, RunParameter, WhenLocked,
} from '../../../src';
import { SCHEDULED_RUN } from '../../../src/paged-batch-etl/contracts/plan-run';
import { AslMachine } from '../../../src/private/synth/asl';
import { definitionsOf } from '../../support/etl-definitions';
import { refusal } from '../../support/refusal';
import { EtlProps, importedFunction, mongoSource, synthEtl } from '../../support/synth-etl';
import { resourcesOfType, rightsOf, roleStatements } from '../../support/template';
import { worstExecution } from '../../support/worst-execution';

const OPTIONS: AddBackfillOptions = {
  begin: '2025-01-01', end: '2025-01-04', step: Duration.days(1), beginParameter: 'date_begin', endParameter: 'date_end',
};

interface Made {
  readonly machine: AslMachine;
  readonly backfill: IBackfill;
  readonly stack: Stack;
  readonly synthesised: ReturnType<typeof synthEtl>;
}

function synth(options: Partial<AddBackfillOptions> = {}, props?: EtlProps, id = 'Year', then: (backfill: IBackfill, stack: Stack) => void = () => {}): Made {
  const made: IBackfill[] = [];
  const synthesised = synthEtl(props, (etl, stack) => {
    made.push(etl.addBackfill(id, { ...OPTIONS, ...options }));
    then(made[0], stack);
  });
  return { machine: definitionsOf(synthesised.template)[`MetricsBackfill${id}Workflow`], backfill: made[0], stack: synthesised.stack, synthesised };
}

/** What runs are named and started with, in the order in which they are started, where all succeed. */
async function runsOf(machine: AslMachine): Promise<JsonValue[]> {
  const runs: JsonValue[] = [];
  const execution = worstExecution(machine, {
    input: {},
    answer: (_state, parameters) => {
      runs.push(parameters);
      return {};
    },
  });
  expect(await execution.run()).toMatchObject({ status: 'SUCCEEDED' });
  return runs;
}

test('each window has a run of its own, in the order of time, named by its window', async () => {
  const { machine, backfill } = synth();
  const runs = await runsOf(machine);
  const days = ['20250101T000000Z', '20250102T000000Z', '20250103T000000Z', '20250104T000000Z'];
  expect(backfill.windowCount).toBe(3);
  expect(runs).toEqual([1, 2, 3].map((day) => ({
    StateMachineArn: expect.stringContaining('stateMachine:MetricsWorkflow'),
    Name: expect.stringMatching(new RegExp(`^backfill-[0-9a-f]{20}-${days[day - 1]}-${days[day]}$`)),
    Input: { date_begin: `2025-01-0${day}T00:00:00Z`, date_end: `2025-01-0${day + 1}T00:00:00Z` },
  })));
});

test('names stay the same in every deployment, and differ between backfills that run something else', async () => {
  const props: EtlProps = () => ({ parameters: { date_begin: RunParameter.date(), date_end: RunParameter.date(), team: RunParameter.text({ defaultValue: 'a' }) } });
  const namesOf = async (options: Partial<AddBackfillOptions>, id?: string) => (await runsOf(synth(options, props, id).machine)).map((run) => JSON.stringify(run).match(/backfill-[^"]+/)?.[0]);
  const first = await namesOf({});
  expect(await namesOf({})).toEqual(first);
  expect((await namesOf({ end: '2025-01-06', concurrency: 5 })).slice(0, 3).sort()).toEqual(first);
  const others = [await namesOf({}, 'Other'), await namesOf({ parameters: { team: 'b' } }), await namesOf({ beginParameter: 'date_end', endParameter: 'date_begin' })];
  expect(new Set([first, ...others].map(([name]) => name)).size).toBe(4);
});

test('runs do not count as those of a schedule, whose metrics are told apart by their names', async () => {
  const [run] = await runsOf(synth().machine);
  const arn = `arn:aws:states:eu-west-1:111122223333:execution:Workflow:${/backfill-[^"]+/.exec(JSON.stringify(run))?.[0]}`;
  expect(arn).toMatch(/backfill-[0-9a-f]{20}-\d{8}T\d{6}Z-\d{8}T\d{6}Z$/);
  expect(SCHEDULED_RUN.test(arn)).toBe(false);
});

test('runs get other parameters with their types', async () => {
  const props: EtlProps = () => ({
    parameters: { date_begin: RunParameter.date({ timeZone: 'Europe/Berlin' }), date_end: RunParameter.date(), limit: RunParameter.integer(), team: RunParameter.text() },
  });
  const [run] = await runsOf(synth({ parameters: { team: 'north', limit: '5' }, end: '2025-01-02' }, props).machine);
  // In the time zone of the parameter.
  expect(run).toMatchObject({ Input: { date_begin: '2024-12-31T23:00:00Z', date_end: '2025-01-01T23:00:00Z', team: 'north', limit: 5 } });
});

type Answers = Readonly<Record<string, () => JsonValue>>;

describe('what happened to the run of a window before', () => {
  /** How the states of a window answer; every call is noted. */
  async function outcome(answers: Answers): Promise<{ readonly calls: readonly string[]; readonly failed: boolean }> {
    const calls: string[] = [];
    const execution = worstExecution(synth({ end: '2025-01-02' }).machine, {
      input: {},
      answer: (state) => {
        calls.push(state);
        return (answers[state] ?? (() => ({})))();
      },
    });
    const { status, error, cause } = await execution.run() as { readonly status: string; readonly error?: string; readonly cause?: string };
    if (status === 'SUCCEEDED') return { calls, failed: false };
    expect([error, cause]).toEqual([BackfillErrors.WINDOWS_FAILED, '[{"begin":"2025-01-01T00:00:00Z","end":"2025-01-02T00:00:00Z"}]']);
    return { calls, failed: true };
  }
  const fails = (name: string) => () => {
    throw new TaskFailure(name, '{}');
  };
  const taken = fails('StepFunctions.ExecutionAlreadyExistsException');
  const is = (Status: string) => () => ({ Status });

  test.each<[string, Answers, string[], boolean]>([
    ['there was none, and it fails', { 'Run Window': fails('States.TaskFailed') }, ['Run Window'], true],
    ['it succeeded', { 'Run Window': taken, 'Look At Run': is('SUCCEEDED') }, ['Run Window', 'Look At Run'], false],
    ['it is running', { 'Run Window': taken, 'Look At Run': is('RUNNING') }, ['Run Window', 'Look At Run', 'Follow Run'], false],
    ...['FAILED', 'TIMED_OUT', 'ABORTED'].map((status): [string, Answers, string[], boolean] => (
      [`it ended ${status}`, { 'Run Window': taken, 'Look At Run': is(status) }, ['Run Window', 'Look At Run', 'Redrive Run', 'Follow Run'], false])),
    ['it fails again', { 'Run Window': taken, 'Look At Run': is('FAILED'), 'Follow Run': fails('States.TaskFailed') }, ['Run Window', 'Look At Run', 'Redrive Run', 'Follow Run'], true],
    ['it ends before it is followed', { 'Run Window': taken, 'Look At Run': is('FAILED'), 'Follow Run': taken, 'Look Again': is('SUCCEEDED') },
      ['Run Window', 'Look At Run', 'Redrive Run', 'Follow Run', 'Look Again'], false],
    ['it cannot be redriven anymore', { 'Run Window': taken, 'Look At Run': is('FAILED'), 'Redrive Run': fails('Sfn.ExecutionNotRedrivableException'), 'Follow Run': taken, 'Look Again': is('FAILED') },
      ['Run Window', 'Look At Run', 'Redrive Run', 'Follow Run', 'Look Again'], true],
    ['nobody may look at it', { 'Run Window': taken, 'Look At Run': fails('Sfn.AccessDeniedException') }, ['Run Window', 'Look At Run'], true],
  ])('%s', async (_what, answers, calls, failed) => {
    expect(await outcome(answers)).toEqual({ calls, failed });
  });
});

test('with every retry of every window used on the longest way, the history stays below its limit, and has no room for another window', async () => {
  const { machine, backfill } = synth({ begin: '2024-01-01', end: '2025-01-01', concurrency: 40 });
  expect(backfill.windowCount).toBe(366);
  const taken = () => {
    throw new TaskFailure('StepFunctions.ExecutionAlreadyExists', '');
  };
  const execution = worstExecution(machine, {
    input: {},
    answer: (state) => (/^(Run Window|Follow Run)$/.test(state) ? taken() : { Status: 'FAILED' }),
  });
  const result = await execution.run();
  expect(result).toMatchObject({ status: 'FAILED', error: 'WindowsFailed' });
  // So much can a cause have. Source: API reference of SendTaskFailure.
  expect(JSON.stringify(result).length).toBeLessThan(32_768);
  const perWindow = execution.history.events.length / 366;
  const most = Number(/at most (\d+) windows/.exec(messageOf(() => synth({ begin: '2020-01-01' })))?.[1]);
  expect(perWindow * most).toBeLessThan(25_000);
  expect(perWindow * (most + 2)).toBeGreaterThan(25_000);
});

test('transitions: 2 for a window, and 4 for one that is done', async () => {
  const transitions = async (days: number, done: boolean) => {
    const machine = withoutRetries(synth({ end: `2025-01-${days + 1}` }).machine);
    const execution = worstExecution(machine, {
      input: {},
      answer: (state) => {
        if (done && state === 'Run Window') throw new TaskFailure('StepFunctions.ExecutionAlreadyExists', '');
        return { Status: 'SUCCEEDED' };
      },
    });
    expect(await execution.run()).toMatchObject({ status: 'SUCCEEDED' });
    return execution.history.events.filter(({ type }) => /StateEntered$/.test(type)).length;
  };
  expect(await transitions(20, false) - await transitions(10, false)).toBe(10 * 2);
  expect(await transitions(20, true) - await transitions(10, true)).toBe(10 * 4);
});

function withoutRetries(machine: AslMachine): AslMachine {
  return JSON.parse(JSON.stringify(machine), (name, value) => (name === 'Retry' ? undefined : value));
}

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return String(error);
  }
  return '';
}

test('only as many runs as `concurrency` says are underway at the same time', () => {
  const map = (options: Partial<AddBackfillOptions>) => synth(options).machine.States['Run Windows'];
  expect(map({})).toMatchObject({ MaxConcurrency: 1 });
  expect(map({ concurrency: 7 })).toMatchObject({ MaxConcurrency: 7 });
});

test('logs, retention, tracing and log group are those of the construct', () => {
  const { synthesised } = synth({}, (stack) => ({ tracing: true, workflowLogGroup: new LogGroup(stack, 'Mine', { retention: RetentionDays.ONE_DAY }) }));
  const [machine] = resourcesOfType(synthesised.template, 'AWS::StepFunctions::StateMachine').filter(({ id }) => id.startsWith('MetricsBackfillYear'));
  expect(machine.Properties).toMatchObject({ TracingConfiguration: { Enabled: true }, LoggingConfiguration: { Level: 'ERROR', IncludeExecutionData: false } });
  expect(resourcesOfType(synthesised.template, 'AWS::Logs::LogGroup').filter(({ id }) => id.includes('Backfill'))).toEqual([]);
});

test('somebody can be let start it, and nothing else', () => {
  const { synthesised } = synth({}, undefined, 'Year', (backfill, stack) => {
    backfill.grantStartExecution(new Role(stack, 'Starter', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') }));
  });
  expect(rightsOf(roleStatements(synthesised.template, 'Starter'))).toEqual([expect.stringMatching(/^\["Allow","states:StartExecution","<MetricsBackfillYearWorkflow\w+>",null\]$/)]);
});

test('a filter that does not have the window is warned of', () => {
  const { stack } = synth({}, (own) => ({ source: mongoSource(own, { filter: MongoFilter.ejson('{ "runDate": { "$gt": "$$date_begin", "$lt": "$$date_end" } }') }) }));
  expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('begin of the window of backfill Year, is under \\$gt in the filter'))).toHaveLength(1);
});

test.each([WhenLocked.FAIL, WhenLocked.WAIT])('a ledger with %s is allowed', (whenLocked) => {
  expect(synth({}, () => ({ ledger: RunLedger.table({ whenLocked }) })).backfill.windowCount).toBe(3);
});

describe('calls at once, of all runs together', () => {
  const perItem = (maxConcurrency: number, workers: number): EtlProps => (stack) => ({
    processor: ItemProcessor.perItem({ handler: importedFunction(stack, 'item'), maxConcurrency }), partitions: Partitions.ofTime({ workers }),
  });
  const warned = (concurrency: number, props: EtlProps) => (
    Annotations.fromStack(synth({ concurrency }, props).stack).findWarning('*', Match.stringLikeRegexp('muchConcurrency')).map(({ id, entry }) => [id, entry.data]));

  test('are counted', () => {
    expect(warned(10, perItem(40, 12))).toEqual([['/Stack/Metrics/BackfillYear', expect.stringContaining(
      'concurrency of backfill Year is 10, and each run processes items with up to 480 calls at once, which are 4800 together: an account runs 1,000 calls of functions at once',
    )]]);
  });

  test.each([[2, 25, 10, 0], [3, 25, 10, 1], [1, 25, 16, 0]])('%i runs of %i calls in %i workers: %i warnings', (concurrency, calls, workers, count) => {
    expect(warned(concurrency, perItem(calls, workers))).toHaveLength(count);
  });
});

const parameters = (more: Record<string, RunParameter>): EtlProps => () => ({
  parameters: { date_begin: RunParameter.date(), date_end: RunParameter.date(), ...more },
});

test.each<[string, Partial<AddBackfillOptions>, EtlProps | undefined, string]>([
  ['runs restart themselves', {}, () => ({ continuation: RunContinuation.selfRestart() }),
    'continuation must be RunContinuation.supervised where there is backfill Year, got "RunContinuation.selfRestart"; a backfill waits for the end of each run, '
      + 'and a run of selfRestart is a chain of executions that nobody waits for; leave continuation out, or start such runs yourself'],
  ['runs skip a window that another run has', {}, () => ({ ledger: RunLedger.table({ whenLocked: WhenLocked.SKIP }) }),
    'whenLocked of RunLedger.table must be WhenLocked.FAIL or WhenLocked.WAIT where there is backfill Year, got "WhenLocked.SKIP"; a window that is skipped because another run has it would '
      + 'count as done, even if that run fails: with FAIL, the window fails and is tried again when the backfill is started again'],
  ['a parameter is misspelt', { beginParameter: 'begin' }, undefined,
    'beginParameter of backfill Year must be the name of a date parameter: date_begin, date_end, got "begin"; declare it with RunParameter.date()'],
  ['both parameters are the same', { endParameter: 'date_begin' }, undefined,
    'endParameter of backfill Year must be another parameter than beginParameter, got "date_begin"; declare a date for either'],
  ['the window is given twice', { parameters: { date_end: '2026-01-01' } }, undefined,
    'date_end in parameters of backfill Year must be left out, got "2026-01-01"; the window of the backfill fills it'],
  ['a parameter is missing', {}, parameters({ team: RunParameter.text() }),
    'every parameter but those of the window of backfill Year must be one with a value, got "team"; give them a value in parameters of the backfill, or a defaultValue, or start such runs yourself'],
  ['a zone does not exist', { timeZone: 'Europe/Atlantis' }, undefined,
    'timeZone of backfill Year must be a time zone of the IANA database, got "Europe/Atlantis"; such as `Europe/Berlin` or `UTC`'],
  ['there are too many at once', { concurrency: 41 }, undefined, 'concurrency of backfill Year must be a whole number from 1 to 40, got 41; the default is 1'],
  ['concurrency is a token', { concurrency: Lazy.number({ produce: () => 2 }) }, undefined,
    'concurrency of backfill Year must be known at synthesis, got "a token"; the state machine is rendered with it'],
])('is refused: %s', (_what, options, props, message) => {
  expect(() => synth(options, props)).toThrow(refusal(message));
});

test('an empty id is refused', () => {
  expect(() => synth({}, undefined, '')).toThrow(refusal('the id of a backfill must be a text, got ""; such as `LastYear`'));
});

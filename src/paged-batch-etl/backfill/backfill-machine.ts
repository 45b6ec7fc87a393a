import { Aws } from 'aws-cdk-lib';
import { BackfillErrorName } from './backfill-errors';
import { BackfillWindow } from './windows';
import { AslGraph, AslMachine, AslMap, AslObject, AslTask } from '../../private/synth/asl';
import { EXECUTION_EVENTS, MAX_HISTORY_EVENTS, worstCaseEvents } from '../../private/synth/history';
import { longestWalk } from '../../private/synth/longest-walk';
import { ScheduleParameters } from '../contracts/plan-run';
import { ABOUT_EXECUTION_RETRIES, EXECUTION_ALREADY_EXISTS, START_RUN_RETRIES } from '../workflow/task-retry';

export interface BackfillMachineOptions {
  readonly workflowArn: string;
  /** ARN of an execution of the workflow, without its name. */
  readonly executionArn: string;
  /** What the names of the runs begin with. */
  readonly namePrefix: string;
  /** Names of the parameters that a window fills. */
  readonly window: { readonly begin: string; readonly end: string };
  /** Other parameters of every run. */
  readonly values: ScheduleParameters;
  readonly concurrency: number;
}

/** As long as an execution may take at all. Source: Step Functions quotas. */
const LONGEST_EXECUTION_SECONDS = 365 * 86_400;

/** For an answer of Step Functions itself. */
const ANSWER_SECONDS = 60;

const RUN_WINDOW = 'Run Window';
const LOOK_AT_RUN = 'Look At Run';
const FOLLOW_RUN = 'Follow Run';
const LOOK_AGAIN = 'Look Again';
const WINDOW_DONE = 'Window Done';
const WINDOW_FAILED = 'Window Failed';

/**
 * A backfill:
 *
 *     Windows ─► Run Windows ─► Count Windows ─► Check Windows ─► Success
 *
 * Each window has a run of its own, whose name says which. So whoever starts another execution of the backfill goes on where the one before it ended: see
 * `windowStates`. No iteration fails, as that would stop the others.
 */
export function backfillMachine(options: BackfillMachineOptions, windows: readonly BackfillWindow[]): AslMachine {
  return {
    QueryLanguage: 'JSONPath',
    StartAt: 'Windows',
    States: {
      'Windows': { Type: 'Pass', Parameters: { windows: windows.map((window) => itemOf(options.namePrefix, window)) }, Next: 'Run Windows' },
      'Run Windows': runWindows(options),
      'Count Windows': {
        Type: 'Pass',
        // Where there is no such member, a path leaves the entry out.
        Parameters: { 'windows.$': 'States.ArrayLength($.windows)', 'failed.$': '$.windows[*].failed' },
        Next: 'Check Windows',
      },
      'Check Windows': {
        Type: 'Choice',
        Comment: 'Default: all windows are done',
        Choices: [{ Comment: 'Some windows failed', Variable: '$.failed[0]', IsPresent: true, Next: 'Windows Failed' }],
        Default: 'Success',
      },
      'Success': { Type: 'Pass', End: true },
      'Windows Failed': { Type: 'Fail', Error: BackfillErrorName.WINDOWS_FAILED, CausePath: 'States.JsonToString($.failed)' },
    },
  };
}

/** How many windows the history of an execution has room for, with every retry used. */
export function mostWindows(): number {
  // Its states are the same whatever they are told.
  const machine = backfillMachine({ workflowArn: '', executionArn: '', namePrefix: '', window: { begin: 'begin', end: 'end' }, values: {}, concurrency: 1 }, []);
  const eventsOf = (windows: number) => EXECUTION_EVENTS + longestWalk(machine, machine.StartAt, (state) => worstCaseEvents(state, windows));
  const [none, one] = [eventsOf(0), eventsOf(1)];
  return Math.floor((MAX_HISTORY_EVENTS - 1 - none) / (one - none));
}

/** A window as the machine knows it. */
function itemOf(namePrefix: string, { begin, end }: BackfillWindow): AslObject {
  const [from, to] = [instantText(begin), instantText(end)];
  return { begin: from, end: to, name: [namePrefix, basicFormat(from), basicFormat(to)].join('-') };
}

/** Without fractions of a second, which no window has. */
function instantText(moment: number): string {
  return new Date(moment).toISOString().replace('.000Z', 'Z');
}

/** ISO 8601 without the separators, since a name has no colons. */
function basicFormat(instant: string): string {
  return instant.replace(/[:-]/g, '');
}

function runWindows(options: BackfillMachineOptions): AslMap {
  return {
    Type: 'Map',
    ItemsPath: '$.windows',
    MaxConcurrency: options.concurrency,
    ItemSelector: { 'begin.$': '$$.Map.Item.Value.begin', 'end.$': '$$.Map.Item.Value.end', 'name.$': '$$.Map.Item.Value.name' },
    ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, ...windowStates(options) },
    ResultPath: '$.windows',
    Next: 'Count Windows',
  };
}

/**
 * The states of a window:
 *
 *     Run Window ─► Window Done
 *         ▼
 *     Look At Run ─► Check Run ─► Redrive Run ─► Follow Run ─► Window Done
 *
 * If there was a run of the window before, its name is taken. One that succeeded is all there is to do. One that failed is redriven, and goes on at the page that failed, with the same
 * idempotency keys. To start an execution that is running, with the same name and input, is to wait for it: so its input has nothing that depends on who starts it.
 */
function windowStates(options: BackfillMachineOptions): AslGraph {
  const failed = { ErrorEquals: ['States.ALL'], ResultPath: null, Next: WINDOW_FAILED } as const;
  const succeeded = { Comment: 'It succeeded', Variable: '$.run.status', StringEquals: 'SUCCEEDED', Next: WINDOW_DONE } as const;
  const run = startRun(options);
  return {
    StartAt: RUN_WINDOW,
    States: {
      [RUN_WINDOW]: { ...run, Catch: [{ ErrorEquals: EXECUTION_ALREADY_EXISTS, ResultPath: null, Next: LOOK_AT_RUN }, failed], Next: WINDOW_DONE },
      [LOOK_AT_RUN]: { ...lookAtRun(options), Catch: [failed], Next: 'Check Run' },
      'Check Run': {
        Type: 'Choice',
        Comment: 'Default: it failed, timed out or was stopped',
        Choices: [succeeded, { Comment: 'It is running', Variable: '$.run.status', StringEquals: 'RUNNING', Next: FOLLOW_RUN }],
        Default: 'Redrive Run',
      },
      'Redrive Run': {
        Type: 'Task',
        Resource: `arn:${Aws.PARTITION}:states:::aws-sdk:sfn:redriveExecution`,
        Parameters: { 'ExecutionArn.$': arnOf(options) },
        TimeoutSeconds: ANSWER_SECONDS,
        ResultPath: null,
        Retry: ABOUT_EXECUTION_RETRIES,
        // It may have been redriven although nobody was told, or by somebody else.
        Catch: [{ ...failed, Next: FOLLOW_RUN }],
        Next: FOLLOW_RUN,
      },
      [FOLLOW_RUN]: { ...run, Catch: [{ ErrorEquals: EXECUTION_ALREADY_EXISTS, ResultPath: null, Next: LOOK_AGAIN }, failed], Next: WINDOW_DONE },
      // It ended before it could be followed.
      [LOOK_AGAIN]: { ...lookAtRun(options), Catch: [failed], Next: 'Check Again' },
      'Check Again': { Type: 'Choice', Comment: 'Default: it failed', Choices: [succeeded], Default: WINDOW_FAILED },
      [WINDOW_DONE]: { Type: 'Pass', Parameters: { done: true }, End: true },
      [WINDOW_FAILED]: { Type: 'Pass', Parameters: { failed: { 'begin.$': '$.begin', 'end.$': '$.end' } }, End: true },
    },
  };
}

function startRun({ workflowArn, window, values }: BackfillMachineOptions) {
  return {
    Type: 'Task',
    Resource: `arn:${Aws.PARTITION}:states:::states:startExecution.sync:2`,
    Parameters: {
      'StateMachineArn': workflowArn,
      'Name.$': '$.name',
      'Input': { ...values, [`${window.begin}.$`]: '$.begin', [`${window.end}.$`]: '$.end' },
    },
    TimeoutSeconds: LONGEST_EXECUTION_SECONDS,
    ResultPath: null,
    Retry: START_RUN_RETRIES,
  } as const satisfies Partial<AslTask>;
}

/** How the run ended, without what it was given and answered, which may be large. */
function lookAtRun(options: BackfillMachineOptions) {
  return {
    Type: 'Task',
    Resource: `arn:${Aws.PARTITION}:states:::aws-sdk:sfn:describeExecution`,
    Parameters: { 'ExecutionArn.$': arnOf(options), 'IncludedData': 'METADATA_ONLY' },
    TimeoutSeconds: ANSWER_SECONDS,
    ResultSelector: { 'status.$': '$.Status' },
    ResultPath: '$.run',
    Retry: ABOUT_EXECUTION_RETRIES,
  } as const satisfies Partial<AslTask>;
}

function arnOf({ executionArn }: BackfillMachineOptions): string {
  return `States.Format('{}:{}', '${executionArn}', $.name)`;
}

import { Aws } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { RunLedgerCalls } from './binding';
import { AslCatcher, AslObject, AslRetrier, AslRule, AslState, AslTask } from '../../private/synth/asl';
import { AslTemplate } from '../../private/synth/asl-template';
import { worstCaseEvents } from '../../private/synth/history';
import { invocationTaskTimeout } from '../../private/synth/lambda-limits';
import { FINAL_LEDGER_ERRORS, OUTAGE_LEDGER_ERRORS } from '../contracts/error-names';
import {
  FinishRangeEvent, LEDGER_CONTRACT, PlanRunEvent, RecordProgressEvent, ReleaseWindowEvent, SegmentLedger, TakenWindow, TakeWindowEvent,
  WindowOutcome, WindowWaits,
} from '../contracts/run-ledger';
import { Progress } from '../contracts/segment';
import { DATA_LIMIT_EXCEEDED, functionRetries, LAMBDA_SERVICE_ERRORS } from '../workflow/task-retry';

export const TAKE_WINDOW = 'Take Window';
export const RECORD_PROGRESS = 'Record Progress';
export const RELEASE_WINDOW = 'Release Window';

const CHECK_WINDOW = 'Check Window';
const RESUME_WINDOW = 'Resume Window';
const WAIT = 'Wait For Window';
const SKIPPED = 'Run Skipped';

/** States whose events are no part of the way to the first segment: `windowWaitEvents` counts them. */
export const BESIDE_WINDOW = [WAIT];

/** What a run knows of its ledger before it has its window. */
export const NO_WINDOW = { ledger: { waits: { count: 0, seconds: 0 } satisfies WindowWaits } } as const;

/** What comes after a run has its window. */
export interface AfterWindow {
  readonly next: string;
  /** Rules that come before that. */
  readonly rules: readonly AslRule[];
  /** Makes the state of a run of `$.ledger.resumed`. */
  readonly resumed: AslState;
  /** Whether a run has several ranges. */
  readonly divided: boolean;
}

/** The rule, and the state that it leads to, for a run that is to go on with another one. Only the ledger knows what it is made of, and checks the rest of its input. */
export const RESUMES_RUN: AslRule = { Comment: 'The run is to go on with another one', Variable: '$.resume', IsPresent: true, Next: 'Find Run' };
export const FIND_RUN: Readonly<Record<string, AslState>> = {
  'Find Run': { Type: 'Pass', Parameters: { 'parameters.$': '$', ...NO_WINDOW }, Next: TAKE_WINDOW },
};

/** What a run keeps of its window. */
export const RESUMED_LEDGER = { 'window.$': '$.ledger.window', 'range': 0, 'estimate.$': '$.ledger.estimate' } satisfies AslTemplate<SegmentLedger>;

/** The first segment, and with it everything else, begins when the run has its window. Its input is a run's state with `NO_WINDOW`. */
export function takeWindowStates(ledger: RunLedgerCalls, { next, rules, resumed, divided }: AfterWindow): Record<string, AslState> {
  const event = {
    'contract': LEDGER_CONTRACT,
    'action': 'take',
    'run.$': '$$.Execution.Id',
    'startTime.$': '$$.Execution.StartTime',
    'parameters.$': '$.parameters',
    divided,
    'skips': ledger.skips,
    'waits.$': '$.ledger.waits',
  } satisfies AslTemplate<TakeWindowEvent>;
  const answer = {
    'outcome.$': '$.Payload.outcome',
    'window.$': '$.Payload.window',
    'owner.$': '$.Payload.owner',
    'seconds.$': '$.Payload.seconds',
    'waits.$': '$.Payload.waits',
    'estimate.$': '$.Payload.estimate',
    'resumed.$': '$.Payload.resumed',
  } satisfies AslTemplate<TakenWindow>;
  return {
    [TAKE_WINDOW]: {
      ...callLedger(ledger, event), ResultSelector: { ...answer, range: 0 }, ResultPath: '$.ledger', Retry: OUTLASTING_RETRIES, Next: CHECK_WINDOW,
    },
    [CHECK_WINDOW]: {
      Type: 'Choice',
      Comment: 'Default: the run has its window',
      Choices: [
        { Comment: 'The run goes on with another one', Variable: '$.ledger.outcome', StringEquals: WindowOutcome.RESUMED, Next: RESUME_WINDOW },
        ...rules,
        { Comment: 'It may have it later', Variable: '$.ledger.outcome', StringEquals: WindowOutcome.WAIT, Next: WAIT },
        ...ledger.skips ? [{ Comment: 'Another run has the window', Variable: '$.ledger.outcome', StringEquals: WindowOutcome.LOCKED, Next: SKIPPED }] : [],
        { Comment: 'Another run has processed it', Variable: '$.ledger.outcome', StringEquals: WindowOutcome.DONE, Next: SKIPPED },
      ],
      Default: next,
    },
    [RESUME_WINDOW]: resumed,
    [WAIT]: { Type: 'Wait', SecondsPath: '$.ledger.seconds', Next: TAKE_WINDOW },
    [SKIPPED]: { Type: 'Pass', Parameters: { items: 0, pages: 0, segments: 0, skipped: true }, End: true },
  };
}

/** Most events of the waits of a run for its window. */
export function windowWaitEvents(ledger: RunLedgerCalls | undefined): number {
  if (ledger === undefined) return 0;
  const states = takeWindowStates(ledger, { next: '', rules: [], resumed: { Type: 'Pass', End: true }, divided: false });
  return ledger.mostWaits * [TAKE_WINDOW, CHECK_WINDOW, WAIT].reduce((sum, name) => sum + worstCaseEvents(states[name]), 0);
}

/**
 * A segment says where it begins, or where its next page does, and fails like a page if the window of its run is no longer the run's.
 *
 * @param progress made of the variables of the loop
 */
export function recordProgress(ledger: RunLedgerCalls, progress: AslTemplate<Progress>, catchers: readonly AslCatcher[], next: string): AslTask {
  const event = {
    'contract': LEDGER_CONTRACT,
    'action': 'record',
    'run.$': '$execution',
    'window.$': '$ledger.window',
    'range.$': '$ledger.range',
    'estimate.$': '$ledger.estimate',
    'segment.$': '$$.Execution.Id',
    'attempt.$': '$attempt',
  } satisfies AslTemplate<Omit<RecordProgressEvent, 'progress'>>;
  // Few: the run waits for the end of an outage.
  const retries = functionRetries({ final: FINAL_LEDGER_ERRORS, attempts: 2 });
  return { ...callLedger(ledger, { ...event, progress }), ResultPath: null, Retry: retries, Catch: catchers, Next: next };
}

/** Says which ranges a run has. */
export function recordPlan(ledger: RunLedgerCalls, next: string): AslTask {
  const event = {
    'contract': LEDGER_CONTRACT, 'action': 'plan', 'run.$': '$$.Execution.Id', 'root.$': '$.root',
  } satisfies AslTemplate<Omit<PlanRunEvent, 'ranges'>>;
  return { ...callLedger(ledger, { ...event, 'ranges.$': '$.plan.ranges' }), ResultPath: null, Retry: OUTLASTING_RETRIES, Next: next };
}

/**
 * Says that nothing is left in a range. Where the ledger cannot be told, the run goes on: whoever resumes it processes the end of that range again.
 *
 * @param totals of the range, by their paths
 */
export function finishRange(ledger: RunLedgerCalls, totals: AslObject, next: string): AslTask {
  const event = {
    'contract': LEDGER_CONTRACT, 'action': 'finish', 'run.$': '$$.Execution.Id', 'range.$': '$.range.number',
  } satisfies AslTemplate<Omit<FinishRangeEvent, 'totals'>>;
  const retries = functionRetries({ final: FINAL_LEDGER_ERRORS, attempts: 1, serviceAttempts: 1 });
  const catchers = [[DATA_LIMIT_EXCEEDED], ['States.ALL']].map((errors) => ({ ErrorEquals: errors, ResultPath: null, Next: next }));
  return { ...callLedger(ledger, { ...event, totals }), ResultPath: null, Retry: retries, Catch: catchers, Next: next };
}

/** @param totals of the run, by their paths */
export function releaseWindow(ledger: RunLedgerCalls, totals: AslObject, next: string): AslTask {
  const event = {
    'contract': LEDGER_CONTRACT, 'action': 'release', 'run.$': '$$.Execution.Id', 'window.$': '$.ledger.window',
  } satisfies AslTemplate<Omit<ReleaseWindowEvent, 'totals'>>;
  return { ...callLedger(ledger, { ...event, totals }), ResultPath: null, Retry: OUTLASTING_RETRIES, Next: next };
}

/** What a machine needs to keep the ledger. */
export function keepLedger(ledger: RunLedgerCalls | undefined): PolicyStatement[] {
  return ledger === undefined ? [] : [new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [ledger.ledgerFunction.functionArn] })];
}

function callLedger({ ledgerFunction, timeout }: RunLedgerCalls, event: AslObject) {
  return {
    Type: 'Task',
    Resource: `arn:${Aws.PARTITION}:states:::lambda:invoke`,
    Parameters: { FunctionName: ledgerFunction.functionArn, Payload: event },
    TimeoutSeconds: invocationTaskTimeout(timeout),
  } as const;
}

/** At the start and at the end of a run nothing else waits for the end of an outage: 15 minutes, with full jitter half of that. */
const OUTLASTING_RETRIES: readonly AslRetrier[] = [
  { ErrorEquals: [...FINAL_LEDGER_ERRORS, DATA_LIMIT_EXCEEDED], MaxAttempts: 0 },
  { ErrorEquals: [...OUTAGE_LEDGER_ERRORS, ...LAMBDA_SERVICE_ERRORS], IntervalSeconds: 10, BackoffRate: 3, MaxDelaySeconds: 300, MaxAttempts: 6, JitterStrategy: 'FULL' },
  { ErrorEquals: ['States.ALL'], IntervalSeconds: 10, BackoffRate: 4, MaxDelaySeconds: 120, MaxAttempts: 2, JitterStrategy: 'FULL' },
];

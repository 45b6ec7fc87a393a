import { RunContinuationProps } from './binding';
import { AslCatcher, AslCondition, AslMachine, AslObject, AslRule, AslState } from '../../private/synth/asl';
import { AslTemplate } from '../../private/synth/asl-template';
import { FailureLimits } from '../contracts/collect-failures';
import { PageFailure, SegmentOutput } from '../contracts/segment';
import { RECORD_PROGRESS, recordProgress } from '../run-ledger/ledger-states';
import { FailureState, lookAtRun } from '../workflow/failure-states';
import {
  BeforeNextPage, IS_DONE, IS_LAST_PAGE, PageState, pageStates, PROGRESS_AFTER, PROGRESS_BEFORE, startOfLoop, TOLERATED_PROGRESS_AFTER,
  TOLERATED_PROGRESS_BEFORE,
} from '../workflow/page-states';
import { ProcessPageStates } from '../workflow/process-page';
import { DATA_LIMIT_EXCEEDED } from '../workflow/task-retry';
import { Tolerance } from '../workflow/tolerance';

type SegmentAnswer = AslTemplate<SegmentOutput>;

/** Few: the run waits for the end of an outage. */
export const READ_ATTEMPTS = { attempts: 2 };

/** Nothing is kept beside the failure: the page may be large. `States.ALL` does not stand for a result that is too large. */
const CATCHERS: AslCatcher[] = [[DATA_LIMIT_EXCEEDED], ['States.ALL']].map((errors) => ({
  ErrorEquals: errors, ResultPath: '$', Next: PageState.FAILED,
}));

const ENDS_SEGMENT: AslRule = { Comment: 'No page is left, or the history is used up', Or: [IS_DONE, IS_LAST_PAGE], Next: 'Segment Done' };

/**
 * A segment: walks pages until its history is used or no page is left.
 *
 *     Start Segment ─► Read Page ─► Process Page ─► Check For More Data ─► Segment Done
 *           │                ▲                              │
 *           ▼                └──────────────────────────────┘
 *     Report Failure
 *
 * It never fails at a page: it ends well and answers the progress at the start of that page, with the failure. The next segment is told of it
 * and fails at once, and with it the run: in a Task whose input holds that progress, so that a redrive goes on there. A segment that failed
 * could answer nothing, and would be run again from its start.
 *
 * Where failures are tolerated, a segment whose run has too many of them answers the progress after the page, which is done.
 */
export function segmentMachine(props: RunContinuationProps, process: ProcessPageStates, pagesPerSegment: number): AslMachine {
  const { ledger } = props;
  const start = {
    ...startOfLoop('$.AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID', pagesPerSegment),
    // Also of a run that an older release began, or one without a ledger.
    ...ledger !== undefined && { ledger: null },
  };
  const tolerance = props.tolerance && { ...props.tolerance, limits: limitsOf(props, props.tolerance), pagesPerSegment };
  const [before, after] = tolerance === undefined ? [PROGRESS_BEFORE, PROGRESS_AFTER] : [TOLERATED_PROGRESS_BEFORE, TOLERATED_PROGRESS_AFTER];
  return {
    QueryLanguage: 'JSONPath',
    StartAt: 'Start Segment',
    States: {
      'Start Segment': {
        Type: 'Choice',
        Comment: 'Default: no failure',
        Choices: [
          { Comment: 'A failure is to be reported', Variable: '$.failure', IsNull: false, Next: 'Report Failure' },
          ...ledger === undefined ? [] : keepsLedger(start, tolerance !== undefined),
          ...tolerance ? [failuresWereCounted(start)] : [],
        ],
        Assign: { ...start, ...tolerance && { failed: 0 } },
        Default: PageState.READ,
      },
      'Report Failure': { Type: 'Fail', ErrorPath: '$.failure.Error', CausePath: '$.failure.Cause' },
      ...ledger !== undefined && { [RECORD_PROGRESS]: recordProgress(ledger, before, CATCHERS, PageState.READ) },
      ...pageStates({
        props,
        readPage: props.transport.readPage,
        process,
        catchers: CATCHERS,
        readAttempts: READ_ATTEMPTS,
        rules: [ENDS_SEGMENT],
        tolerance,
        ...isRecordedByPage(props) && { beforeNext: KEEPS_LEDGER },
      }),
      'Segment Done': { Type: 'Pass', Parameters: { 'progress': after, 'done.$': '$.next.done', 'failure': null } satisfies SegmentAnswer, End: true },
      [PageState.NOTHING_LEFT]: tolerance === undefined
        ? { Type: 'Pass', Parameters: { progress: before, done: true, failure: null } satisfies SegmentAnswer, End: true }
        : lookAtRun(),
      [PageState.FAILED]: { Type: 'Pass', Parameters: { 'progress': before, 'done': false, 'failure.$': '$' } satisfies SegmentAnswer, End: true },
      ...tolerance && { [FailureState.TOO_MANY]: TOO_MANY_FAILED },
    },
  };
}

/** With `PageTransport.s3` a segment may take hours, and a page holds so much that the ledger is told of each of them. */
export function isRecordedByPage({ ledger, transport }: RunContinuationProps): boolean {
  return ledger !== undefined && transport.store !== undefined;
}

const KEEPS_LEDGER: BeforeNextPage = {
  comment: 'The run keeps a ledger, and pages are left', where: { Variable: '$ledger', IsNull: false }, state: RECORD_PROGRESS,
};

/** With the count of failures where there is one, as for a run without a ledger. */
function keepsLedger(start: AslObject, tolerates: boolean): AslRule[] {
  const has: AslCondition = { Variable: '$.ledger', IsPresent: true };
  const rule = (condition: AslCondition, failed: AslObject): AslRule => (
    { Comment: 'The run keeps a ledger', ...condition, Assign: { ...start, 'ledger.$': '$.ledger', ...failed }, Next: RECORD_PROGRESS });
  if (!tolerates) return [rule(has, {})];
  const counted: AslCondition = { And: [has, { Variable: '$.progress.failed', IsPresent: true }] };
  return [rule(counted, { 'failed.$': '$.progress.failed' }), rule(has, { failed: 0 })];
}

/** Of a run that began before failures were tolerated, none were. */
function failuresWereCounted(start: AslObject): AslRule {
  return { Comment: 'Failures were counted', Variable: '$.progress.failed', IsPresent: true, Assign: { ...start, 'failed.$': '$.progress.failed' }, Next: PageState.READ };
}

/** The page is done: a redrive goes on after it. */
const TOO_MANY_FAILED: AslState = {
  Type: 'Pass',
  Parameters: {
    progress: TOLERATED_PROGRESS_AFTER, done: false, failure: { 'Error.$': '$.next.error', 'Cause.$': '$.next.cause' },
  } satisfies AslTemplate<Omit<SegmentOutput, 'failure'> & { readonly failure: PageFailure }>,
  End: true,
};

/** The share of one range says nothing of the run. */
function limitsOf({ partitions }: RunContinuationProps, { limits }: Tolerance): FailureLimits {
  return partitions === undefined ? limits : { ...limits, percentage: null };
}

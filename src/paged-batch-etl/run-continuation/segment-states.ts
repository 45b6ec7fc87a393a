import { RunContinuationProps } from './binding';
import { AslCatcher, AslMachine, AslRule } from '../../private/synth/asl';
import { AslTemplate } from '../../private/synth/asl-template';
import { SegmentOutput } from '../contracts/segment';
import { RECORD_PROGRESS, recordProgress } from '../run-ledger/ledger-states';
import { IS_DONE, IS_LAST_PAGE, PageState, pageStates, PROGRESS_AFTER, PROGRESS_BEFORE, startOfLoop } from '../workflow/page-states';
import { ProcessPageStates } from '../workflow/process-page';
import { DATA_LIMIT_EXCEEDED } from '../workflow/task-retry';

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
 */
export function segmentMachine(props: RunContinuationProps, process: ProcessPageStates, pagesPerSegment: number): AslMachine {
  const { ledger } = props;
  const loop = startOfLoop(namingExecution(props), pagesPerSegment);
  return {
    QueryLanguage: 'JSONPath',
    StartAt: 'Start Segment',
    States: {
      'Start Segment': {
        Type: 'Choice',
        Comment: 'Default: no failure',
        Choices: [
          { Comment: 'A failure is to be reported', Variable: '$.failure', IsNull: false, Next: 'Report Failure' },
          // Not for a run that an older release began, or one without a ledger.
          ...ledger === undefined ? [] : [{ Comment: 'The run keeps a ledger', Variable: '$.ledger', IsPresent: true, Assign: loop, Next: RECORD_PROGRESS }],
        ],
        Assign: loop,
        Default: PageState.READ,
      },
      'Report Failure': { Type: 'Fail', ErrorPath: '$.failure.Error', CausePath: '$.failure.Cause' },
      ...ledger !== undefined && { [RECORD_PROGRESS]: recordProgress(ledger, CATCHERS, PageState.READ) },
      ...pageStates({ props, readPage: props.transport.readPage, process, catchers: CATCHERS, readAttempts: READ_ATTEMPTS, rules: [ENDS_SEGMENT] }),
      'Segment Done': { Type: 'Pass', Parameters: { 'progress': PROGRESS_AFTER, 'done.$': '$.next.done', 'failure': null } satisfies SegmentAnswer, End: true },
      [PageState.NOTHING_LEFT]: { Type: 'Pass', Parameters: { progress: PROGRESS_BEFORE, done: true, failure: null } satisfies SegmentAnswer, End: true },
      [PageState.FAILED]: { Type: 'Pass', Parameters: { 'progress': PROGRESS_BEFORE, 'done': false, 'failure.$': '$' } satisfies SegmentAnswer, End: true },
    },
  };
}

/** What executions that a page starts are named after: segments of several ranges count the same pages side by side, each in an execution of its own. */
function namingExecution({ partitions }: RunContinuationProps): string {
  return partitions === undefined ? '$.AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID' : '$$.Execution.Id';
}

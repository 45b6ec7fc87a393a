import { Aws } from 'aws-cdk-lib';
import { RunContinuationProps } from './binding';
import { MAX_COUNT } from './history-budget';
import { noProgress, runInputStates, segmentInput } from './run-input';
import { AslFail, AslMachine } from '../../private/synth/asl';
import { PagedBatchEtlErrorName } from '../contracts/error-names';
import { IS_DONE, IS_LAST_PAGE, PageState, pageStates, PROGRESS_AFTER, PROGRESS_BEFORE, startOfLoop, totals } from '../workflow/page-states';
import { ProcessPageStates } from '../workflow/process-page';
import { EXECUTION_ALREADY_EXISTS, START_EXECUTION_RETRIES } from '../workflow/task-retry';

const START_EXECUTION_TIMEOUT_SECONDS = 60;

/**
 * Nothing else outlasts a failover of a minute, or a function that is not ready. They take a quarter of the pages of an execution, which costs a
 * transition for every 450 pages.
 */
export const READ_ATTEMPTS = { attempts: 4, serviceAttempts: 5 };

/** The `progress` to start a run with that goes on there, counting from zero; arguments are a path to the root and one to the cursor. */
function resumableProgress(root: string, cursor: string): string {
  const template = '\\{"root":{},"cursor":{},"pages":0,"items":0,"segments":0\\}';
  return `States.Format('${template}', States.JsonToString(${root}), States.JsonToString(${cursor}))`;
}

/**
 * A segment of a run that restarts itself: walks pages until its history is used, starts the next segment, and ends.
 *
 *     Check Input ─► Start Run ─► Start Segment ─► Read Page ─► Process Page ─► Check For More Data ─► Success
 *                                                  ▲                            │          │
 *                                                  └────────────────────────────┘          ▼
 *                                                                       Prepare Next Segment ─► Start Next Segment
 *
 * A page that fails fails the execution in its Task, and a redrive goes on there. Nobody counts the events of a redrive, so a segment that
 * was redriven ends after the page.
 */
export function selfRestartMachine(props: RunContinuationProps, process: ProcessPageStates, pagesPerExecution: number): AslMachine {
  return {
    QueryLanguage: 'JSONPath',
    StartAt: 'Check Input',
    States: {
      ...runInputStates({
        props,
        start: { Type: 'Pass', Parameters: segmentInput(noProgress(props)), Next: 'Start Segment' },
        resume: {
          Type: 'Pass',
          Parameters: segmentInput({
            'root.$': '$.progress.root',
            'cursor.$': '$.progress.cursor',
            'pages.$': '$.progress.pages',
            'items.$': '$.progress.items',
            'segments.$': '$.progress.segments',
          }),
          Next: 'Start Segment',
        },
        rules: [{
          Comment: 'Too many items were counted',
          And: [{ Variable: '$.progress', IsPresent: true }, { Variable: '$.progress.items', NumericGreaterThan: MAX_COUNT - pagesPerExecution * props.transport.maxPageItems }],
          Next: 'Run Too Long',
        }],
      }),
      'Run Too Long': { Type: 'Fail', Error: PagedBatchEtlErrorName.RUN_TOO_LONG, CausePath: resumableProgress('$.progress.root', '$.progress.cursor') },
      'Start Segment': { Type: 'Pass', Assign: startOfLoop('$$.Execution.Id', pagesPerExecution), Next: PageState.READ },
      ...pageStates({
        props,
        readPage: props.transport.readPage,
        process,
        catchers: [],
        readAttempts: READ_ATTEMPTS,
        rules: [
          { ...IS_DONE, Comment: 'No page is left', Next: 'Success' },
          {
            Comment: 'The history is used up (or the execution was redriven)',
            Or: [IS_LAST_PAGE, { Variable: '$$.Execution.RedriveCount', NumericGreaterThan: 0 }],
            Next: 'Prepare Next Segment',
          },
        ],
      }),
      'Success': { Type: 'Pass', Parameters: totals(PROGRESS_AFTER), End: true },
      [PageState.NOTHING_LEFT]: { Type: 'Pass', Parameters: totals(PROGRESS_BEFORE), End: true },
      ...(process.failures !== undefined ? { [PageState.FAILED]: failedByAnswer() } : {}),
      'Prepare Next Segment': { Type: 'Pass', Parameters: { progress: PROGRESS_AFTER }, Next: 'Start Next Segment' },
      'Start Next Segment': {
        Type: 'Task',
        Resource: `arn:${Aws.PARTITION}:states:::states:startExecution`,
        Parameters: {
          // The machine's own ARN would make it depend on itself.
          'StateMachineArn.$': '$$.StateMachine.Id',
          'Name.$': "States.Format('{}-{}', States.Hash($execution, 'SHA-1'), $.progress.segments)",
          'Input.$': 'States.JsonMerge($parameters, $, false)',
        },
        TimeoutSeconds: START_EXECUTION_TIMEOUT_SECONDS,
        ResultSelector: { 'continuedBy.$': '$.ExecutionArn' },
        Retry: START_EXECUTION_RETRIES,
        // It was started before, and the answer got lost.
        Catch: [{ ErrorEquals: EXECUTION_ALREADY_EXISTS, ResultPath: null, Next: 'Already Continued' }],
        End: true,
      },
      'Already Continued': { Type: 'Pass', Parameters: { continuedBy: null }, End: true },
    },
  };
}

/** A redrive cannot leave a Fail state, so the cause says how to go on at the page: first, because a long cause may lose its end. */
function failedByAnswer(): AslFail {
  const template = 'To process this page again, start a run with "progress": {}. {}';
  return { Type: 'Fail', ErrorPath: '$.Error', CausePath: `States.Format('${template}', ${resumableProgress('$root', '$cursor')}, $.Cause)` };
}

import { Aws } from 'aws-cdk-lib';
import { RunContinuationProps } from './binding';
import { NO_OUTAGE, OUTAGE_AFTER_REDRIVE, outageStates } from './outage';
import { runInputStates } from './run-input';
import { AslCondition, AslMachine } from '../../private/synth/asl';
import { AslTemplate } from '../../private/synth/asl-template';
import { PagedBatchEtlErrorName } from '../contracts/error-names';
import { SegmentInput, SegmentOutput, StartedSegmentInput } from '../contracts/segment';
import { totals } from '../workflow/page-states';
import { EXECUTION_ALREADY_EXISTS, MAX_NAMES_TAKEN, START_EXECUTION_RETRIES } from '../workflow/task-retry';

/** The state that begins the loop over segments. */
export const RUN_SEGMENT = 'Run Segment';

/** The state that is reached only when a segment's name is taken: after a redrive. */
const START_AGAIN = 'Start Again';

/** As long as an execution may take at all. Source: Step Functions quotas. */
const LONGEST_EXECUTION_SECONDS = 365 * 86_400;

export interface RunMachine {
  readonly machine: AslMachine;
  /** States whose events are no part of the loop over segments: those that only a redrive or an outage leads to. */
  readonly besideLoop: readonly string[];
}

export interface RunMachineOptions {
  readonly segmentArn: string;
  readonly maxSegments: number;
  /** Items after which there is no room to count those of another segment; absent where all segments together cannot have them. */
  readonly maxItemsBefore?: number;
  /** Of `outageWaits`. */
  readonly waits: readonly number[];
}

/**
 * A run: one segment after another, each an execution of its own.
 *
 *     Check Input ─► Start Run ─► Run Segment ─► Check For More Data ─► Success
 *                                 │ ▲     ▲               │
 *    Check Attempts ◄ Start Again ◄─┘ │     ├───────────────┤
 *          └──────────────────────────┘     └─ Wait For Recovery
 *
 * Its state is nothing but a `SegmentInput`, which a redrive preserves. The name of a segment's execution is taken only after a redrive, by the
 * one that failed or was stopped: then the segment is started under another name, at the page where it was to begin.
 */
export function runMachine(props: RunContinuationProps, { segmentArn, maxSegments, maxItemsBefore, waits }: RunMachineOptions): RunMachine {
  const isLastOfHistory: AslCondition = { Variable: '$.progress.segments', NumericGreaterThanEquals: maxSegments };
  const isLastSegment: AslCondition = maxItemsBefore === undefined
    ? isLastOfHistory : { Or: [isLastOfHistory, { Variable: '$.progress.items', NumericGreaterThan: maxItemsBefore }] };
  const outage = outageStates({
    waits,
    timedOutReadsRunOn: props.timedOutReadsRunOn,
    writesLetters: props.tolerance !== undefined,
    hasSegmentsLeft: { Not: isLastSegment },
    next: RUN_SEGMENT,
  });
  const machine: AslMachine = {
    QueryLanguage: 'JSONPath',
    StartAt: 'Check Input',
    States: {
      // The counts of a run that goes on where another one ended are its own, so that it may have as many segments.
      ...runInputStates({
        props, next: RUN_SEGMENT, outage: NO_OUTAGE, resumed: { 'root.$': '$.progress.root', 'cursor.$': '$.progress.cursor', 'pages': 0, 'items': 0, 'segments': 0 },
      }),
      [RUN_SEGMENT]: {
        Type: 'Task',
        Resource: `arn:${Aws.PARTITION}:states:::states:startExecution.sync:2`,
        Parameters: {
          'StateMachineArn': segmentArn,
          'Name.$': "States.Format('{}-{}-{}', States.Hash($$.Execution.Id, 'SHA-1'), $.progress.segments, $.attempt)",
          'Input': {
            'AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID.$': '$$.Execution.Id',
            'parameters.$': '$.parameters',
            'progress.$': '$.progress',
            'failure.$': '$.failure',
            'attempt.$': '$.attempt',
            'outage.$': '$.outage',
          } satisfies AslTemplate<StartedSegmentInput>,
        },
        TimeoutSeconds: LONGEST_EXECUTION_SECONDS,
        ResultSelector: {
          'parameters.$': '$.Input.parameters',
          // Segments of a policy that tolerates no failure know nothing of their count.
          'progress.$': props.tolerance === undefined ? '$.Output.progress' : 'States.JsonMerge($.Input.progress, $.Output.progress, false)',
          'done.$': '$.Output.done',
          'failure.$': '$.Output.failure',
          'attempt': 0,
          'outage.$': '$.Input.outage',
        } satisfies AslTemplate<SegmentInput & Pick<SegmentOutput, 'done'>>,
        Retry: START_EXECUTION_RETRIES,
        Catch: [{ ErrorEquals: EXECUTION_ALREADY_EXISTS, ResultPath: null, Next: START_AGAIN }],
        Next: 'Check For More Data',
      },
      [START_AGAIN]: {
        Type: 'Pass',
        Parameters: {
          'parameters.$': '$.parameters',
          'progress.$': '$.progress',
          'failure': null,
          'attempt.$': 'States.MathAdd($.attempt, 1)',
          'outage': OUTAGE_AFTER_REDRIVE,
        } satisfies AslTemplate<SegmentInput>,
        Next: 'Check Attempts',
      },
      'Check Attempts': {
        Type: 'Choice',
        Comment: 'Default: try another name',
        Choices: [{ Comment: 'Names are taken again and again', Variable: '$.attempt', NumericGreaterThan: MAX_NAMES_TAKEN, Next: 'Segment Not Followed' }],
        Default: RUN_SEGMENT,
      },
      'Check For More Data': {
        Type: 'Choice',
        Comment: 'Default: pages are left (or a failure is to be reported)',
        Choices: [
          { Comment: 'No page is left', Variable: '$.done', BooleanEquals: true, Next: 'Success' },
          // A failure is reported first, so that it can be redriven.
          { Comment: 'No segment is left', And: [{ Variable: '$.failure', IsNull: true }, isLastSegment], Next: 'Run Too Long' },
          ...outage.rules,
        ],
        Default: RUN_SEGMENT,
      },
      ...outage.states,
      'Success': {
        Type: 'Pass',
        Parameters: totals({
          'items.$': '$.progress.items', ...props.tolerance && { 'failed.$': '$.progress.failed' }, 'pages.$': '$.progress.pages', 'segments.$': '$.progress.segments',
        }),
        End: true,
      },
      'Segment Not Followed': { Type: 'Fail', Error: PagedBatchEtlErrorName.EXECUTION_NOT_FOLLOWED, CausePath: 'States.JsonToString($.progress)' },
      'Run Too Long': { Type: 'Fail', Error: PagedBatchEtlErrorName.RUN_TOO_LONG, CausePath: 'States.JsonToString($.progress)' },
    },
  };
  return { machine, besideLoop: [START_AGAIN, ...outage.names] };
}

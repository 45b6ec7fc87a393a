import { Aws } from 'aws-cdk-lib';
import { RunContinuationProps } from './binding';
import { OUTAGE_AFTER_REDRIVE, outageStates } from './outage';
import { AslCondition, AslObject, AslState } from '../../private/synth/asl';
import { AslTemplate } from '../../private/synth/asl-template';
import { OUTAGE_LEDGER_ERRORS, OUTAGE_LETTER_ERRORS, PagedBatchEtlErrorName } from '../contracts/error-names';
import { SegmentInput, SegmentOutput, StartedSegmentInput } from '../contracts/segment';
import { EXECUTION_ALREADY_EXISTS, MAX_NAMES_TAKEN, START_EXECUTION_RETRIES } from '../workflow/task-retry';

/** The state that begins the loop over segments. */
export const RUN_SEGMENT = 'Run Segment';

/** The state that is reached only when a segment's name is taken: after a redrive. */
const START_AGAIN = 'Start Again';

const NOT_FOLLOWED = 'Segment Not Followed';

/** As long as an execution may take at all. Source: Step Functions quotas. */
const LONGEST_EXECUTION_SECONDS = 365 * 86_400;

export interface SegmentLoopOptions {
  readonly props: RunContinuationProps;
  readonly segmentArn: string;
  /** Of `outageWaits`. */
  readonly waits: readonly number[];
  /** Names the execution of a segment: another name for every segment and attempt. */
  readonly executionName: `States.${string}`;
  /** Members of the state beside those of a `SegmentInput`, which the loop hands on. */
  readonly carried?: readonly string[];
  /** Holds where there is room for no other segment. */
  readonly isLastSegment: AslCondition;
  /** State that follows when no page is left. */
  readonly done: string;
  /** State that follows when pages are left, and no segment is. */
  readonly noSegmentLeft: string;
}

export interface SegmentLoop {
  readonly states: Readonly<Record<string, AslState>>;
  /** Where it can fail by itself. */
  readonly failures: Readonly<Record<string, AslState>>;
  /** States whose events are no part of the loop: those that only a redrive or an outage leads to. */
  readonly besideLoop: readonly string[];
}

/**
 * One segment after another, each an execution of its own:
 *
 *                     Run Segment ─► Check For More Data ─► (done)
 *                     │ ▲     ▲               │
 *    Check Attempts ◄ Start Again ◄─┘     ├───────────────┤
 *          └────────────┘     └─ Wait For Recovery
 *
 * Its state is nothing but a `SegmentInput`, which a redrive preserves. The name of a segment's execution is taken only after a redrive, by the
 * one that failed or was stopped: then the segment is started under another name, at the page where it was to begin.
 */
export function segmentLoop(options: SegmentLoopOptions): SegmentLoop {
  const { props, segmentArn, waits, executionName, carried = [], isLastSegment, done, noSegmentLeft } = options;
  const carriedFrom = (path: string): AslObject => Object.fromEntries(carried.map((name) => [`${name}.$`, `${path}.${name}`]));
  const outage = outageStates({
    waits,
    timedOutReadsRunOn: props.timedOutReadsRunOn,
    errors: [...props.tolerance === undefined ? [] : OUTAGE_LETTER_ERRORS, ...props.ledger === undefined ? [] : OUTAGE_LEDGER_ERRORS],
    hasSegmentsLeft: { Not: isLastSegment },
    carried: carriedFrom('$'),
    next: RUN_SEGMENT,
  });
  const input = {
    'AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID.$': '$$.Execution.Id',
    'parameters.$': '$.parameters',
    'progress.$': '$.progress',
    'failure.$': '$.failure',
    'attempt.$': '$.attempt',
    'outage.$': '$.outage',
  } satisfies AslTemplate<StartedSegmentInput>;
  const answer = {
    'parameters.$': '$.Input.parameters',
    // Segments of a policy that tolerates no failure know nothing of their count.
    'progress.$': props.tolerance === undefined ? '$.Output.progress' : 'States.JsonMerge($.Input.progress, $.Output.progress, false)',
    'done.$': '$.Output.done',
    'failure.$': '$.Output.failure',
    'attempt': 0,
    'outage.$': '$.Input.outage',
  } satisfies AslTemplate<SegmentInput & Pick<SegmentOutput, 'done'>>;
  const again = {
    'parameters.$': '$.parameters',
    'progress.$': '$.progress',
    'failure': null,
    'attempt.$': 'States.MathAdd($.attempt, 1)',
    'outage': OUTAGE_AFTER_REDRIVE,
  } satisfies AslTemplate<SegmentInput>;
  const states: Record<string, AslState> = {
    [RUN_SEGMENT]: {
      Type: 'Task',
      Resource: `arn:${Aws.PARTITION}:states:::states:startExecution.sync:2`,
      Parameters: { 'StateMachineArn': segmentArn, 'Name.$': executionName, 'Input': { ...input, ...carriedFrom('$') } },
      TimeoutSeconds: LONGEST_EXECUTION_SECONDS,
      ResultSelector: { ...answer, ...carriedFrom('$.Input') },
      Retry: START_EXECUTION_RETRIES,
      Catch: [{ ErrorEquals: EXECUTION_ALREADY_EXISTS, ResultPath: null, Next: START_AGAIN }],
      Next: 'Check For More Data',
    },
    [START_AGAIN]: { Type: 'Pass', Parameters: { ...again, ...carriedFrom('$') }, Next: 'Check Attempts' },
    'Check Attempts': {
      Type: 'Choice',
      Comment: 'Default: try another name',
      Choices: [{ Comment: 'Names are taken again and again', Variable: '$.attempt', NumericGreaterThan: MAX_NAMES_TAKEN, Next: NOT_FOLLOWED }],
      Default: RUN_SEGMENT,
    },
    'Check For More Data': {
      Type: 'Choice',
      Comment: 'Default: pages are left (or a failure is to be reported)',
      Choices: [
        { Comment: 'No page is left', Variable: '$.done', BooleanEquals: true, Next: done },
        // A failure is reported first, so that it can be redriven.
        { Comment: 'No segment is left', And: [{ Variable: '$.failure', IsNull: true }, isLastSegment], Next: noSegmentLeft },
        ...outage.rules,
      ],
      Default: RUN_SEGMENT,
    },
    ...outage.states,
  };
  const failures: Record<string, AslState> = {
    [NOT_FOLLOWED]: { Type: 'Fail', Error: PagedBatchEtlErrorName.EXECUTION_NOT_FOLLOWED, CausePath: 'States.JsonToString($.progress)' },
  };
  return { states, failures, besideLoop: [START_AGAIN, ...outage.names] };
}

import { RunContinuationProps } from './binding';
import { itemEstimate } from './item-estimate';
import { NO_OUTAGE } from './outage';
import { noProgress, nothingFailed, runInputStates, segmentInput } from './run-input';
import { RUN_SEGMENT, segmentLoop } from './segment-loop';
import { AslCondition, AslMachine, AslState } from '../../private/synth/asl';
import { AslTemplate } from '../../private/synth/asl-template';
import { PagedBatchEtlErrorName } from '../contracts/error-names';
import { Progress, SegmentInput } from '../contracts/segment';
import {
  BESIDE_WINDOW, FIND_RUN, NO_WINDOW, RELEASE_WINDOW, releaseWindow, RESUMED_LEDGER, RESUMES_RUN, TAKE_WINDOW, takeWindowStates,
} from '../run-ledger/ledger-states';
import { totals } from '../workflow/page-states';

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
 * A run:
 *
 *     Check Input ─► Start Run ─► (the loop of `segmentLoop`) ─► Success
 */
export function runMachine(props: RunContinuationProps, { segmentArn, maxSegments, maxItemsBefore, waits }: RunMachineOptions): RunMachine {
  const isLastOfHistory: AslCondition = { Variable: '$.progress.segments', NumericGreaterThanEquals: maxSegments };
  const isLastSegment = orTooMany(isLastOfHistory, maxItemsBefore);
  const { ledger } = props;
  const all = { ...TOTALS, ...props.tolerance && { 'failed.$': '$.progress.failed' } };
  const [begins, ends] = ledger === undefined ? [RUN_SEGMENT, 'Success'] : [TAKE_WINDOW, RELEASE_WINDOW];
  const started = ledger === undefined ? {} : NO_WINDOW;
  const estimate = itemEstimate(props, '$.progress.root', RUN_SEGMENT, { where: { Variable: '$.progress.cursor', IsNull: false }, next: RUN_SEGMENT });
  const loop = segmentLoop({
    props,
    segmentArn,
    waits,
    executionName: "States.Format('{}-{}-{}', States.Hash($$.Execution.Id, 'SHA-1'), $.progress.segments, $.attempt)",
    ...ledger !== undefined && { carried: ['ledger'] },
    isLastSegment,
    done: ends,
    noSegmentLeft: 'Run Too Long',
  });
  const machine: AslMachine = {
    QueryLanguage: 'JSONPath',
    StartAt: 'Check Input',
    States: {
      // The counts of a run that goes on where another one ended are its own, so that it may have as many segments.
      ...runInputStates({
        props,
        first: ledger === undefined ? [] : [RESUMES_RUN],
        start: { Type: 'Pass', Parameters: { ...segmentInput(noProgress(props), NO_OUTAGE), ...started }, Next: begins },
        resume: {
          Type: 'Pass',
          Parameters: {
            ...segmentInput({
              'root.$': '$.progress.root', 'cursor.$': '$.progress.cursor', 'pages': 0, 'items': 0, 'segments': 0, ...nothingFailed(props),
            }, NO_OUTAGE),
            ...started,
          },
          Next: begins,
        },
      }),
      ...ledger !== undefined && {
        ...FIND_RUN, ...takeWindowStates(ledger, { ...estimate, resumed: resumedWindow(props), divided: false }), ...estimate.states, [RELEASE_WINDOW]: releaseWindow(ledger, all, 'Success'),
      },
      ...loop.states,
      'Success': {
        Type: 'Pass',
        Parameters: totals(all),
        End: true,
      },
      ...loop.failures,
      'Run Too Long': { Type: 'Fail', Error: PagedBatchEtlErrorName.RUN_TOO_LONG, CausePath: 'States.JsonToString($.progress)' },
    },
  };
  return { machine, besideLoop: [...loop.besideLoop, ...ledger === undefined ? [] : BESIDE_WINDOW] };
}

/** The state of a run that goes on with another one, as the ledger knows it. */
function resumedWindow(props: RunContinuationProps): AslState {
  const progress = {
    'root.$': '$.ledger.resumed.root', 'cursor.$': '$.ledger.resumed.ranges[0].cursor', 'pages': 0, 'items': 0, 'segments': 0, ...nothingFailed(props),
  } satisfies AslTemplate<Progress>;
  const input = {
    'parameters.$': '$.ledger.resumed.parameters', progress, 'failure': null, 'attempt': 0, 'outage': NO_OUTAGE,
  } satisfies AslTemplate<SegmentInput>;
  return { Type: 'Pass', Parameters: { ...input, ledger: RESUMED_LEDGER }, Next: RUN_SEGMENT };
}

const TOTALS = { 'items.$': '$.progress.items', 'pages.$': '$.progress.pages', 'segments.$': '$.progress.segments' } as const;

/** The same, or that the items of another segment could not be counted. */
export function orTooMany(isLast: AslCondition, maxItemsBefore: number | undefined): AslCondition {
  return maxItemsBefore === undefined ? isLast : { Or: [isLast, { Variable: '$.progress.items', NumericGreaterThan: maxItemsBefore }] };
}

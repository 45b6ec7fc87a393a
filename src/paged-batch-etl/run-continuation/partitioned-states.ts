import { RunContinuationProps } from './binding';
import { itemEstimate } from './item-estimate';
import { NO_OUTAGE } from './outage';
import { planRanges } from './range-plan';
import { DEFAULTS, runInputStates, WITH_DEFAULTS } from './run-input';
import { orTooMany } from './run-states';
import { RUN_SEGMENT, segmentLoop } from './segment-loop';
import { AslCondition, AslExpression, AslGraph, AslMachine, AslMap, AslObject, AslRule, AslState } from '../../private/synth/asl';
import { AslTemplate } from '../../private/synth/asl-template';
import { FailureLimits } from '../contracts/collect-failures';
import { PagedBatchEtlErrorName } from '../contracts/error-names';
import { RangeProgress } from '../contracts/plan-ranges';
import { SegmentLedger } from '../contracts/run-ledger';
import { RangeInput, SegmentInput } from '../contracts/segment';
import { PartitionParts } from '../partitions/binding';
import {
  AfterWindow, FIND_RUN, finishRange, NO_WINDOW, recordPlan, RELEASE_WINDOW, releaseWindow, RESUMED_LEDGER, RESUMES_RUN, TAKE_WINDOW,
  takeWindowStates,
} from '../run-ledger/ledger-states';
import { totals } from '../workflow/page-states';

const PLAN_RANGES = 'Plan Ranges';
const RECORD_PLAN = 'Record Plan';

/** The state in an iteration that follows the last page of its range. */
const RANGE_DONE = 'Range Done';
const FINISH_RANGE = 'Finish Range';

/** The state whose iterations are the ranges. */
export const RUN_RANGES = 'Run Ranges';

export interface PartitionedMachineOptions {
  readonly partitions: PartitionParts;
  readonly segmentArn: string;
  /** Segments that the history of a run has room for, all ranges together. */
  readonly maxSegments: number;
  /** Items of a range after which there is no room to count those of another segment; absent where it cannot have them. */
  readonly maxItemsBefore?: number;
  /** Of `outageWaits`. */
  readonly waits: readonly number[];
}

/**
 * A run whose ranges are processed side by side:
 *
 *     Check Input ─► Start Run ─► Plan Ranges ─► Run Ranges ─► Sum Ranges ─► Check Ranges ─► Success
 *                                                ▲                           │
 *                                                └───────────────────────────┘
 *
 * The Map iterates over the loop of `segmentLoop`, so that the place of a range is data of its iteration, which a redrive preserves. The history of the run has
 * room for a number of segments. Each range may first have the same share of them; what ranges leave over is then shared by those that are not at their end. So
 * one range with most of the items has most of the history.
 */
export function partitionedMachine(props: RunContinuationProps, options: PartitionedMachineOptions): AslMachine {
  const { partitions } = options;
  const limits = props.tolerance?.limits;
  const { ledger } = props;
  const all = { ...TOTALS, ...limits && { 'failed.$': '$.totals.failed' } };
  const round = { ...firstRound(options), ...ledger !== undefined && NO_WINDOW };
  const estimate = itemEstimate(props, '$.root', PLAN_RANGES, { where: { Variable: '$.plan', IsPresent: true }, next: RECORD_PLAN });
  const after: AfterWindow = { ...estimate, resumed: resumedWindow(options), divided: true };
  // Which ranges are left, whoever made them, is not looked at before the run has its window.
  const [planned, resumes] = ledger === undefined ? [PLAN_RANGES, RUN_RANGES] : [TAKE_WINDOW, TAKE_WINDOW];
  return {
    QueryLanguage: 'JSONPath',
    StartAt: 'Check Input',
    States: {
      ...runInputStates({
        props,
        first: ledger === undefined ? [] : [RESUMES_RUN],
        start: { Type: 'Pass', Parameters: { ...WITH_DEFAULTS, 'root.$': '$$.Execution.Id', ...round }, Next: planned },
        resume: resumed(round, resumes),
        otherProgress: {
          member: 'ranges',
          wellFormed: { And: [{ Variable: '$.progress.ranges[0].number', IsPresent: true }, { Variable: '$.progress.ranges[0].number', IsNumeric: true }] },
        },
      }),
      ...ledger !== undefined && {
        ...FIND_RUN,
        ...takeWindowStates(ledger, after),
        ...estimate.states,
        [RECORD_PLAN]: recordPlan(ledger, RUN_RANGES),
        [RELEASE_WINDOW]: releaseWindow(ledger, all, 'Success'),
      },
      [PLAN_RANGES]: planRanges(props, partitions.rule, options.waits, ledger === undefined ? RUN_RANGES : RECORD_PLAN),
      [RUN_RANGES]: runRanges(props, options),
      'Sum Ranges': sumRanges(options.maxSegments, ledger === undefined ? '' : KEPT_LEDGER),
      'Check Ranges': {
        Type: 'Choice',
        Comment: 'Default: ranges have pages left',
        Choices: [
          ...(limits === undefined ? [] : tooManyFailed(limits)),
          { Comment: 'No page is left', Variable: '$.plan.ranges[0]', IsPresent: false, Next: ledger === undefined ? 'Success' : RELEASE_WINDOW },
          { Comment: 'No segment is left', Variable: '$.share', NumericLessThan: 1, Next: 'Run Too Long' },
        ],
        Default: RUN_RANGES,
      },
      'Success': {
        Type: 'Pass',
        Parameters: totals(all),
        End: true,
      },
      ...limits && {
        [TOO_MANY_FAILED]: { Type: 'Fail', Error: PagedBatchEtlErrorName.TOO_MANY_FAILED_ITEMS, CausePath: failedCause(limits) },
      },
      'Run Too Long': { Type: 'Fail', Error: PagedBatchEtlErrorName.RUN_TOO_LONG, CausePath: ledger === undefined ? PROGRESS_OF_RANGES : RESUME },
    },
  };
}

const TOO_MANY_FAILED = 'Too Many Failed';

/** Each range looks at its own count only, and a share is known at the end only. */
function tooManyFailed({ items, percentage }: FailureLimits): AslRule[] {
  const rule = (comment: string, name: keyof FailureLimits, most: number | null): AslRule[] => (
    most === null ? [] : [{ Comment: comment, Variable: `$.failed.${name}`, NumericGreaterThan: most, Next: TOO_MANY_FAILED }]);
  return [...rule('Too many items failed', 'items', items), ...rule('Too large a share of the items failed', 'percentage', percentage)];
}

function failedCause({ items, percentage }: FailureLimits): string {
  const allowed = [...items === null ? [] : [`${items} items`], ...percentage === null ? [] : [`${percentage} percent`]].join(' and ');
  return `States.Format('Items that failed: {}; the run tolerates at most ${allowed}. Items that were processed: {}', $.failed.items, $.totals.items)`;
}

const TOTALS = { 'items.$': '$.totals.items', 'pages.$': '$.totals.pages', 'segments.$': '$.totals.segments' } as const;

/** What an iteration of Run Ranges is made of. */
export function rangeLoop(
  props: RunContinuationProps, { segmentArn, waits, maxItemsBefore }: Omit<PartitionedMachineOptions, 'partitions' | 'maxSegments'>,
): { readonly graph: AslGraph; readonly besideLoop: readonly string[] } {
  const range = { ...RANGE, ...(props.tolerance === undefined ? NONE_FAILED : FAILED) };
  const { ledger } = props;
  const done = ledger === undefined ? RANGE_DONE : FINISH_RANGE;
  const isLastOfShare: AslCondition = { Variable: '$.progress.segments', NumericGreaterThanEqualsPath: '$.range.lastSegment' };
  const loop = segmentLoop({
    props,
    segmentArn,
    waits,
    executionName: "States.Format('{}-{}-{}-{}', States.Hash($$.Execution.Id, 'SHA-1'), $.range.number, $.progress.segments, $.attempt)",
    carried: ledger === undefined ? ['range'] : ['range', 'ledger'],
    isLastSegment: orTooMany(isLastOfShare, maxItemsBefore),
    done,
    noSegmentLeft: 'Range Paused',
  });
  return {
    besideLoop: loop.besideLoop,
    graph: {
      StartAt: RUN_SEGMENT,
      States: {
        ...loop.states,
        ...loop.failures,
        ...ledger !== undefined && { [FINISH_RANGE]: finishRange(ledger, { ...RANGE_TOTALS, ...props.tolerance && FAILED }, RANGE_DONE) },
        // Where it ended is of no use, and takes room.
        [RANGE_DONE]: { Type: 'Pass', Parameters: { done: true, ...range, cursor: null } satisfies AslTemplate<RangeEnd>, End: true },
        'Range Paused': { Type: 'Pass', Parameters: { 'done': false, ...range, 'cursor.$': '$.progress.cursor' } satisfies AslTemplate<RangeEnd>, End: true },
      },
    },
  };
}

/** What an iteration leaves. */
interface RangeEnd extends RangeProgress {
  readonly done: boolean;
}

const NONE_FAILED = { failed: 0 } as const;
const FAILED = { 'failed.$': '$.progress.failed' } as const;

const RANGE_TOTALS = { 'pages.$': '$.progress.pages', 'items.$': '$.progress.items', 'segments.$': '$.progress.segments' } as const;

const RANGE = { 'number.$': '$.range.number', ...RANGE_TOTALS } as const;

/** Of every round of a run, one segment is for the Map itself, and one for each of its iterations: each has fewer events than a segment. */
function firstRound({ partitions: { ranges }, maxSegments }: PartitionedMachineOptions): AslObject {
  return { totals: { items: 0, failed: 0, pages: 0, segments: 0 }, rounds: 0, share: shareOf(maxSegments, ranges) };
}

/** Segments that each range may have in the first round. */
export function shareOf(maxSegments: number, ranges: number): number {
  return Math.floor((maxSegments - 1 - ranges) / ranges);
}

function runRanges(props: RunContinuationProps, options: PartitionedMachineOptions): AslMap {
  const item = (name: keyof RangeProgress) => `$$.Map.Item.Value.${name}` as const;
  const range: AslTemplate<RangeInput> = { 'number.$': item('number'), 'lastSegment.$': `States.MathAdd(${item('segments')}, $.share)` };
  const ledger: AslTemplate<SegmentLedger> = { 'window.$': '$.ledger.window', 'range.$': item('number'), 'estimate.$': '$.ledger.estimate' };
  const segment = {
    'parameters.$': '$.parameters',
    'progress': {
      'root.$': '$.root',
      'cursor.$': item('cursor'),
      'pages.$': item('pages'),
      'items.$': item('items'),
      'segments.$': item('segments'),
      ...props.tolerance && { 'failed.$': item('failed') },
    },
    'failure': null,
    'attempt': 0,
    'outage': NO_OUTAGE,
  } satisfies AslTemplate<SegmentInput>;
  return {
    Type: 'Map',
    ItemsPath: '$.plan.ranges',
    MaxConcurrency: options.partitions.workers,
    ItemSelector: { ...segment, range, ...props.ledger !== undefined && { ledger } },
    ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, ...rangeLoop(props, options).graph },
    ResultPath: '$.plan.ranges',
    Next: 'Sum Ranges',
  };
}

/**
 * Goes on where another run ended. The progress of one that was not divided is a single range, without bounds, that counts from zero; that of ranges is not kept beside
 * them, for which the state would have no room. In JSONata, because JSONPath
 * cannot say what stands for something that may be missing.
 */
function resumed(round: AslObject, next: string): AslExpression {
  const ranges = `$exists($in.progress.ranges) ? $in.progress.ranges : [{
    'number': 0, 'cursor': $in.progress.cursor, 'pages': 0, 'items': 0, 'failed': 0, 'segments': 0
  }]`;
  return {
    Type: 'Pass',
    QueryLanguage: 'JSONata',
    Output: expression(`(
      $in := $states.input;
      $kept := $exists($in.progress.ranges) ? $sift($in, function($value, $name) { $name != 'progress' }) : $in;
      $merge([
        { 'parameters': $merge([${DEFAULTS}, $kept]), 'root': $in.progress.root, 'plan': { 'ranges': ${ranges} } },
        ${JSON.stringify(round)}
      ])
    )`),
    Next: next,
  };
}

/** Goes on with the ranges that another run left, as the ledger knows them. */
function resumedWindow(options: PartitionedMachineOptions): AslState {
  const run = {
    'parameters.$': '$.ledger.resumed.parameters', 'root.$': '$.ledger.resumed.root', 'plan': { 'ranges.$': '$.ledger.resumed.ranges' }, ...firstRound(options),
  };
  return { Type: 'Pass', Parameters: { ...run, ledger: RESUMED_LEDGER }, Next: RUN_RANGES };
}

/** An expression of JSONata, written over several lines. */
function expression(text: string): string {
  return `{% ${text.replace(/\s+/g, ' ')} %}`;
}

/**
 * Adds the ranges that are done to the totals, and shares the segments that are left among the others. In JSONata, because no intrinsic function adds up a list.
 */
function sumRanges(maxSegments: number, kept: string): AslExpression {
  return {
    Type: 'Pass',
    QueryLanguage: 'JSONata',
    Output: expression(`(
      $in := $states.input;
      $done := $in.plan.ranges[done];
      $left := [$in.plan.ranges[$not(done)]];
      $totals := {
        'items': $in.totals.items + $sum([$done.items]),
        'failed': $in.totals.failed + $sum([$done.failed]),
        'pages': $in.totals.pages + $sum([$done.pages]),
        'segments': $in.totals.segments + $sum([$done.segments])
      };
      $rounds := $in.rounds + 1 + $count($in.plan.ranges);
      $rest := ${maxSegments} - $rounds - $totals.segments - $sum([$left.segments]);
      $count($left) = 0
        ? {
          ${kept}'parameters': $in.parameters, 'root': $in.root, 'plan': { 'ranges': [] }, 'totals': $totals, 'rounds': $rounds, 'share': 0,
          'failed': { 'items': $totals.failed, 'percentage': $totals.failed = 0 ? 0 : $totals.failed * 100 / ($totals.failed + $totals.items) }
        }
        : {
          ${kept}'parameters': $in.parameters, 'root': $in.root, 'plan': { 'ranges': $left }, 'totals': $totals, 'rounds': $rounds,
          'share': $floor(($rest - 1 - $count($left)) / $count($left)),
          'failed': { 'items': $totals.failed + $sum([$left.failed]), 'percentage': 0 }
        }
    )`),
    Next: 'Check Ranges',
  };
}

/** A member of the state, in JSONata. */
const KEPT_LEDGER = "'ledger': $in.ledger, ";

/** A cause has 32 KiB, which the progress of many ranges can exceed; a ledger knows all of it. */
const RESUME = "States.Format('Data is left. Start a run with \\{\"resume\":\"{}\"\\}', $$.Execution.Id)";

/** The `progress` to start a run with that goes on there. */
const PROGRESS_OF_RANGES = "States.Format('\\{\"root\":{},\"ranges\":{}\\}', States.JsonToString($.root), States.JsonToString($.plan.ranges))";


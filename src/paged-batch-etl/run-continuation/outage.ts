import { Duration } from 'aws-cdk-lib';
import { AslCondition, AslObject, AslRule, AslState } from '../../private/synth/asl';
import { AslTemplate } from '../../private/synth/asl-template';
import { checkSeconds, refuseToken, theDefaultIs } from '../../private/synth/validation';
import { OUTAGE_SOURCE_ERRORS, PagedBatchEtlErrorName } from '../contracts/error-names';
import { Outage, SegmentInput } from '../contracts/segment';
import { LAMBDA_SERVICE_ERRORS, START_EXECUTION_ERRORS, START_SYNC_EXECUTION_ERRORS } from '../workflow/task-retry';

const DEFAULT_TOLERANCE = Duration.minutes(30);

/** With what follows the last of these, a day takes fewer waits than `MAX_WAITS`. */
export const LONGEST_TOLERANCE = Duration.hours(24);

/** Seconds of the first waits; the last of them is repeated. */
const WAITS = [1, 2, 5, 10, 15].map((minutes) => minutes * 60);

/** A run waits no more often than this in all, so that its history has room for its waits and its redrives. */
export const MAX_WAITS = 100;

/**
 * As long as a read that timed out may go on inside DocumentDB. Source: Amazon DocumentDB developer guide, "Functional differences": `maxTimeMS` is
 * checked once in five minutes.
 */
const ABANDONED_READ_SECONDS = 300;

/**
 * Errors that an outage of the source or of an AWS service shows itself by. That a function of the user's failed is not among them: a mistake in it is
 * to be reported at once.
 */
const OUTAGE_ERRORS: readonly string[] = [
  ...OUTAGE_SOURCE_ERRORS, ...LAMBDA_SERVICE_ERRORS, ...START_EXECUTION_ERRORS, ...START_SYNC_EXECUTION_ERRORS,
];

/** No outage yet: pages are counted from 0. */
export const NO_OUTAGE = { page: -1, waits: 0, total: 0, seconds: 0 } satisfies Outage;

/** After a redrive the outage counts as a new one. The history still holds the waits before it. */
export const OUTAGE_AFTER_REDRIVE = { 'page': NO_OUTAGE.page, 'waits': NO_OUTAGE.waits, 'total.$': '$.outage.total', 'seconds': NO_OUTAGE.seconds } satisfies AslTemplate<Outage>;

const WAIT = 'Wait For Recovery';

/** Seconds of one wait after another until the tolerance is used up; the last one is cut to what is left of it. */
export function outageWaits(tolerance: Duration = DEFAULT_TOLERANCE): number[] {
  const option = 'outageTolerance of RunContinuation.supervised';
  refuseToken(option, tolerance.isUnresolved(), 'the workflow is rendered with it');
  checkSeconds(option, tolerance, { min: Duration.seconds(0), max: LONGEST_TOLERANCE }, theDefaultIs(DEFAULT_TOLERANCE));
  const waits: number[] = [];
  for (let left = tolerance.toSeconds(); left > 0; left -= waits[waits.length - 1]) {
    waits.push(Math.min(left, WAITS[Math.min(waits.length, WAITS.length - 1)]));
  }
  return waits;
}

export interface OutageStatesOptions {
  /** Of `outageWaits`. */
  readonly waits: readonly number[];
  readonly timedOutReadsRunOn: boolean;
  /** Errors beside those of the source and of services. */
  readonly errors: readonly string[];
  /** Holds where the run may start another segment. */
  readonly hasSegmentsLeft: AslCondition;
  /** What a run hands from one segment to the next beside a `SegmentInput`, by its paths. */
  readonly carried: AslObject;
  /** The state that starts the next segment. */
  readonly next: string;
}

export interface OutageStates {
  /** For a segment that failed at a page. None of them holds for a failure that is to be reported. */
  readonly rules: readonly AslRule[];
  readonly states: Readonly<Record<string, AslState>>;
  /** Names of the states that only an outage leads to. */
  readonly names: readonly string[];
}

/**
 * A page that failed because of an outage is tried again in another segment after a wait, and after a longer one if it fails again, until the
 * tolerance is used up. Once a page succeeded, the next outage is a new one.
 */
export function outageStates({ waits, timedOutReadsRunOn, errors: more, hasSegmentsLeft, carried, next }: OutageStatesOptions): OutageStates {
  if (waits.length === 0) return { rules: [], states: {}, names: [] };
  const mayWait: AslCondition[] = [{ Variable: '$.failure', IsNull: false }, { Variable: '$.outage.total', NumericLessThan: MAX_WAITS }, hasSegmentsLeft];
  const waitAfter = (errors: readonly string[], seconds: readonly number[], begins: string, goesOn: string): Pick<OutageStates, 'rules' | 'states'> => {
    const isOutage: AslCondition[] = [...mayWait, { Or: errors.map((name) => ({ Variable: '$.failure.Error', StringEquals: name })) }];
    return {
      rules: [
        { Comment: 'A page failed in an outage', And: [...isOutage, { Not: IS_SAME_PAGE }], Next: begins },
        { Comment: 'The same page failed again', And: [...isOutage, IS_SAME_PAGE, { Variable: '$.outage.waits', NumericLessThan: seconds.length }], Next: goesOn },
      ],
      states: {
        [begins]: beforeWait({ ...COUNTED, waits: 1, seconds: seconds[0] }, carried),
        [goesOn]: beforeWait({
          ...COUNTED, 'waits.$': 'States.MathAdd($.outage.waits, 1)', 'seconds.$': `States.ArrayGetItem(States.Array(${seconds.join(', ')}), $.outage.waits)`,
        }, carried),
      },
    };
  };
  const kinds = [
    ...(timedOutReadsRunOn ? [waitAfter([PagedBatchEtlErrorName.SOURCE_TIMED_OUT], waits.map(untilReadEnded), 'Read Timed Out', 'Read Timed Out Again')] : []),
    waitAfter([...OUTAGE_ERRORS, ...more], waits, 'Outage Begins', 'Outage Goes On'),
  ];
  const states: Record<string, AslState> = {
    ...Object.assign({}, ...kinds.map((kind) => kind.states)),
    [WAIT]: { Type: 'Wait', SecondsPath: '$.outage.seconds', Next: next },
  };
  return { rules: kinds.flatMap(({ rules }) => rules), states, names: Object.keys(states) };
}

/** What every wait counts. */
const COUNTED = { 'page.$': '$.progress.pages', 'total.$': 'States.MathAdd($.outage.total, 1)' } as const;

const IS_SAME_PAGE: AslCondition = { Variable: '$.outage.page', NumericEqualsPath: '$.progress.pages' };

/** What the next segment begins with: the page that failed, and no failure to report. */
function beforeWait(outage: AslTemplate<Outage>, carried: AslObject): AslState {
  const input = { 'parameters.$': '$.parameters', 'progress.$': '$.progress', 'failure': null, 'attempt': 0, outage } satisfies AslTemplate<SegmentInput>;
  return { Type: 'Pass', Parameters: { ...input, ...carried }, Next: WAIT };
}

function untilReadEnded(seconds: number): number {
  return Math.max(seconds, ABANDONED_READ_SECONDS);
}

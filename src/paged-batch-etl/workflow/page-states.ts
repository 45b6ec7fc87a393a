import { Aws } from 'aws-cdk-lib';
import {
  checkFailures, collectFailures, FailureState, gatherNothing, gatherUnreadable, mustBeCollected, NOT_TOLERATED_RULE, notTolerated, TOO_MANY_RULE,
} from './failure-states';
import { ProcessPageStates } from './process-page';
import { FunctionAttempts, functionRetries } from './task-retry';
import { Tolerance } from './tolerance';
import { WorkflowProps } from './workflow-props';
import { AslCatcher, AslCondition, AslObject, AslRule, AslState, AslTask } from '../../private/synth/asl';
import { AslTemplate } from '../../private/synth/asl-template';
import { invocationTaskTimeout } from '../../private/synth/lambda-limits';
import { FINAL_REPLAY_ERRORS, FINAL_SOURCE_ERRORS, PagedBatchEtlErrorName } from '../contracts/error-names';
import { NO_ITEMS_LEFT, NO_READABLE_ITEMS } from '../contracts/read-page';
import { Progress, ToleratedProgress } from '../contracts/segment';

/** Names of the states that every machine which walks pages has. */
export const PageState = {
  READ: 'Read Page',
  PROCESS: 'Process Page',
  CHECK: 'Check For More Data',
  NOTHING_LEFT: 'Nothing Left',
  ITEMS_FAILED: 'Items Failed',
  INVALID_ANSWER: 'Invalid Answer',
  FAILED: 'Page Failed',
} as const;

/** How the source function is asked for a page, and what of its answer stays in the state: `page` for Process Page, `next` for Check For More Data. */
export interface ReadPageTemplate {
  readonly payload: AslObject;
  readonly resultSelector: AslObject;
  /** Variables made from the answer. */
  readonly variables?: AslObject;
}

/** The event by which the source function is asked for a page, for the contract of its answer and what there is room for. */
export function readPageEvent<C extends number, R extends AslObject>(contract: C, room: R) {
  return {
    contract,
    'parameters.$': '$parameters',
    'cursor.$': '$cursor',
    'batchSize.$': '$batchSize',
    'run': { 'id.$': '$root', 'page.$': '$pages' },
    ...room,
  } as const;
}

export interface PageStatesOptions {
  readonly props: WorkflowProps;
  readonly readPage: ReadPageTemplate;
  /** What each page costs in this machine. */
  readonly process: ProcessPageStates;
  /** Rules of Check For More Data for a page that was processed; the state's default is the next page. */
  readonly rules: readonly AslRule[];
  /** Lead to Page Failed, which finds Error and Cause in `$`; none: a page that fails fails the execution. */
  readonly catchers: readonly AslCatcher[];
  /** At reading a page. */
  readonly readAttempts: FunctionAttempts;
  /** Present where the run goes past items that fail. */
  readonly tolerance?: ToleratedPages;
  /** A state that comes before Read Page for every page but the first of the execution, where this holds. */
  readonly beforeNext?: BeforeNextPage;
}

export interface BeforeNextPage {
  readonly comment: string;
  readonly where: AslCondition;
  readonly state: string;
}

export interface ToleratedPages extends Tolerance {
  /** What `$pagesLeft` begins with. */
  readonly pagesPerSegment: number;
}

/**
 * The loop:
 *
 *     Read Page ─► Process Page ─► Check For More Data ─► (what `rules` say)
 *         ▲                                │
 *         └────────────────────────────────┘
 *
 * Where it stands is in variables, so that a page costs no state for it and documents travel no further than Process Page:
 * `$parameters`, `$batchSize`, `$root` and `$execution` never change; `$cursor`, `$pages`, `$items` and `$pagesLeft` do with every page.
 *
 * Where failures are tolerated, `$failed` does too, and a page in which something failed goes from Check For More Data over Collect Failures to Check Failures,
 * which decides in its place; or every page does, before Check For More Data.
 */
export function pageStates(options: PageStatesOptions): Record<string, AslState> {
  const { props, readPage, process, rules: ends, catchers, readAttempts, tolerance, beforeNext } = options;
  const variables = process.variables === undefined && readPage.variables === undefined ? undefined : { ...process.variables, ...readPage.variables };
  const assign = {
    'cursor.$': '$.next.cursor',
    'pages.$': tolerance === undefined ? PAGES_AFTER : TOLERATED_PAGES_AFTER,
    'items.$': ITEMS_AFTER,
    ...tolerance && { 'failed.$': FAILED_AFTER },
    'pagesLeft.$': 'States.MathAdd($pagesLeft, -1)',
  };
  const next = beforeNext && { Comment: beforeNext.comment, ...beforeNext.where, Assign: assign, Next: beforeNext.state };
  const rules = next === undefined ? ends : [...ends, next];
  const read: AslTask = {
    Type: 'Task',
    Resource: `arn:${Aws.PARTITION}:states:::lambda:invoke`,
    Parameters: { FunctionName: props.sourceFunction.functionArn, Payload: readPage.payload },
    TimeoutSeconds: invocationTaskTimeout(props.sourceTimeout),
    ResultSelector: readPage.resultSelector,
    ...(variables !== undefined && { Assign: variables }),
    Retry: functionRetries({
      final: [
        NO_ITEMS_LEFT,
        ...tolerance ? [NO_READABLE_ITEMS] : [],
        ...FINAL_SOURCE_ERRORS,
        ...tolerance ? FINAL_REPLAY_ERRORS : [],
        ...(props.timedOutReadsRunOn ? [PagedBatchEtlErrorName.SOURCE_TIMED_OUT] : []),
      ],
      ...readAttempts,
    }),
    Catch: [
      { ErrorEquals: [NO_ITEMS_LEFT], ResultPath: null, Next: PageState.NOTHING_LEFT },
      ...tolerance ? [{ ErrorEquals: [NO_READABLE_ITEMS], ResultPath: '$', Next: FailureState.UNREADABLE }] : [],
      ...catchers,
    ],
    Next: PageState.PROCESS,
  };
  return {
    [PageState.READ]: read,
    ...withCatchers(process.states, catchers),
    [PageState.CHECK]: {
      Type: 'Choice',
      Comment: 'Default: pages are left',
      Choices: [...process.failures?.rules ?? [], ...tolerance ? collectingRules(process, tolerance) : [], ...rules],
      Assign: assign,
      Default: PageState.READ,
    },
    ...process.failures?.states,
    ...tolerance && collectingStates(process, tolerance, { rules, assign, catchers }),
  };
}

/** Rules of Check For More Data. */
function collectingRules({ collected }: ProcessPageStates, { pagesPerSegment }: ToleratedPages): AslRule[] {
  if (collected !== undefined) return [NOT_TOLERATED_RULE, TOO_MANY_RULE];
  return [{ ...mustBeCollected(pagesPerSegment), Comment: 'Documents were unreadable (or the page may have letters, or the run is at its end)', Next: FailureState.NOTHING }];
}

function collectingStates(
  { collected }: ProcessPageStates, tolerance: ToleratedPages, { rules, assign, catchers }: Pick<PageStatesOptions, 'rules' | 'catchers'> & { readonly assign: AslObject },
): Record<string, AslState> {
  return {
    [FailureState.COLLECT]: collectFailures({ tolerance, catchers, next: collected ?? FailureState.CHECK }),
    ...collected === undefined && {
      [FailureState.NOTHING]: gatherNothing(),
      [FailureState.CHECK]: checkFailures({ rules, assign, next: PageState.READ }),
    },
    [FailureState.UNREADABLE]: gatherUnreadable(),
    [FailureState.NOT_TOLERATED]: notTolerated(PageState.FAILED),
  };
}

const PAGES_AFTER = 'States.MathAdd($pages, 1)';
const ITEMS_AFTER = 'States.MathAdd($items, $.next.count)';
const TOLERATED_PAGES_AFTER = 'States.MathAdd($pages, $.next.pages)';
const FAILED_AFTER = 'States.MathAdd($failed, $.next.failed)';

/** Variables of the loop, from a segment's input. */
export function startOfLoop(execution: string, pagesPerSegment: number): AslObject {
  return {
    'parameters.$': '$.parameters',
    'batchSize.$': '$.parameters.batch_size',
    'execution.$': execution,
    'attempt.$': '$.attempt',
    'root.$': '$.progress.root',
    'cursor.$': '$.progress.cursor',
    'pages.$': '$.progress.pages',
    'items.$': '$.progress.items',
    'segments.$': 'States.MathAdd($.progress.segments, 1)',
    'pagesLeft': pagesPerSegment,
  };
}

/** Progress at the start of the page. */
export const PROGRESS_BEFORE = {
  'root.$': '$root', 'cursor.$': '$cursor', 'pages.$': '$pages', 'items.$': '$items', 'segments.$': '$segments',
} satisfies AslTemplate<Progress>;

/** Progress when the page is processed. */
export const PROGRESS_AFTER = { ...PROGRESS_BEFORE, 'cursor.$': '$.next.cursor', 'pages.$': PAGES_AFTER, 'items.$': ITEMS_AFTER } satisfies AslTemplate<Progress>;

/** The same where failures are tolerated. */
export const TOLERATED_PROGRESS_BEFORE = { ...PROGRESS_BEFORE, 'failed.$': '$failed' } satisfies AslTemplate<ToleratedProgress>;
export const TOLERATED_PROGRESS_AFTER = { ...PROGRESS_AFTER, 'pages.$': TOLERATED_PAGES_AFTER, 'failed.$': FAILED_AFTER } satisfies AslTemplate<ToleratedProgress>;

/** What a finished run answers, given its progress. */
export function totals(progress: AslObject): AslObject {
  return Object.fromEntries(['items', 'failed', 'pages', 'segments'].filter((name) => `${name}.$` in progress).map((name) => [`${name}.$`, progress[`${name}.$`]]));
}

/** No page is left after this one. */
export const IS_DONE: AslCondition = { Variable: '$.next.done', BooleanEquals: true };

/** This was the last page that the history has room for. */
export const IS_LAST_PAGE: AslCondition = { Variable: '$pagesLeft', NumericLessThanEquals: 1 };

/** The processor comes first in its own Catch: it may know better. */
function withCatchers(states: Readonly<Record<string, AslState>>, catchers: readonly AslCatcher[]): Record<string, AslState> {
  const process = states[PageState.PROCESS];
  if (catchers.length === 0 || (process.Type !== 'Task' && process.Type !== 'Map')) return { ...states };
  const own = process.Catch ?? [];
  const takesAll = own.filter(takesAllErrors);
  // What takes all errors is the last of them, and the only one that does.
  const all = takesAll.length === 0 ? [...own, ...catchers] : [...[...own, ...catchers].filter((catcher) => !takesAllErrors(catcher)), ...takesAll];
  return { ...states, [PageState.PROCESS]: { ...process, Catch: all } };
}

function takesAllErrors({ ErrorEquals }: AslCatcher): boolean {
  return ErrorEquals.includes('States.ALL');
}

import { Aws } from 'aws-cdk-lib';
import { ProcessPageStates } from './process-page';
import { FunctionAttempts, functionRetries } from './task-retry';
import { WorkflowProps } from './workflow-props';
import { AslCatcher, AslCondition, AslObject, AslRule, AslState, AslTask } from '../../private/synth/asl';
import { AslTemplate } from '../../private/synth/asl-template';
import { invocationTaskTimeout } from '../../private/synth/lambda-limits';
import { FINAL_SOURCE_ERRORS, PagedBatchEtlErrorName } from '../contracts/error-names';
import { ReadPageEvent, NO_ITEMS_LEFT, READ_PAGE_CONTRACT } from '../contracts/read-page';
import { Progress } from '../contracts/segment';

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

export interface PageStatesOptions {
  readonly props: WorkflowProps;
  /** What each page costs in this machine. */
  readonly process: ProcessPageStates;
  /** Rules of Check For More Data for a page that was processed; the state's default is the next page. */
  readonly rules: readonly AslRule[];
  /** Lead to Page Failed, which finds Error and Cause in `$`; none: a page that fails fails the execution. */
  readonly catchers: readonly AslCatcher[];
  /** At reading a page. */
  readonly readAttempts: FunctionAttempts;
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
 */
export function pageStates({ props, process, rules, catchers, readAttempts }: PageStatesOptions): Record<string, AslState> {
  const read: AslTask = {
    Type: 'Task',
    Resource: `arn:${Aws.PARTITION}:states:::lambda:invoke`,
    Parameters: {
      FunctionName: props.sourceFunction.functionArn,
      Payload: {
        'contract': READ_PAGE_CONTRACT,
        'parameters.$': '$parameters',
        'cursor.$': '$cursor',
        'batchSize.$': '$batchSize',
        'run': { 'id.$': '$root', 'page.$': '$pages' },
      } satisfies AslTemplate<ReadPageEvent>,
    },
    TimeoutSeconds: invocationTaskTimeout(props.sourceTimeout),
    ResultSelector: {
      'page.$': '$.Payload.items',
      'next': { 'cursor.$': '$.Payload.cursor', 'done.$': '$.Payload.done', 'count.$': 'States.ArrayLength($.Payload.items)' },
    },
    Retry: functionRetries({
      final: [NO_ITEMS_LEFT, ...FINAL_SOURCE_ERRORS, ...(props.timedOutReadsRunOn ? [PagedBatchEtlErrorName.SOURCE_TIMED_OUT] : [])],
      ...readAttempts,
    }),
    Catch: [{ ErrorEquals: [NO_ITEMS_LEFT], ResultPath: null, Next: PageState.NOTHING_LEFT }, ...catchers],
    Next: PageState.PROCESS,
  };
  return {
    [PageState.READ]: read,
    ...withCatchers(process.states, catchers),
    [PageState.CHECK]: {
      Type: 'Choice',
      Comment: 'Default: pages are left',
      Choices: [...(process.answers ? answerRules() : []), ...rules],
      Assign: {
        'cursor.$': '$.next.cursor',
        'pages.$': PAGES_AFTER,
        'items.$': ITEMS_AFTER,
        'pagesLeft.$': 'States.MathAdd($pagesLeft, -1)',
      },
      Default: PageState.READ,
    },
    ...(process.answers ? answerStates() : {}),
  };
}

const PAGES_AFTER = 'States.MathAdd($pages, 1)';
const ITEMS_AFTER = 'States.MathAdd($items, $.next.count)';

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

/** What a finished run answers, given its progress. */
export function totals(progress: AslObject): AslObject {
  return Object.fromEntries(['items', 'pages', 'segments'].map((name) => [`${name}.$`, progress[`${name}.$`]]));
}

/** No page is left after this one. */
export const IS_DONE: AslCondition = { Variable: '$.next.done', BooleanEquals: true };

/** This was the last page that the history has room for. */
export const IS_LAST_PAGE: AslCondition = { Variable: '$pagesLeft', NumericLessThanEquals: 1 };

/** The processor comes first in its own Catch: it may know better. */
function withCatchers(states: Readonly<Record<string, AslState>>, catchers: readonly AslCatcher[]): Record<string, AslState> {
  const process = states[PageState.PROCESS];
  if (catchers.length === 0 || (process.Type !== 'Task' && process.Type !== 'Map')) return { ...states };
  return { ...states, [PageState.PROCESS]: { ...process, Catch: [...(process.Catch ?? []), ...catchers] } };
}

const ANSWER = '$.page.answer';
const FAILURES = `${ANSWER}.batchItemFailures`;
const FIRST_IDENTIFIER = `${FAILURES}[0].itemIdentifier`;

/** Members that are taken for a misspelt `batchItemFailures`: to ignore one of them could lose items. */
const NEAR_MISSES = ['BatchItemFailures', 'batchItemFailure', 'batchitemfailures', 'batch_item_failures', 'itemFailures', 'failures'];

/** What a page's processor answered: as JSON text too, because a Choice cannot ask whether something is an object or an empty list. */
export function processorAnswer(path: string): AslObject {
  return { 'answer.$': path, 'text.$': `States.JsonToString(${path})` };
}

/**
 * The rule, as `ItemProcessor.perBatch` tells it: an answer that names items fails the page, so does one that may mean to, and in any other answer
 * nothing failed. Of a list, the first entry is looked at: a Choice cannot look at each.
 *
 * An operator other than IsPresent fails the execution where its variable is missing, so IsPresent comes before it.
 */
function answerRules(): AslRule[] {
  return [
    { Comment: 'The processor named failed items', And: [isPresent(FIRST_IDENTIFIER), { Variable: FIRST_IDENTIFIER, IsString: true }], Next: PageState.ITEMS_FAILED },
    {
      Comment: 'The processor answered something else',
      Or: [
        { Not: { Or: [textEquals('null'), textEquals('""'), textMatches('{*')] } },
        ...NEAR_MISSES.map((name) => isPresent(`${ANSWER}.${name}`)),
        { And: [isPresent(FAILURES), { Not: { Variable: FAILURES, IsNull: true } }, { Not: isEmptyList() }] },
      ],
      Next: PageState.INVALID_ANSWER,
    },
  ];
}

/**
 * Whether `batchItemFailures`, which is there and not null, is `[]`. What is no text, number or boolean and has no first entry is an empty list or an
 * object, and the text tells which. It does not tell at which depth: an empty list is refused too if the answer has an object under the same name
 * further in. The text is asked for both, so that an object is refused even if a text had blanks in it.
 */
function isEmptyList(): AslCondition {
  return {
    And: [
      { Not: { Or: [{ Variable: FAILURES, IsString: true }, { Variable: FAILURES, IsNumeric: true }, { Variable: FAILURES, IsBoolean: true }, isPresent(`${FAILURES}[0]`)] } },
      textMatches('*"batchItemFailures":[]*'),
      { Not: textMatches('*"batchItemFailures":{*') },
    ],
  };
}

function isPresent(path: string): AslCondition {
  return { Variable: path, IsPresent: true };
}

function textEquals(text: string): AslCondition {
  return { Variable: '$.page.text', StringEquals: text };
}

/** `*` stands for any characters. */
function textMatches(pattern: string): AslCondition {
  return { Variable: '$.page.text', StringMatches: pattern };
}

const INVALID_ANSWER_CAUSE = `${PagedBatchEtlErrorName.INVALID_BATCH_ANSWER}: The processor must answer nothing, or an object whose batchItemFailures, `
  + `if it has any, is a list of objects with an itemIdentifier, and without ${NEAR_MISSES.join(', ')}, which are taken for misspelt. It answered`;

/** They leave what a Catch leaves, and nothing else: an answer may be large. */
function answerStates(): Record<string, AslState> {
  const first = `States.ArrayLength(${FAILURES}), States.JsonToString(${FAILURES}[0])`;
  return {
    [PageState.ITEMS_FAILED]: {
      Type: 'Pass',
      Parameters: {
        'Error': PagedBatchEtlErrorName.BATCH_ITEMS_FAILED,
        'Cause.$': `States.Format('Failed items that the processor named: {}; the first one is {}', ${first})`,
      },
      Next: PageState.FAILED,
    },
    [PageState.INVALID_ANSWER]: {
      Type: 'Pass',
      Parameters: {
        'Error': PagedBatchEtlErrorName.INVALID_BATCH_ANSWER,
        // The whole answer: no intrinsic function cuts a text. A cause loses its end, and in the cause of a supervised run that is where the name of
        // the error is: so the text begins with the name.
        'Cause.$': `States.Format('${INVALID_ANSWER_CAUSE}: {}', $.page.text)`,
      },
      Next: PageState.FAILED,
    },
  };
}

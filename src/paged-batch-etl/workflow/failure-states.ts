import { Aws } from 'aws-cdk-lib';
import { functionRetries } from './task-retry';
import { Tolerance } from './tolerance';
import { AslCatcher, AslChoice, AslCondition, AslExpression, AslObject, AslRule, AslState, AslTask } from '../../private/synth/asl';
import { AslTemplate } from '../../private/synth/asl-template';
import { invocationTaskTimeout } from '../../private/synth/lambda-limits';
import { COLLECT_FAILURES_CONTRACT, CollectFailuresEvent, CollectedPage, FailureLimits, PageFailures, ProcessedPage } from '../contracts/collect-failures';
import { FINAL_LETTER_ERRORS } from '../contracts/error-names';

/** Names of the states that only machines have whose runs tolerate failures. */
export const FailureState = {
  GATHER: 'Gather Failures',
  CALL: 'Call Failed',
  NOTHING: 'Nothing Failed',
  UNREADABLE: 'Nothing Readable',
  COLLECT: 'Collect Failures',
  CHECK: 'Check Failures',
  NOT_TOLERATED: 'Not Tolerated',
  TOO_MANY: 'Too Many Failed',
} as const;

/** Variables with the items of an inline page, made from the answer of the source function: a processor's answer takes their place in the state. */
export function itemVariables({ withDocuments }: Tolerance): AslObject {
  return {
    'identifiers.$': '$.Payload.items[*].itemIdentifier',
    'keys.$': '$.Payload.items[*].idempotencyKey',
    ...(withDocuments ? { 'documents.$': '$.Payload.items[*].item' } : { documents: null }),
  };
}

const ITEMS = { 'identifiers.$': '$identifiers', 'keys.$': '$keys', 'documents.$': '$documents' } as const;

/** Hands the failures of an inline page to Collect Failures, and drops all else. */
function handOn(failures: AslObject): AslState {
  return { Type: 'Pass', Parameters: { 'next.$': '$.next', failures }, Next: FailureState.COLLECT };
}

/** The processor named items: `named` is the path of its list. */
export function gatherNamed(named: `$${string}`): AslState {
  return handOn({ 'kind': 'named', 'named.$': named, 'items': ITEMS });
}

/** Calls for single items failed: `failed` is the path of their list, or a function that makes it. */
export function gatherItems(failed: `$${string}` | `States.${string}`): AslState {
  return handOn({ 'kind': 'items', 'failed.$': failed, 'items': ITEMS });
}

/** Takes what a call for a page fails with that is no failure of the workflow. The items stay in the state until Call Failed has dropped them. */
export const CALL_CATCHER: AslCatcher = { ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: FailureState.CALL };

/** The only call for the page failed, as `CALL_CATCHER` says. */
export function gatherCall(): AslState {
  return handOn({ 'kind': 'call', 'failure.$': '$.failure', 'items': ITEMS });
}

const PAGE = {
  'contract': COLLECT_FAILURES_CONTRACT, 'run': { 'id.$': '$execution', 'page.$': '$pages' }, 'cursor.$': '$cursor', 'counts': { 'items.$': '$items', 'failed.$': '$failed' },
} as const;

const PAGE_END = {
  'cursor.$': '$.next.cursor', 'done.$': '$.next.done', 'count.$': '$.next.count', 'unreadable.$': '$.next.unreadable', 'pages.$': '$.next.pages',
} as const;

export interface CollectOptions {
  readonly tolerance: Tolerance;
  readonly catchers: readonly AslCatcher[];
  readonly next: string;
}

/** Takes `next` and `failures` from the state and puts its answer in the place of `next`. */
export function collectFailures({ tolerance: { collector, collectorTimeout, limits }, catchers, next }: CollectOptions): AslTask {
  return {
    Type: 'Task',
    Resource: `arn:${Aws.PARTITION}:states:::lambda:invoke`,
    Parameters: {
      FunctionName: collector.functionArn,
      Payload: {
        ...PAGE satisfies AslTemplate<Pick<CollectFailuresEvent, 'contract' | 'run' | 'cursor' | 'counts'>>,
        'next': PAGE_END satisfies AslTemplate<Omit<ProcessedPage, 'unreadable'>>,
        'limits': { ...limits } satisfies AslTemplate<FailureLimits>,
        'failures.$': '$.failures',
      },
    },
    TimeoutSeconds: invocationTaskTimeout(collectorTimeout),
    ResultSelector: {
      'cursor.$': '$.Payload.cursor',
      'done.$': '$.Payload.done',
      'pages.$': '$.Payload.pages',
      'count.$': '$.Payload.count',
      'failed.$': '$.Payload.failed',
      'verdict.$': '$.Payload.verdict',
      'error.$': '$.Payload.error',
      'cause.$': '$.Payload.cause',
    } satisfies AslTemplate<CollectedPage>,
    ResultPath: '$.next',
    Retry: functionRetries({ attempts: 2, final: FINAL_LETTER_ERRORS }),
    Catch: catchers,
    Next: next,
  };
}

/** A verdict by which the page is not done. */
export const NOT_TOLERATED_RULE: AslRule = {
  Comment: 'What failed is no item', Variable: '$.next.verdict', StringEquals: 'notTolerated', Next: FailureState.NOT_TOLERATED,
};

/** A verdict by which the page is done, and the run fails. */
export const TOO_MANY_RULE: AslRule = { Comment: 'Too many items failed', Variable: '$.next.verdict', StringEquals: 'tooMany', Next: FailureState.TOO_MANY };

/** @param failed the state that takes Error and Cause of a page that failed */
export function notTolerated(failed: string): AslState {
  return { Type: 'Pass', Parameters: { 'Error.$': '$.next.error', 'Cause.$': '$.next.cause' }, Next: failed };
}

/**
 * Whether a page without a failure is handed to Collect Failures all the same: because it may have letters of an attempt before, or because the run is at its
 * end, so that the share of its failures is known.
 *
 * @param pagesPerSegment what `$pagesLeft` begins with
 */
export function mustBeCollected(pagesPerSegment: number): AslCondition {
  return {
    Or: [
      { Variable: '$.next.unreadable[0]', IsPresent: true },
      { Variable: '$attempt', NumericGreaterThan: 0 },
      { And: [{ Variable: '$segments', NumericGreaterThan: 1 }, { Variable: '$pagesLeft', NumericEquals: pagesPerSegment }] },
      { And: [{ Variable: '$.next.done', BooleanEquals: true }, { Variable: '$failed', NumericGreaterThan: 0 }] },
    ],
  };
}

export const NO_FAILURES = { kind: 'none' } satisfies PageFailures;

/** Nothing was left to read: the run is looked at as a whole. */
export function lookAtRun(): AslState {
  return {
    Type: 'Pass',
    Parameters: { next: { 'cursor.$': '$cursor', 'done': true, 'count': 0, 'failed': 0, 'unreadable': [], 'pages': 0 }, failures: NO_FAILURES },
    Next: FailureState.COLLECT,
  };
}

/** Nothing in the page failed, as far as is known. */
export function gatherNothing(): AslState {
  return handOn(NO_FAILURES);
}

/** What a page has in `next` before it is collected. */
export const NOTHING_COLLECTED = { 'failed': 0, 'unreadable.$': '$.Payload.failed', 'pages': 1 } as const;

/**
 * A page of which nothing could be read. It comes as an error, whose cause is JSON with the page as a text: no path leads into a text, so this one state is
 * JSONata.
 */
export function gatherUnreadable(): AslExpression {
  const next = '"next": { "cursor": $page.cursor, "done": $page.done, "count": 0, "failed": 0, "unreadable": $page.failed[], "pages": 1 }';
  return {
    Type: 'Pass',
    QueryLanguage: 'JSONata',
    Output: `{% ($page := $parse($parse($states.input.Cause).errorMessage); { ${next}, "failures": { "kind": "none" } }) %}`,
    Next: FailureState.COLLECT,
  };
}

export interface CheckFailuresOptions {
  readonly rules: readonly AslRule[];
  readonly assign: AslObject;
  readonly next: string;
}

/** Decides like Check For More Data, for a page that was collected. */
export function checkFailures({ rules, assign, next }: CheckFailuresOptions): AslChoice {
  return { Type: 'Choice', Comment: 'Default: pages are left', Choices: [NOT_TOLERATED_RULE, TOO_MANY_RULE, ...rules], Assign: assign, Default: next };
}

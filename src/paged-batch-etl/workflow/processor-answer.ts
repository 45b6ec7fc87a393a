import { FailureState, gatherCall, gatherNamed } from './failure-states';
import { PageState } from './page-states';
import { PageFailures } from './process-page';
import { Tolerance } from './tolerance';
import { AslCondition, AslObject, AslRule, AslState } from '../../private/synth/asl';
import { PagedBatchEtlErrorName } from '../contracts/error-names';

const ANSWER = '$.page.answer';
const FAILURES = `${ANSWER}.batchItemFailures`;
const FIRST_IDENTIFIER = `${FAILURES}[0].itemIdentifier`;

/** Members that are taken for a misspelt `batchItemFailures`: to ignore one of them could lose items. */
const NEAR_MISSES = ['BatchItemFailures', 'batchItemFailure', 'batchitemfailures', 'batch_item_failures', 'itemFailures', 'failures'];

/**
 * How the answer of a page's processor fails the page; the answer stands in `$.page`, as `processorAnswer` makes it. Where failures are tolerated, items that it
 * names are gathered, and so is a call that failed.
 */
export function answerFailures(tolerance: Tolerance | undefined): PageFailures {
  // They leave what a Catch leaves, and nothing else: an answer may be large.
  const failed = ({ error, cause }: AnswerFault): AslState => ({ Type: 'Pass', Parameters: { 'Error': error, 'Cause.$': cause }, Next: PageState.FAILED });
  const invalid = { [PageState.INVALID_ANSWER]: failed(INVALID_ANSWER) };
  return tolerance === undefined
    ? { rules: answerRules(PageState.ITEMS_FAILED, PageState.INVALID_ANSWER), states: { [PageState.ITEMS_FAILED]: failed(ITEMS_FAILED), ...invalid } }
    : {
      rules: answerRules(FailureState.GATHER, PageState.INVALID_ANSWER),
      states: { [FailureState.GATHER]: gatherNamed(FAILURES), [FailureState.CALL]: gatherCall(), ...invalid },
    };
}

/** The state that `answerCheck` begins with. */
export const CHECK_ANSWER = 'Check Answer';

/** The same for an execution that is there for a single answer: it fails, or ends with as good as nothing; where failures are tolerated, with what is known of them. */
export function answerCheck(tolerates: boolean): Record<string, AslState> {
  const [itemsFailed, invalid, done] = ['Batch Items Failed', 'Invalid Batch Answer', 'Batch Done'];
  const failed = ({ error, cause }: AnswerFault): AslState => ({ Type: 'Fail', Error: error, CausePath: cause });
  return {
    [CHECK_ANSWER]: { Type: 'Choice', Comment: 'Default: nothing failed', Choices: answerRules(itemsFailed, invalid), Default: done },
    [done]: { Type: 'Pass', Parameters: { ok: true }, End: true },
    [itemsFailed]: tolerates ? batchNamedFailures() : failed(ITEMS_FAILED),
    [invalid]: failed(INVALID_ANSWER),
  };
}

/** Which batch the execution is for stands in its input: an answer takes the place of all else in the state. */
export const BATCH_RANGE = { 'range.$': '$$.Execution.Input.range' } as const;

function batchNamedFailures(): AslState {
  return { Type: 'Pass', Parameters: { ...BATCH_RANGE, 'named.$': FAILURES }, End: true };
}

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
function answerRules(itemsFailed: string, invalid: string): AslRule[] {
  return [
    { Comment: 'The processor named failed items', And: [isPresent(FIRST_IDENTIFIER), { Variable: FIRST_IDENTIFIER, IsString: true }], Next: itemsFailed },
    {
      Comment: 'The processor answered something else',
      Or: [
        { Not: { Or: [textEquals('null'), textEquals('""'), textMatches('{*')] } },
        ...NEAR_MISSES.map((name) => isPresent(`${ANSWER}.${name}`)),
        { And: [isPresent(FAILURES), { Not: { Variable: FAILURES, IsNull: true } }, { Not: isEmptyList() }] },
      ],
      Next: invalid,
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

/** What is wrong with an answer. */
interface AnswerFault {
  readonly error: PagedBatchEtlErrorName;
  /** An intrinsic function. */
  readonly cause: `States.${string}`;
}

const ITEMS_FAILED: AnswerFault = {
  error: PagedBatchEtlErrorName.BATCH_ITEMS_FAILED,
  cause: `States.Format('Failed items that the processor named: {}; the first one is {}', States.ArrayLength(${FAILURES}), States.JsonToString(${FAILURES}[0]))`,
};

const INVALID_ANSWER_CAUSE = `${PagedBatchEtlErrorName.INVALID_BATCH_ANSWER}: The processor must answer nothing, or an object whose batchItemFailures, `
  + `if it has any, is a list of objects with an itemIdentifier, and without ${NEAR_MISSES.join(', ')}, which are taken for misspelt. It answered`;

const INVALID_ANSWER: AnswerFault = {
  error: PagedBatchEtlErrorName.INVALID_BATCH_ANSWER,
  // The whole answer: no intrinsic function cuts a text. A cause loses its end, and in the cause of a supervised run that is where the name of
  // the error is: so the text begins with the name.
  cause: `States.Format('${INVALID_ANSWER_CAUSE}: {}', $.page.text)`,
};

import { RunContinuationProps } from './binding';
import { MAX_COUNT } from './history-budget';
import { AslCondition, AslObject, AslRule, AslState } from '../../private/synth/asl';
import { AslTemplate } from '../../private/synth/asl-template';
import { PagedBatchEtlErrorName } from '../contracts/error-names';
import { ParameterRule, REPLAY_KEY } from '../contracts/run-input';
import { Outage, Progress, SegmentInput } from '../contracts/segment';
import { RunParameterBindings } from '../run-parameter/binding';

export interface RunInputOptions {
  readonly props: RunContinuationProps;
  /** Begins a run whose input is right, which is its input. */
  readonly start: AslState;
  /** Begins one that is started with the progress of another run. */
  readonly resume: AslState;
  /** Another way to write progress. */
  readonly otherProgress?: OtherProgress;
  /** Rules that come before a look at whether parameters are missing. */
  readonly first?: readonly AslRule[];
  /** Further rules about an input that is well-formed. */
  readonly rules?: readonly AslRule[];
}

export interface OtherProgress {
  /** The member of `progress` by which it is known. */
  readonly member: string;
  /** Holds where it is well-formed, its `root` aside. */
  readonly wellFormed: AslCondition;
}

const START = 'Start Run';
const RESUME = 'Resume Run';

/** The input of the run with defaults filled in, which stand in this variable. */
export const DEFAULTS = '$defaults';
export const WITH_DEFAULTS = { 'parameters.$': `States.JsonMerge(${DEFAULTS}, $, false)` } as const;

/** Progress of a run that nothing is read of. */
export function noProgress(props: RunContinuationProps) {
  const none = { 'root.$': '$$.Execution.Id', 'cursor': null, 'pages': 0, 'items': 0, 'segments': 0 } as const satisfies AslTemplate<Progress>;
  return { ...none, ...nothingFailed(props) };
}

/** Also a run that goes on where another one ended has a count of its own. */
export function nothingFailed({ tolerance }: RunContinuationProps): { readonly failed?: 0 } {
  return tolerance === undefined ? {} : { failed: 0 };
}

/** Checks the input of a run and fills in defaults, before anything is read. What needs a date or a list of keys is checked by the reader. */
export function runInputStates({ props, start, resume, otherProgress, first = [], rules = [] }: RunInputOptions): Record<string, AslState> {
  const { parameters, transport: { batchSize } } = props;
  const defaults: AslObject = { ...defaultsOf(parameters), batch_size: batchSize };
  const batchSizeRule: AslRule[] = [
    { Comment: 'batch_size is not allowed', And: [isGiven('batch_size'), { Not: isBatchSize(batchSize) }], Next: 'Invalid Batch Size' },
  ];
  const required = Object.keys(parameters).filter((name) => parameters[name].defaultValue === undefined);
  const missing = missingRule(required);
  return {
    'Check Input': {
      Type: 'Choice',
      Comment: 'Default: a new run',
      Choices: [
        {
          Comment: 'Something is of the wrong type',
          Or: [isNoObject(), ...Object.entries(parameters).map(([name, { rule }]) => isOfWrongType(name, rule))],
          Next: 'Invalid Parameter',
        },
        // A run that goes on with another one may have a batch size, and nothing else.
        ...first.length > 0 ? [...batchSizeRule, ...first, ...missing] : [...missing, ...batchSizeRule],
        { Comment: 'progress is not allowed', And: [isGiven('progress'), { Not: isAnyProgress(otherProgress) }], Next: 'Invalid Progress' },
        ...props.tolerance === undefined ? [] : [{ Comment: 'replay is not allowed', And: [isGiven(REPLAY_KEY), { Not: isExecution(REPLAY_KEY) }], Next: 'Invalid Replay' }],
        ...rules,
        { ...isGiven('progress'), Comment: 'progress is given', Assign: { defaults }, Next: RESUME },
      ],
      Assign: { defaults },
      Default: START,
    },
    [START]: start,
    [RESUME]: resume,
    ...(required.length > 0
      ? { 'Missing Parameter': fail(PagedBatchEtlErrorName.MISSING_PARAMETER, `The input must have ${required.join(', ')}`) }
      : {}),
    'Invalid Parameter': fail(PagedBatchEtlErrorName.INVALID_PARAMETER, allowedInput(parameters)),
    'Invalid Batch Size': fail(PagedBatchEtlErrorName.INVALID_BATCH_SIZE, `batch_size must be a whole number from 1 to ${batchSize}`),
    'Invalid Progress': fail(
      PagedBatchEtlErrorName.INVALID_PROGRESS, 'progress must be an object with the ARN root, the string cursor and the numbers pages, items and segments',
    ),
    ...props.tolerance && { 'Invalid Replay': fail(PagedBatchEtlErrorName.INVALID_REPLAY, `${REPLAY_KEY} must be the ARN of the execution of a run`) },
  };
}

/**
 * The `SegmentInput` of a run that begins.
 *
 * @param outage absent in a machine that waits for none
 */
export function segmentInput(progress: AslTemplate<Progress>, outage?: Outage): AslObject {
  const input = { ...WITH_DEFAULTS, progress, failure: null, attempt: 0 } satisfies AslTemplate<Omit<SegmentInput, 'outage'>>;
  return outage === undefined ? input : { ...input, outage: { ...outage } } satisfies AslTemplate<SegmentInput>;
}

function defaultsOf(parameters: RunParameterBindings): Record<string, string | number> {
  const given: Record<string, string | number> = {};
  for (const [name, { defaultValue }] of Object.entries(parameters)) {
    if (defaultValue !== undefined) given[name] = defaultValue;
  }
  return given;
}

function missingRule(required: readonly string[]): AslRule[] {
  if (required.length === 0) return [];
  return [{ Comment: 'A parameter is missing', Or: required.map((name) => ({ Variable: `$.${name}`, IsPresent: false })), Next: 'Missing Parameter' }];
}

/** Neither an object nor an empty list, which JSONPath cannot tell apart. */
function isNoObject(): AslCondition {
  return {
    Or: [
      { Variable: '$', IsNull: true }, { Variable: '$', IsString: true }, { Variable: '$', IsNumeric: true }, { Variable: '$', IsBoolean: true },
      { Variable: '$[0]', IsPresent: true },
    ],
  };
}

type JsonType = 'number' | 'string';

/** How the values of a parameter are written in JSON. */
const JSON_TYPES: Readonly<Record<ParameterRule['type'], JsonType>> = { date: 'string', text: 'string', integer: 'number', objectId: 'string' };

function isOfWrongType(name: string, rule: ParameterRule): AslCondition {
  const variable = `$.${name}`;
  const isOfType: Readonly<Record<JsonType, AslCondition>> = {
    number: { Variable: variable, IsNumeric: true },
    string: { Variable: variable, IsString: true },
  };
  return { And: [isGiven(name), { Not: isOfType[JSON_TYPES[rule.type]] }] };
}

function isGiven(name: string) {
  return { Variable: `$.${name}`, IsPresent: true };
}

function isBatchSize(largest: number): AslCondition {
  const variable = '$.batch_size';
  return {
    And: [
      { Variable: variable, IsNumeric: true },
      { Variable: variable, NumericGreaterThanEquals: 1 },
      { Variable: variable, NumericLessThanEquals: largest },
    ],
  };
}

function isAnyProgress(other: OtherProgress | undefined): AslCondition {
  if (other === undefined) return isProgress();
  return { Or: [{ And: [...hasRoot(), isGiven(`progress.${other.member}`), other.wellFormed] }, { And: [{ Not: isGiven(`progress.${other.member}`) }, isProgress()] }] };
}

function hasRoot(): AslCondition[] {
  return [isGiven('progress.root'), ...isExecution('progress.root').And];
}

/** Of what is given: whether it is written as the ARN of an execution. */
function isExecution(name: string) {
  const variable = `$.${name}`;
  return { And: [{ Variable: variable, IsString: true }, { Variable: variable, StringMatches: 'arn:*:states:*:*:execution:*:*' }] };
}

function isProgress(): AslCondition {
  const isCounter = (name: string): AslCondition[] => {
    const variable = `$.progress.${name}`;
    return [
      isGiven(`progress.${name}`), { Variable: variable, IsNumeric: true },
      { Variable: variable, NumericGreaterThanEquals: 0 }, { Variable: variable, NumericLessThanEquals: MAX_COUNT },
    ];
  };
  return {
    And: [
      ...hasRoot(),
      // Null is where a run stood whose first page failed.
      isGiven('progress.cursor'), { Or: [{ Variable: '$.progress.cursor', IsString: true }, { Variable: '$.progress.cursor', IsNull: true }] },
      ...isCounter('pages'), ...isCounter('items'), ...isCounter('segments'),
    ],
  };
}

function allowedInput(parameters: RunParameterBindings): string {
  const types = Object.entries(parameters).map(([name, { rule }]) => `${name} a ${JSON_TYPES[rule.type]}`);
  return `The input must be an object${types.length > 0 ? `, ${types.join(', ')}` : ''}`;
}

function fail(error: PagedBatchEtlErrorName, cause: string): AslState {
  return { Type: 'Fail', Error: error, Cause: cause };
}

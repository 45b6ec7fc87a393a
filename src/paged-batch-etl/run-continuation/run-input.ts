import { RunContinuationProps } from './binding';
import { MAX_COUNT } from './history-budget';
import { AslCondition, AslObject, AslRule, AslState } from '../../private/synth/asl';
import { AslTemplate } from '../../private/synth/asl-template';
import { PagedBatchEtlErrorName } from '../contracts/error-names';
import { ParameterRule } from '../contracts/run-input';
import { Outage, Progress, SegmentInput } from '../contracts/segment';
import { RunParameterBindings } from '../run-parameter/binding';

export interface RunInputOptions {
  readonly props: RunContinuationProps;
  /** Progress of a run that is started with one, as the machine goes on with it. */
  readonly resumed: AslTemplate<Progress>;
  /** What a `SegmentInput` has beside the rest, in a machine that needs it. */
  readonly outage?: Outage;
  /** Further rules about an input that is well-formed. */
  readonly rules?: readonly AslRule[];
  /** The state that gets a `SegmentInput`. */
  readonly next: string;
}

const START = 'Start Run';
const RESUME = 'Resume Run';

/** Checks the input of a run and fills in defaults, before anything is read. What needs a date or a list of keys is checked by the reader. */
export function runInputStates({ props, resumed, outage, rules = [], next }: RunInputOptions): Record<string, AslState> {
  const { parameters, transport: { batchSize } } = props;
  // A run that goes on where another one ended has its own counts.
  const counted = props.tolerance === undefined ? {} : { failed: 0 };
  const defaults: AslObject = { ...defaultsOf(parameters), batch_size: batchSize };
  const started = { 'root.$': '$$.Execution.Id', 'cursor': null, 'pages': 0, 'items': 0, 'segments': 0, ...counted } as const satisfies AslTemplate<Progress>;
  const required = Object.keys(parameters).filter((name) => parameters[name].defaultValue === undefined);
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
        ...missingRule(required),
        { Comment: 'batch_size is not allowed', And: [isGiven('batch_size'), { Not: isBatchSize(batchSize) }], Next: 'Invalid Batch Size' },
        { Comment: 'progress is not allowed', And: [isGiven('progress'), { Not: isProgress() }], Next: 'Invalid Progress' },
        ...rules,
        { ...isGiven('progress'), Comment: 'progress is given', Assign: { defaults }, Next: RESUME },
      ],
      Assign: { defaults },
      Default: START,
    },
    [START]: { Type: 'Pass', Parameters: segmentInput(started, outage), Next: next },
    [RESUME]: { Type: 'Pass', Parameters: segmentInput({ ...resumed, ...counted }, outage), Next: next },
    ...(required.length > 0
      ? { 'Missing Parameter': fail(PagedBatchEtlErrorName.MISSING_PARAMETER, `The input must have ${required.join(', ')}`) }
      : {}),
    'Invalid Parameter': fail(PagedBatchEtlErrorName.INVALID_PARAMETER, allowedInput(parameters)),
    'Invalid Batch Size': fail(PagedBatchEtlErrorName.INVALID_BATCH_SIZE, `batch_size must be a whole number from 1 to ${batchSize}`),
    'Invalid Progress': fail(
      PagedBatchEtlErrorName.INVALID_PROGRESS, 'progress must be an object with the ARN root, the string cursor and the numbers pages, items and segments',
    ),
  };
}

function segmentInput(progress: AslTemplate<Progress>, outage: Outage | undefined) {
  const input = { 'parameters.$': 'States.JsonMerge($defaults, $, false)', progress, 'failure': null, 'attempt': 0 } satisfies AslTemplate<Omit<SegmentInput, 'outage'>>;
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
      isGiven('progress.root'), { Variable: '$.progress.root', IsString: true },
      { Variable: '$.progress.root', StringMatches: 'arn:*:states:*:*:execution:*:*' },
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

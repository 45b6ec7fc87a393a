import fc from 'fast-check';
import { JsonObject, JsonValue } from '../../../local/json';
import { choiceOperators } from '../../../local/stepfunctions/interpreter/choice-operators';
import { functionNames } from '../../../local/stepfunctions/intrinsics/functions';
import { paths as anyPaths } from '../../jsonpath/paths';

/** Fields of a state, each there or not. */
function fields(possible: Readonly<Record<string, fc.Arbitrary<JsonValue>>>): fc.Arbitrary<JsonObject> {
  return fc.subarray(Object.keys(possible)).chain((names) => fc.record(Object.fromEntries(names.map((name) => [name, possible[name]] as const))));
}

const definite = fc.constantFrom('$', '$.a', '$.a.b', '$.list', '$.list[0]', '$.number', '$.text', '$.time', '$[\'x y\']');
const path = fc.oneof({ weight: 4, arbitrary: definite }, { weight: 1, arbitrary: anyPaths }, { weight: 1, arbitrary: fc.constantFrom('$$.Execution.Id', '$$.State', '$$.Map.Item.Index', '$v', '$v.a') });

const argument = fc.oneof(path, fc.integer({ min: -5, max: 20 }).map(String), fc.constantFrom(
  '\'{}\'', '\'a,b\'', '\',\'', '\'MD5\'', 'true', 'false', 'null', '\'{"a":1}\'', '\'YQ==\'', '0.5',
));
const intrinsic = fc.tuple(fc.constantFrom(...functionNames), fc.array(argument, { maxLength: 3 })).map(([name, list]) => `${name}(${list.join(', ')})`);
const expression = fc.oneof(path, intrinsic);
const template: fc.Arbitrary<JsonObject> = fc.oneof(
  expression.map((value) => ({ 'x.$': value })),
  fc.tuple(expression, expression).map(([one, two]) => ({ fixed: [1, { 'in.$': one }], deep: { 'out.$': two } })),
);
const orNull = (text: fc.Arbitrary<string>) => fc.option(text, { freq: 4 });
const around = { OutputPath: orNull(path), ResultPath: orNull(definite), Assign: expression.map((value) => ({ 'v.$': value })) };
const working = { ...around, Parameters: template, InputPath: orNull(path) };
const errors = fc.constantFrom('States.ALL', 'States.Timeout', 'States.TaskFailed', 'States.DataLimitExceeded', 'States.Runtime', 'Mine');
const handling = {
  Retry: errors.map((error) => [{ ErrorEquals: [error], MaxAttempts: 1 }]),
  Catch: errors.map((error) => [{ ErrorEquals: [error], Next: 'Last' }]),
};

const anything = fc.jsonValue({ maxDepth: 1 }).map((value): JsonValue => JSON.parse(JSON.stringify(value)));
const pass = fields({ ...working, Result: anything }).map((state) => ({ Type: 'Pass', ...state }));
const wait = fc.oneof(
  fc.nat(99_999).map((Seconds): JsonObject => ({ Seconds })),
  path.map((SecondsPath): JsonObject => ({ SecondsPath })),
  path.map((TimestampPath): JsonObject => ({ TimestampPath })),
).map((state) => ({ Type: 'Wait', ...state }));

const operator = fc.constantFrom(...choiceOperators.keys(), ...[...choiceOperators.keys()].map((name) => `${name}Path`), 'IsPresent');
const operand = fc.oneof(path, fc.integer(), fc.boolean(), fc.constantFrom('2016-03-14T01:59:00Z', 'a*'));
const test = fc.tuple(path, operator, operand).map(([Variable, name, value]): JsonObject => ({ Variable, [name]: value }));
const negated = test.map((inner): JsonObject => ({ Not: inner }));
const joined = fc.array(test, { minLength: 1, maxLength: 2 }).map((inner): JsonObject => ({ And: inner }));
const rule = fc.oneof(test, negated, joined);
const choice = fc.array(rule, { minLength: 1, maxLength: 2 }).map((rules): JsonObject => ({ Type: 'Choice', Choices: rules.map((one) => ({ ...one, Next: 'Last' })), Default: 'Last' }));

const text = 'https://sqs.eu-west-1.amazonaws.com/111122223333/q';
const resource = fc.constantFrom<readonly [string, JsonObject]>(
  ['arn:aws:lambda:eu-west-1:111122223333:function:f', {}],
  ['arn:aws:states:::lambda:invoke', { FunctionName: 'f' }],
  ['arn:aws:states:::lambda:invoke', { FunctionName: 'f', InvocationType: 'Event' }],
  ['arn:aws:states:::lambda:invoke', { 'FunctionName': 'f', 'InvocationType.$': '$.text' }],
  ['arn:aws:states:::lambda:invoke', { FunctionName: 'f', LogType: 'Tail', ClientContext: 'x' }],
  ['arn:aws:states:::lambda:invoke.waitForTaskToken', { 'FunctionName': 'f', 'Payload.$': '$$.Task.Token' }],
  ['arn:aws:states:::sqs:sendMessage', { QueueUrl: text, MessageBody: { a: 1 } }],
  ['arn:aws:states:::sqs:sendMessage.waitForTaskToken', { 'QueueUrl': text, 'MessageBody.$': '$$.Task.Token' }],
  ['arn:aws:states:::sns:publish', { TopicArn: 'arn:aws:sns:eu-west-1:111122223333:t', Message: 'm' }],
  ['arn:aws:states:::events:putEvents', { Entries: [{ Detail: {}, DetailType: 't', Source: 's' }] }],
  ['arn:aws:states:::athena:startQueryExecution', { QueryString: 'SELECT 1' }],
  ['arn:aws:states:::athena:startQueryExecution.sync', { QueryString: 'SELECT 1' }],
  ['arn:aws:states:::states:startExecution', { StateMachineArn: 'arn:aws:states:eu-west-1:111122223333:stateMachine:child', Input: {} }],
  ['arn:aws:states:::states:startExecution.sync:2', { 'StateMachineArn': 'arn:aws:states:eu-west-1:111122223333:stateMachine:child', 'Input.$': '$' }],
  ['arn:aws:states:::aws-sdk:sqs:sendMessage', { QueueUrl: text, MessageBody: 'm' }],
  ['arn:aws:states:::aws-sdk:sqs:listQueues', { QueueNamePrefix: 'q' }],
  ['arn:aws:states:::aws-sdk:sfn:listExecutions', { StateMachineArn: 'arn:aws:states:eu-west-1:111122223333:stateMachine:child' }],
  ['arn:aws:states:::aws-sdk:sfn:listActivities', { MaxResults: 5 }],
  ['arn:aws:states:::aws-sdk:s3:listBuckets', {}],
  ['arn:aws:states:::dynamodb:getItem', { TableName: 't', Key: {} }],
  ['arn:aws:states:::glue:startJobRun.sync', { JobName: 'j' }],
  ['arn:aws:states:eu-west-1:111122223333:activity:a', {}],
);
const taskFields = fields({ ...around, ...handling, InputPath: orNull(path), ResultSelector: template, HeartbeatSeconds: fc.constant(2) });
const task = fc.tuple(resource, taskFields).map(([[Resource, Parameters], state]): JsonObject => (
  { Type: 'Task', Resource, TimeoutSeconds: 5, ...(Resource.includes(':lambda:eu') ? {} : { Parameters }), ...state }
));

const query = fc.constantFrom(
  '$states.input', '$states.input.list', '$v', '$sum($states.input.list)', '$partition([1,2,3],2)', '$states.context.Execution.Id', '1/0', '$nothing', '$uuid()',
).map((inner) => `{% ${inner} %}`);
const jsonata = fields({ Output: query, Assign: query.map((value) => ({ v: value })) }).map((state): JsonObject => ({ Type: 'Pass', QueryLanguage: 'JSONata', ...state }));

/** A Map or a Parallel of a state; its own `Last` is inside. */
function nested(inner: JsonObject, rest: JsonObject, kind: string): JsonObject {
  const graph = graphOf([inner]);
  if (kind === 'Parallel') return { Type: 'Parallel', Branches: [graph, graph], ...rest };
  const processor: JsonObject = kind === 'DISTRIBUTED' ? { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } } : {};
  return { Type: 'Map', ItemsPath: '$.list', ItemProcessor: { ...processor, ...graph }, ...rest };
}

/** The states one after another; `Last` ends them, and is where every Catch and Choice leads. */
function graphOf(states: readonly JsonObject[]): JsonObject {
  const following = (index: number) => (index + 1 < states.length ? `S${index + 1}` : 'Last');
  const linked = states.map((state, index) => [`S${index}`, state.Type === 'Choice' ? state : { ...state, Next: following(index) }] as const);
  return { StartAt: 'S0', States: { ...Object.fromEntries(linked), Last: { Type: 'Succeed' } } };
}

const leaf: fc.Arbitrary<JsonObject> = fc.oneof(pass, wait, choice, { weight: 3, arbitrary: task }, jsonata);
const kinds = fc.constantFrom('Parallel', 'INLINE', 'DISTRIBUTED');
const branchedFields = fields({ ...around, ...handling, MaxConcurrencyPath: path });
const branched = fc.tuple(leaf, branchedFields, kinds).map(([inner, { MaxConcurrencyPath, ...rest }, kind]) => (
  nested(inner, kind === 'Parallel' || MaxConcurrencyPath === undefined ? rest : { ...rest, MaxConcurrencyPath }, kind)
));

/** Definitions of all kinds of states, most of which AWS takes and many of which the local cloud takes too. */
export const definitions: fc.Arbitrary<JsonObject> = fc.array(
  fc.oneof({ weight: 4, arbitrary: leaf }, { weight: 1, arbitrary: branched }), { minLength: 1, maxLength: 2 },
).map(graphOf);

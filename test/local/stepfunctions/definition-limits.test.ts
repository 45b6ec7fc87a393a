import { sequence, single, task } from './support';
import { ServiceError } from '../../../local/aws/service';
import { JsonObject } from '../../../local/json';
import { parseDefinition } from '../../../local/stepfunctions/definition/validate';

const parse = (definition: JsonObject) => parseDefinition(JSON.stringify(definition), () => true);

const inner = single({ Type: 'Pass' }, 'I');
const retry = (fields: JsonObject) => single(task({ Retry: [{ ErrorEquals: ['Mine'], ...fields }] }));
const choice = (rule: JsonObject) => ({ StartAt: 'C', States: { C: { Type: 'Choice', Choices: [{ ...rule, Next: 'S' }], Default: 'S' }, S: { Type: 'Succeed' } } });
/** This many calls in one field. */
const calls = (count: number): string => (count === 1 ? 'States.UUID()' : `States.JsonToString(${calls(count - 1)})`);

test.each<[string, JsonObject, string]>([
  ['a machine with too much time', { ...single({ Type: 'Pass' }), TimeoutSeconds: 100_000_000 }, '/TimeoutSeconds'],
  ['a Task with too much time', single(task({ TimeoutSeconds: 100_000_000 })), '/States/Only/TimeoutSeconds'],
  ['a Wait that is too long', single({ Type: 'Wait', Seconds: 100_000_000 }), '/States/Only/Seconds'],
  ['another version', { ...single({ Type: 'Pass' }), Version: '2.0' }, '/Version'],
  ['a retry before the failure', retry({ IntervalSeconds: -1 }), '/States/Only/Retry[0]/IntervalSeconds'],
  ['a retry after half a second', retry({ IntervalSeconds: 0.5 }), '/States/Only/Retry[0]/IntervalSeconds'],
  ['too many retries', retry({ MaxAttempts: 100_000_000 }), '/States/Only/Retry[0]/MaxAttempts'],
  ['retries that come faster and faster', retry({ BackoffRate: 0.9 }), '/States/Only/Retry[0]/BackoffRate'],
  ['a longest delay of more than a year', retry({ MaxDelaySeconds: 31_622_401 }), '/States/Only/Retry[0]/MaxDelaySeconds'],
  ['an unknown jitter', retry({ JitterStrategy: 'HALF' }), '/States/Only/Retry[0]/JitterStrategy'],
  ['no error to retry', retry({ ErrorEquals: [] }), '/States/Only/Retry[0]/ErrorEquals'],
  ['a reserved error name that does not exist', retry({ ErrorEquals: ['States.Timeouts'] }), 'States.Timeouts'],
  ['a Choice on no path', choice({ Variable: 'a', IsNull: true }), '/States/C/Choices[0]/Variable'],
  ['a Choice on a broken path', choice({ And: [{ Variable: '$.a[', IsNull: true }] }), '/States/C/Choices[0]/And[0]/Variable'],
  ['a comparison with no path', choice({ Variable: '$.a', NumericEqualsPath: 'b' }), '/States/C/Choices[0]/NumericEqualsPath'],
  ['a comparison with no timestamp', choice({ Not: { Variable: '$.a', TimestampEquals: 'noon' } }), '/States/C/Choices[0]/Not/TimestampEquals'],
  ['a target of an inner rule', choice({ Or: [{ Variable: '$.a', IsNull: true, Next: 'S' }] }), 'Field \'Next\' is not supported at /States/C/Choices[0]/Or[0]'],
  ['items at many places', single({ Type: 'Map', ItemsPath: '$.a[*]', ItemProcessor: inner }), '/States/Only/ItemsPath'],
  ['eleven functions in a field', single({ Type: 'Pass', Parameters: { 'a.$': calls(11) } }), '/States/Only/Parameters'],
  ['a variable called states', single({ Type: 'Pass', Assign: { states: 1 } }), '/States/Only/Assign/states'],
  ['a variable with a hyphen', sequence({
    A: task({ Catch: [{ ErrorEquals: ['Mine'], Next: 'B', Assign: { 'a-b.$': '$' } }] }), B: { Type: 'Pass' },
  }), '/States/A/Catch[0]/Assign'],
])('%s is an invalid definition', (_, definition, place) => {
  expect(() => parse(definition)).toThrow(ServiceError);
  expect(() => parse(definition)).toThrow(place);
});

test.each<[string, JsonObject]>([
  ['the longest times', { ...single(task({ TimeoutSeconds: 99_999_999, HeartbeatSeconds: 1 })), Version: '1.0', TimeoutSeconds: 99_999_999 }],
  ['no retries', retry({ MaxAttempts: 0 })],
  ['the slowest retries', retry({ IntervalSeconds: 99_999_999, BackoffRate: 1, MaxDelaySeconds: 31_622_400, JitterStrategy: 'NONE' })],
  ['a Choice on the context', choice({ Variable: '$$.Execution.RedriveCount', NumericGreaterThanPath: '$.a' })],
  ['ten functions in a field', single({ Type: 'Pass', Parameters: { 'a.$': calls(10) } })],
  ['a retry at once', retry({ IntervalSeconds: 0 })],
  ['an inline Map that tolerates', single({ Type: 'Map', ToleratedFailureCount: 1, ItemProcessor: inner })],
  ['a distributed Map that tolerates', single({
    Type: 'Map', ToleratedFailureCount: 1, Label: 'x', ItemProcessor: { ...inner, ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } },
  })],
])('%s is a valid definition', (_, definition) => {
  expect(() => parse(definition)).not.toThrow();
});

test('a definition has at most 1 MiB', () => {
  const withComment = (length: number) => ({ ...single({ Type: 'Pass' }), Comment: 'x'.repeat(length) });
  const around = JSON.stringify(withComment(0)).length;
  expect(() => parse(withComment(1_048_576 - around))).not.toThrow();
  expect(() => parse(withComment(1_048_577 - around))).toThrow('1048576');
});

test('an item processor is read strictly', () => {
  expect(() => parse(single({ Type: 'Map', ItemProcessor: { ...inner, Colour: 'red' } }))).toThrow('Colour');
});

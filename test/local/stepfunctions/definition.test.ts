import { sequence, single, task, newExecution } from './support';
import { ServiceError } from '../../../local/aws/service';
import { JsonObject, JsonValue } from '../../../local/json';
import { parseDefinition } from '../../../local/stepfunctions/definition/validate';

const distributed = { ...single({ Type: 'Pass' }, 'I'), ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } };
const parse = (definition: JsonObject) => parseDefinition(JSON.stringify(definition), () => true);

test.each<[string, JsonObject, string]>([
  ['a path that does not parse', single({ Type: 'Pass', InputPath: '$.[' }), '/States/Only/InputPath'],
  ['an intrinsic function that does not exist', single({ Type: 'Pass', Parameters: { a: { 'b.$': 'States.Nothing()' } } }), '/States/Only/Parameters/a'],
  ['a ResultPath to many places', single({ Type: 'Pass', ResultPath: '$.a[*]' }), 'Reference Path at /States/Only/ResultPath'],
  ['States.ALL beside another', single(task({ Retry: [{ ErrorEquals: ['States.ALL', 'Mine'] }] })), '/States/Only/Retry[0]/ErrorEquals'],
  ['States.ALL before another', sequence({ A: task({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }, { ErrorEquals: ['Mine'], Next: 'B' }] }), B: { Type: 'Pass' } }), '/States/A/Catch[0]'],
  ['a heartbeat not below the timeout', single(task({ TimeoutSeconds: 5, HeartbeatSeconds: 5 })), '/States/Only/HeartbeatSeconds'],
  ['a target that does not exist', { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'B' } } }, 'MISSING_TRANSITION_TARGET'],
  ['a variable that hides an outer one', sequence({
    A: { Type: 'Pass', Assign: { x: 1 } },
    B: { Type: 'Parallel', Branches: [{ StartAt: 'C', States: { C: { Type: 'Pass', Assign: { 'x.$': '$' }, End: true } } }] },
  }), '/States/B/Branches[0]/States'],
])('%s is an invalid definition', (_, definition, place) => {
  expect(() => parse(definition)).toThrow(ServiceError);
  expect(() => parse(definition)).toThrow(place);
});

test.each<[string, JsonObject]>([
  ['a ResultWriter without Resource', single({ Type: 'Map', ResultWriter: {}, ItemProcessor: distributed })],
  ['the parameter Delimiter', single({ Type: 'Map', ItemReader: { Resource: 'arn:aws:states:::s3:listObjectsV2', Parameters: { Bucket: 'b', Delimiter: '/' } }, ItemProcessor: distributed })],
  ['ItemReader in a Map that is not distributed', single({ Type: 'Map', ItemReader: { Resource: 'arn:aws:states:::s3:listObjectsV2' }, ItemProcessor: single({ Type: 'Pass' }, 'I') })],
  ['a state machine without time', { ...single({ Type: 'Pass' }), TimeoutSeconds: 0 }],
  ['the Resource arn:aws:states:us-east-1:000000000000:activity:a', single(task({ Resource: 'arn:aws:states:us-east-1:000000000000:activity:a' }))],
])('%s is refused by name', (name, definition) => {
  expect(() => parse(definition)).toThrow(name);
  expect(() => parse(definition)).not.toThrow(ServiceError);
});

test('the errors of HTTP Tasks can be retried and caught', () => {
  const named = (name: string) => parse(single(task({ Retry: [{ ErrorEquals: [name] }] })));
  expect(() => named('States.Http.StatusCode.503')).not.toThrow();
  expect(() => named('States.Http.StatusCode')).toThrow(ServiceError);
});

test('text that is no JSON object is an invalid definition', () => {
  for (const text of ['{', '[]', '1']) expect(() => parseDefinition(text, () => true)).toThrow(ServiceError);
});

describe('choice rules', () => {
  const holds = async (rule: JsonObject, input: JsonValue) => {
    const choice = { Type: 'Choice', Choices: [{ ...rule, Next: 'Yes' }], Default: 'No' };
    const states = { C: choice, Yes: { Type: 'Pass', Result: true, End: true }, No: { Type: 'Pass', Result: false, End: true } };
    return (await newExecution({ StartAt: 'C', States: states }, { input }).run()).output;
  };

  test.each<[JsonObject, JsonValue, boolean]>([
    [{ Variable: '$.a', StringMatches: 'log-*.txt' }, { a: 'log-1.txt' }, true],
    [{ Variable: '$.a', StringMatches: 'log-\\*.txt' }, { a: 'log-1.txt' }, false],
    [{ Variable: '$.a', StringMatches: 'log-\\*.txt' }, { a: 'log-*.txt' }, true],
    [{ Variable: '$.a', StringEquals: '10' }, { a: 10 }, false],
    [{ Variable: '$.a', NumericGreaterThan: 5 }, { a: '10' }, false],
    [{ Variable: '$.a', IsPresent: false }, {}, true],
    [{ Variable: '$.a.b', IsPresent: true }, { a: null }, false],
    [{ Variable: '$.a', IsPresent: true }, { a: null }, true],
    [{ Variable: '$nothing', IsPresent: true }, {}, false],
    [{ Variable: '$nothing.a', IsPresent: false }, {}, true],
    [{ Variable: '$.a', IsTimestamp: true }, { a: '2026-01-01T00:00:00Z' }, true],
    [{ Variable: '$.a', IsTimestamp: true }, { a: '2026-01-01' }, false],
    [{ Variable: '$.a', TimestampEquals: '2026-01-01T01:00:00+01:00' }, { a: '2026-01-01T00:00:00Z' }, true],
    [{ Variable: '$.a', NumericLessThanEqualsPath: '$.b' }, { a: 1, b: 1 }, true],
    [{ Not: { Or: [{ Variable: '$.a', BooleanEquals: true }, { Variable: '$.a', IsNumeric: true }] } }, { a: false }, true],
  ])('%j of %j: %p', async (rule, input, expected) => {
    expect(await holds(rule, input)).toBe(expected);
  });

  test('a pattern with a backslash that escapes nothing fails when it is used', async () => {
    await expect(holds({ Variable: '$.a', StringMatches: 'C:\\temp' }, { a: 'C:\\temp' })).resolves.toBeUndefined();
    await expect(holds({ Variable: '$.a', StringMatches: 'C:\\\\temp' }, { a: 'C:\\temp' })).resolves.toBe(true);
  });
});

import { JsonValue } from '../../../local/json';
import { Expressions } from '../../../local/stepfunctions/interpreter/expressions';
import { RuntimeProblem } from '../../../local/stepfunctions/interpreter/failure';
import { functionNames } from '../../../local/stepfunctions/intrinsics/functions';
import { parseIntrinsic } from '../../../local/stepfunctions/intrinsics/parse';
import { PathSyntaxError } from '../../../local/stepfunctions/paths/scanner';

const expressions = new Expressions({ random: () => 0.5, uuid: () => '00000000-0000-4000-8000-000000000000' });

function evaluate(call: string, input: JsonValue = {}): JsonValue {
  return expressions.evaluate(call, 'x.$', { input, context: () => ({ Execution: { Name: 'run' } }), variable: (name) => (name === 'v' ? [1, 2] : undefined) });
}

test('all 18 functions exist', () => {
  expect(functionNames).toHaveLength(18);
});

test.each<[string, JsonValue]>([
  ['States.Array()', []],
  ['States.Array(1, \'a\', null, true, $.list, $v, $$.Execution.Name)', [1, 'a', null, true, [3, 1, 3], [1, 2], 'run']],
  ['States.ArrayPartition($.list, 2)', [[3, 1], [3]]],
  ['States.ArrayContains($.list, 1)', true],
  ['States.ArrayRange(1, 9, 3)', [1, 4, 7]],
  ['States.ArrayRange(3, 1, -1)', [3, 2, 1]],
  ['States.ArrayGetItem($.list, 1)', 1],
  ['States.ArrayLength($.list)', 3],
  ['States.ArrayUnique($.list)', [3, 1]],
  ['States.Base64Encode(\'é\')', 'w6k='],
  ['States.Base64Decode(\'w6k=\')', 'é'],
  ['States.Base64Decode(\'w6k\')', 'é'],
  ['States.StringToJson(\' \')', null],
  ['States.Hash(\'a\', \'MD5\')', '0cc175b9c0f1b6a831c399e269772661'],
  ['States.Hash(\'a\', \'SHA-1\')', '86f7e437faa5a7fce15d1ddcb9eaeaea377667b8'],
  ['States.JsonMerge($.object, $.other, false)', { a: 2, b: { c: 1 } }],
  ['States.JsonToString($.object)', '{"a":1,"b":{"c":1}}'],
  ['States.StringToJson(\'{"a":[1]}\')', { a: [1] }],
  ['States.MathAdd(1, -3)', -2],
  ['States.MathRandom(1, 11)', 6],
  ['States.StringSplit(\'a,b;;c\', \',;\')', ['a', 'b', 'c']],
  ['States.UUID()', '00000000-0000-4000-8000-000000000000'],
  ['States.Format(\'{} and \\{\\} it\\\'s {}\', $.list[0], States.MathAdd(1, 1))', '3 and {} it\'s 2'],
  ['States.Format(\'{} {}\', $.object, $.list)', '{a=1, b={c=1}} [3, 1, 3]'],
  ['States.Format($.template, 7)', 'seven = 7'],
  ['States.Format(\'{} {}\', 1.5, States.Array(0.0001, 12345678.5))', '1.5 [1.0E-4, 1.23456785E7]'],
])('%s', (call, expected) => {
  expect(evaluate(call, { list: [3, 1, 3], object: { a: 1, b: { c: 1 } }, other: { a: 2 }, template: 'seven = {}' })).toEqual(expected);
});

test('a seed is one of java.util.Random', () => {
  // new Random(42).nextDouble() is 0.7275636800328681.
  expect(evaluate('States.MathRandom(0, 1000000, 42)')).toBe(727_563);
});

test.each([
  'States.ArrayGetItem($.list, 3)',
  'States.ArrayRange(0, 1000, 1)',
  'States.ArrayRange(0, 1, 0)',
  'States.ArrayPartition($.list, 0)',
  'States.JsonMerge($.list, $.list, true)',
  'States.StringToJson(\'{\')',
  'States.Hash(\'a\', \'CRC\')',
  'States.Format(\'{} {}\', 1)',
  'States.Format(\'{}\', 1, 2)',
  'States.MathAdd(1)',
  'States.MathAdd(\'1\', 2)',
  'States.Base64Decode(\'w6k\u00e9\')',
  'States.Base64Decode(\'w6k=w6k=\')',
  'States.Base64Decode(\'w\')',
  'States.Base64Decode($.long)',
  'States.Base64Encode($.long)',
  'States.Hash($.long, \'MD5\')',
])('%s fails', (call) => {
  expect(() => evaluate(call, { list: [1, 2, 3], long: 'a'.repeat(10_001) })).toThrow(RuntimeProblem);
});

test('a path that leads nowhere is no failure of the function: nothing catches it', () => {
  const problem = 'The function \'States.ArrayLength($.missing)\' had the following error: The JsonPath argument for the field \'$.missing\' could not be found in the input \'{}\'';
  expect(() => evaluate('States.ArrayLength($.missing)')).toThrow(new RuntimeProblem(problem));
});

test('texts of exactly 10,000 characters are not too long', () => {
  expect(evaluate('States.Base64Decode(States.Base64Encode($.text))', { text: 'a'.repeat(7_500) })).toBe('a'.repeat(7_500));
  expect(evaluate('States.ArrayLength(States.ArrayRange(1, 1000, 1))')).toBe(1000);
});

test.each(['States.Nothing()', 'States.Array(', 'States.Array(1', 'States.Array(1))', 'States.Format(\'\\"\')', 'States.Format("a")', 'States.Array(a)'])(
  '%s does not parse', (call) => {
    expect(() => parseIntrinsic(call)).toThrow(PathSyntaxError);
  },
);

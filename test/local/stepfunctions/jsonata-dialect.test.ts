import fc from 'fast-check';
import { JsonValue } from '../../../local/json';
import { dialect } from '../../../local/stepfunctions/jsonata/dialect';
import { JsonataExpressions } from '../../../local/stepfunctions/jsonata/evaluation';

const sources = { random: () => 0.25, uuid: () => '11111111-2222-4333-8444-555555555555' };
// Another day than today, whenever this runs.
const NOW = Date.UTC(2020, 1, 29, 8, 30);

/** The value of an expression for an input; what AWS would say after the name of the field, if it has none. */
async function evaluate(expression: string, input: JsonValue = {}): Promise<JsonValue> {
  const functions = dialect(sources, () => NOW);
  return new JsonataExpressions().evaluate(expression, { states: { input }, functions, variable: () => undefined, now: NOW });
}

async function problem(expression: string, input?: JsonValue): Promise<string> {
  return evaluate(expression, input).then((value) => `no problem: ${JSON.stringify(value)}`, (error: Error) => error.message);
}

const UNDEFINED = 'returned nothing (undefined).';
const threw = (text: string) => `threw an error during evaluation${text}`;
const signature = (index: number, name: string) => threw(`. T0410: Argument ${index} of function "${name}" does not match function signature`);
const MEMORY = threw(': Expression evaluation memory limit exceeded: Check for excessive memory usage');
const DEPTH = threw(': Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive');

// Measured on AWS: floci-io/floci issues 2662, 2736 and 2737.
test.each<[string, JsonValue]>([
  ['$parse("{\\"a\\":1}").a', 1],
  ['$parse("null")', null],
  ['$exists($parse("null"))', true],
  ['$parse("1.0")', 1],
  ['$map(["{\\"a\\":1}", "{\\"a\\":2}"], $parse).a', [1, 2]],
  ['$partition([1,2,3,4], 2)', [[1, 2], [3, 4]]],
  ['$partition([1,2,3,4,5], 2.9)', [[1, 2], [3, 4], [5]]],
  ['$partition([1,2,3])', [[1, 2, 3]]],
  ['$range(0, 6, 2)', [0, 2, 4, 6]],
  ['$range(1, 8, 2)', [1, 3, 5, 7]],
  ['$range(10, 0, -2)', [10, 8, 6, 4, 2, 0]],
  ['$range(-1.7, 2, 1)', [-1, 0, 1, 2]],
  ['$range(5, 1, -1.5)', [5, 4, 3, 2, 1]],
  ['$range(3, 3, 1)', 3],
  ['$append([], $range(3, 1, 1))', []],
  ['$count($range(1, 360145, 1))', 360_145],
  ['$hash("input", "SHA-1")', '140f86aae51ab9e1cda9b4254fe98a74eb54c1a1'],
  ['$hash("Hello", "MD5")', '8b1a9953c4611296a827abf8c47804d7'],
  ['$hash("ñ", "MD5")', '94e9342ecbb1458b6043ecd3bfcbc192'],
  ['$random(42)', 0.7275636800328681],
  ['$random(0)', 0.730967787376657],
  ['$random(0.9)', 0.730967787376657],
  ['$random(7)', 0.7306990420600421],
  ['1/0', 'Infinity'],
  ['-1/0', '-Infinity'],
  ['0/0', 'NaN'],
  ['[1/0, {"k": 1/0}]', ['Infinity', { k: 'Infinity' }]],
  ['$count(null)', 1],
  ['$string(1e20)', '100000000000000000000'],
])('%s is %j', async (expression, value) => {
  expect(await evaluate(expression)).toEqual(value);
});

test.each([
  ['$parse()', UNDEFINED],
  ['$parse(null)', signature(1, 'parse')],
  ['$parse("{}", "x")', signature(2, 'parse')],
  ...['', '  ', '{"a":1}{"b":2}', '[1,2] [3,4]', '{"a":1,"a":2}', '{"b":[{"a":1,"\\u0061":2}]}', '1e400', '[1e400]'].map((text) => [`$parse(${JSON.stringify(text)})`, threw('. D3137: Invalid JSON')]),
  ['$partition([], 2)', UNDEFINED],
  ['$partition([1,2,3], 0)', UNDEFINED],
  ['$partition([1,2,3], -0.5)', UNDEFINED],
  ['$partition([1,2,3], -2)', threw('. D3137: Second argument must be zero or greater')],
  ['$partition(null, 2)', threw('. T0412: Argument 1 of function "partition" must be an array of undefined')],
  ['$partition([1], 2, 3)', signature(3, 'partition')],
  ['$range(5, 1, 1)', UNDEFINED],
  ['$range(1, 5, 0)', UNDEFINED],
  ['$range(1, 5)', UNDEFINED],
  ['$range(1)', signature(2, 'range')],
  ['$range("0", 4, 1)', signature(1, 'range')],
  ['$range(0, 4, 1, 2)', signature(4, 'range')],
  ['$range(1, 360146, 1)', MEMORY],
  ['$range(1, 1000000000000, 1)', MEMORY],
  ['$hash("a")', UNDEFINED],
  ['$hash(42, "MD5")', signature(1, 'hash')],
  ['$hash("a", 5)', signature(2, 'hash')],
  ['$hash("a", "md5")', threw('. D3137: Hash algorithm \'md5\' must be one of SHA-1, SHA-384, SHA-256, SHA-512, MD5')],
  ['$hash("a", "MD5", "x")', signature(3, 'hash')],
  ['$random(1, 2)', signature(2, 'random')],
  ['$uuid("seed")', signature(1, 'uuid')],
  ['$eval("1+1")', threw('. T1006: Attempted to invoke a non-function')],
  ['$error("mine")', threw('. D3137: mine')],
  ['$sum(["a"])', threw('. T0412: Argument 1 of function "sum" must be an array of "numbers"')],
  ['$split("a", "b", -1)', threw('. D3020: Third argument of split function must evaluate to a positive number')],
  ['$missing', UNDEFINED],
  ['function($x) { $x }', 'returned an unsupported result type.'],
  ['[1, $uppercase]', 'returned an unsupported result type.'],
  ['{"f": function($x) { $x }}', 'returned an unsupported result type.'],
  ['/a/', 'returned an unsupported result type.'],
])('%s: %s', async (expression, message) => {
  expect(await problem(expression)).toBe(message);
});

test('$parse refuses whole numbers that JavaScript cannot hold, as all reading of JSON does', async () => {
  expect(await problem('$parse("9007199254740993")')).toMatch(/cannot hold the number 9007199254740993/);
  expect(await evaluate('$parse("9007199254740991")')).toBe(Number.MAX_SAFE_INTEGER);
});

test('chance and time come from outside', async () => {
  expect(await evaluate('$random()')).toBe(0.25);
  expect(await evaluate('$uuid()')).toBe(sources.uuid());
  expect(await evaluate('$millis()')).toBe(NOW);
  expect(await evaluate('$now()')).toBe('2020-02-29T08:30:00.000Z');
  expect(await evaluate('$now("[Y0001]", "+0100")')).toBe('2020');
  // The date is that of the virtual day.
  expect(await evaluate('$toMillis("10:15", "[H]:[m]")')).toBe(Date.UTC(2020, 1, 29, 10, 15));
  expect(await evaluate('$shuffle([1, 2, 3, 4])')).toEqual(await evaluate('$shuffle([1, 2, 3, 4])'));
});

describe('an evaluation is bounded as on AWS', () => {
  const recursion = (calls: number) => `($f := function($x){ $x <= 0 ? 0 : 1 + $f($x-1) }; $f(${calls}))`;
  const doubling = (times: number) => `($f := function($s, $n){ $n = 0 ? $s : $f($s & $s, $n - 1) }; $length($f("x", ${times})))`;

  test.each<[string, string, JsonValue, string]>([
    ['sums', `1${'+1'.repeat(99)}`, 100, `1${'+1'.repeat(100)}`],
    ['brackets', `${'('.repeat(99)}1${')'.repeat(99)}`, 1, `${'('.repeat(100)}1${')'.repeat(100)}`],
    ['lists', `$count(${'['.repeat(98)}1${']'.repeat(98)})`, 1, `${'['.repeat(100)}1${']'.repeat(100)}`],
    ['chains', `1${'~>$string'.repeat(99)}`, '1', `1${'~>$string'.repeat(100)}`],
    ['calls', recursion(31), 31, recursion(32)],
  ])('in depth: %s', async (_, deepest, value, tooDeep) => {
    expect(await evaluate(deepest)).toEqual(value);
    expect(await problem(tooDeep)).toBe(DEPTH);
  });

  test.each<[string, string, JsonValue, string]>([
    ['lists', '[1..873782] ~> $count()', 873_782, '[1..873783] ~> $count()'],
    ['texts', doubling(22), 2 ** 22, doubling(23)],
  ])('in memory: %s', async (_, largest, value, tooLarge) => {
    expect(await evaluate(largest)).toBe(value);
    expect(await problem(tooLarge)).toBe(MEMORY);
  });

  test('in time, which is counted in steps', async () => {
    const scope = { states: {}, functions: {}, variable: () => undefined, now: NOW };
    const endless = new JsonataExpressions(100_000).evaluate('($f := function($x){ $f($x+1) }; $f(1))', scope);
    await expect(endless).rejects.toThrow(threw(': Expression evaluation timeout: Check for infinite loop'));
    expect(await evaluate('$sum($map([1..20000], function($v){ $v * 2 }))')).toBe(400_020_000);
  });

  test('a wide list is not deep, and hides no depth', async () => {
    expect(await evaluate(`$count([${Array.from({ length: 500 }, (_, index) => `$string(${index})`).join()}])`)).toBe(500);
    expect(await problem(`([1, 2]; ${recursion(1_000_000)})`)).toBe(DEPTH);
  });
});

test('property: what an expression makes is like what came as JSON', async () => {
  const expressions = new JsonataExpressions();
  const run = async (expression: string, value: JsonValue) =>
    expressions.evaluate(expression, { states: {}, functions: dialect(sources, () => NOW), variable: () => value, now: NOW });
  await fc.assert(fc.asyncProperty(fc.array(fc.jsonValue()), async (items) => {
    const value: JsonValue = JSON.parse(JSON.stringify({ items }));
    const list = await run('[$x.items.{"item": $}]', value);
    expect(Object.keys(list ?? {})).toEqual(items.map((_, index) => String(index)));
    expect(list).toStrictEqual(JSON.parse(JSON.stringify(list)));
  }));
});

test('property: JSON goes through an expression unchanged, and the same value again is the same object', async () => {
  const expressions = new JsonataExpressions();
  await fc.assert(fc.asyncProperty(fc.jsonValue(), async (any) => {
    const value: JsonValue = JSON.parse(JSON.stringify(any));
    const scope = { states: { input: value }, functions: dialect(sources, () => NOW), variable: () => value, now: NOW };
    expect(await expressions.evaluate('$v', scope)).toBe(value);
    expect(await expressions.evaluate('{"v": $v}', scope)).toStrictEqual({ v: value });
  }));
});

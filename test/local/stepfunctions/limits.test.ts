import { newExecution, sequence, single, task, trace, types } from './support';
import { VirtualClock } from '../../../local/clock';
import { JsonObject, JsonValue } from '../../../local/json';
import { parseInstant, parseTimestamp } from '../../../local/stepfunctions/interpreter/timestamp';

const YEAR = 365 * 86_400_000;

async function run(definition: JsonObject, input: JsonValue = {}) {
  const clock = new VirtualClock(0);
  const execution = newExecution(definition, { clock, input, task: async () => new Promise(() => undefined) });
  const result = await execution.run();
  return { ...result, execution, seconds: clock.now() / 1000 };
}

describe('one year', () => {
  test('an execution that waits longer is timed out then', async () => {
    const { status, execution, seconds } = await run(single({ Type: 'Wait', Seconds: 99_999_999 }));
    expect([status, seconds, types(execution).at(-1)]).toEqual(['TIMED_OUT', YEAR / 1000, 'ExecutionTimedOut']);
  });

  test('so is one of many states, even in a branch', async () => {
    const day = { Type: 'Wait', Seconds: 86_400 };
    const branch = { StartAt: 'Day', States: { Day: { ...day, Next: 'Again' }, Again: { Type: 'Choice', Choices: [{ Variable: '$', IsNull: true, Next: 'End' }], Default: 'Day' }, End: { Type: 'Succeed' } } };
    const { status, execution, seconds } = await run(single({ Type: 'Parallel', Branches: [branch], Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Only' }] }));
    expect([status, seconds, types(execution).at(-1)]).toEqual(['TIMED_OUT', YEAR / 1000, 'ExecutionTimedOut']);
  });

  test('a year to the second is not too long', async () => {
    expect(await run(single({ Type: 'Wait', Seconds: YEAR / 1000 }))).toMatchObject({ status: 'SUCCEEDED', seconds: YEAR / 1000 });
  });
});

describe('256 KiB', () => {
  const twice = { 'a.$': '$.text', 'b.$': '$.text' };
  const input = { text: 'a'.repeat(150_000), list: [1] };
  const inner = { StartAt: 'I', States: { I: { Type: 'Pass', Result: 1, End: true } } };

  test.each<[string, JsonObject]>([
    ['a branch of a Parallel', { Type: 'Parallel', Parameters: twice, Branches: [inner] }],
    ['an iteration of a Map', { Type: 'Map', ItemsPath: '$.list', ItemSelector: twice, ItemProcessor: inner }],
  ])('is what %s gets at most', async (_, state) => {
    expect(await run(single(state), input)).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
    expect(await run(single(state), { ...input, text: 'a' })).toMatchObject({ status: 'SUCCEEDED' });
  });
});

describe('variables', () => {
  const big = 'a'.repeat(250_000);
  /** States that each assign the input to a variable. */
  const assigning = (count: number, name: (index: number) => string) => (
    sequence(Object.fromEntries(Array.from({ length: count }, (_, index) => [`S${index}`, { Type: 'Pass', Assign: { [`${name(index)}.$`]: '$' } }])))
  );

  test('10 MiB of them fit, more do not', async () => {
    const fitting = Math.floor(10 * 1_048_576 / 250_002);
    expect(await run(assigning(fitting, (index) => `v${index}`), big)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await run(assigning(fitting + 1, (index) => `v${index}`), big)).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
  });

  test('those of iterations that have ended do not count', async () => {
    const processor = { StartAt: 'A', States: { A: { Type: 'Pass', Assign: { v: big }, End: true } } };
    const map = { Type: 'Map', MaxConcurrency: 1, ItemProcessor: processor };
    expect(await run(single(map), Array.from({ length: 60 }, (_, index) => index))).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('one that is assigned again counts once', async () => {
    expect(await run(assigning(60, () => 'v'), big)).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('an Assign of nothing leaves no trace', async () => {
    const { execution } = await run(single({ Type: 'Pass', Assign: {} }));
    expect(execution.history.events[2].details.assignedVariables).toBeUndefined();
  });
});

describe('numbers that a path leads to', () => {
  const wait = single({ Type: 'Wait', SecondsPath: '$.n' });
  const timeout = single(task({ TimeoutSecondsPath: '$.n' }));
  const map = (fields: JsonObject = {}) => single({
    Type: 'Map', ItemsPath: '$.items', MaxConcurrencyPath: '$.n', ItemProcessor: { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 1, End: true } } }, ...fields,
  });

  test.each<[JsonValue, number]>([[3, 3], ['3', 3], ['+3', 3], [0, 0], ['0', 0]])('SecondsPath takes %j', async (n, seconds) => {
    expect(await run(wait, { n })).toMatchObject({ status: 'SUCCEEDED', seconds });
  });

  test.each<[JsonValue, string]>([
    [-1, 'The SecondsPath parameter references a negative value: $.n == -1'],
    ['-1', 'The SecondsPath parameter references a negative value: $.n == -1'],
    [1.5, 'The SecondsPath parameter cannot be parsed as a long value: $.n == 1.5'],
    ['1.5', 'The SecondsPath parameter cannot be parsed as a long value: $.n == 1.5'],
    ['', 'The SecondsPath parameter cannot be parsed as a long value: $.n == '],
    [null, 'The SecondsPath parameter cannot be parsed as a long value: $.n == null'],
    [100_000_000, 'The SecondsPath parameter references a value that is too large: $.n == 100000000'],
  ])('SecondsPath refuses %j', async (n, cause) => {
    expect(await run(wait, { n })).toMatchObject({ status: 'FAILED', error: 'States.Runtime', cause: expect.stringContaining(cause) });
  });

  test.each<[JsonValue]>([[5], ['5']])('TimeoutSecondsPath takes %j', async (n) => {
    const { status, error, seconds, execution } = await run(timeout, { n });
    expect([status, error, seconds]).toEqual(['FAILED', 'States.Timeout', 5]);
    expect(execution.history.events[2].details.timeoutInSeconds).toBe(5);
  });

  test.each<[JsonValue]>([[0], [-1], ['x'], [1.5], [true], [100_000_000]])('TimeoutSecondsPath refuses %j', async (n) => {
    expect(await run(timeout, { n })).toMatchObject({
      status: 'FAILED', error: 'States.Runtime', cause: expect.stringContaining(`The TimeoutSecondsPath field refers to value "${String(n)}" which is not a valid integer: $.n`),
    });
  });

  test.each<[JsonValue, number]>([['1', 4], [1, 4], ['2', 2], [0, 1]])('MaxConcurrencyPath takes %j', async (n, seconds) => {
    expect(await run(map(), { n, items: [1, 2, 3, 4] })).toMatchObject({ status: 'SUCCEEDED', seconds });
  });

  test('a negative concurrency fails the state', async () => {
    expect(await run(map(), { n: -1, items: [1] })).toMatchObject({ status: 'FAILED', error: 'States.Runtime', cause: expect.stringContaining('MaxConcurrency cannot be negative.') });
  });
});

test('Tasks that run out of time at the same moment have all done so before the Map calls them off', async () => {
  const processor = { StartAt: 'T', States: { T: { ...task({ TimeoutSeconds: 5 }), End: true } } };
  const { execution } = await run(single({ Type: 'Map', ItemProcessor: processor }), [1, 2]);
  expect(trace(execution).slice(-8)).toEqual([
    '12<-9 TaskTimedOut', '13<-11 TaskTimedOut', '14<-12 MapIterationFailed', '15<-12 TaskStateAborted', '16<-12 MapIterationAborted', '17<-12 TaskStateAborted',
    '18<-12 MapStateFailed', '19<-18 ExecutionFailed',
  ]);
});

describe('timestamps', () => {
  test.each([
    ['2016-03-14T01:59:00+01:30', '2016-03-14T00:29:00Z'], ['2016-03-14T01:59:00-00:30', '2016-03-14T02:29:00Z'], ['2016-03-14T01:59:00.5Z', '2016-03-14T01:59:00.500000000Z'],
    ['2016-03-14T01:59:00+18:00', '2016-03-13T07:59:00Z'],
  ])('%s is %s', (left, right) => {
    expect(parseInstant(left)).toBe(parseInstant(right));
    expect(parseTimestamp(left)).toBe(Date.parse(right));
  });

  test.each(['2016-03-14T01:59:00+18:01', '2016-03-14T01:59:00+01:60', '2016-03-14T01:59:00.Z', '2016-03-14T01:59:00.1234567890Z', '2016-03-14t01:59:00z', '2016-03-14T01:59:60Z', '2016-03-14T01:59Z'])(
    '%s is none', (text) => {
      expect(parseInstant(text)).toBeUndefined();
    },
  );

  test('a Choice tells apart what lies a nanosecond apart', async () => {
    const choice = { Type: 'Choice', Choices: [{ Variable: '$.a', TimestampLessThanPath: '$.b', Next: 'Less' }], Default: 'Other' };
    const definition = { StartAt: 'C', States: { C: choice, Less: { Type: 'Pass', Result: 'less', End: true }, Other: { Type: 'Pass', Result: 'other', End: true } } };
    const at = (digit: number) => `2016-03-05T21:29:29.24316725${digit}Z`;
    expect(await run(definition, { a: at(2), b: at(3) })).toMatchObject({ output: 'less' });
    expect(await run(definition, { a: at(3), b: at(3) })).toMatchObject({ output: 'other' });
  });
});

import * as fc from 'fast-check';
import { MAX_PARAMETER_BYTES } from '../../../../src/paged-batch-etl/contracts/run-input';
import { batchSizeOf, checkParameters } from '../../../../src/paged-batch-etl/source-functions/reader/run-input';
import { INPUT, outcomeOf, RULES } from '../harness';

const outcome = (input: Record<string, unknown>) => outcomeOf(() => checkParameters(input, RULES));

describe('a good input', () => {
  test('becomes the declared parameters, as given and with their types', () => {
    const { given, typed } = checkParameters(INPUT, RULES);
    expect(given).toEqual(INPUT);
    expect(Object.fromEntries(typed)).toEqual({
      date_begin: { $date: { $numberLong: String(Date.UTC(2026, 10, 23)) } },
      date_end: { $date: { $numberLong: String(Date.UTC(2026, 10, 23, 23)) } },
      kind: 'daily',
      amount: { $numberInt: '7' },
      owner: { $oid: '5f00000000000000000000ab' },
    });
  });

  test('may have the keys that are ours, which are no parameters', () => {
    const { given } = checkParameters({ ...INPUT, batch_size: 20, progress: {}, AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: 'arn' }, RULES);
    expect(given).toEqual(INPUT);
  });
});

describe('a bad one', () => {
  test('has keys that are no parameters, and all of them are named', async () => {
    const { name, message } = await outcome({ ...INPUT, date_start: 1, Kind: 2 });
    expect(name).toBe('UnknownParameter');
    expect(message).toBe('The input has keys that are no parameters of this run: "date_start", "Kind"');
  });

  test.each(['constructor', '__proto__', 'toString'])('has a key %s, which every object has', async (key) => {
    expect((await outcome({ ...INPUT, ...JSON.parse(`{"${key}":1}`) })).name).toBe('UnknownParameter');
  });

  test('lacks parameters', async () => {
    expect(await outcome({ kind: 'a', amount: 1, owner: INPUT.owner })).toEqual({
      name: 'MissingParameter', message: 'The input lacks parameters that have no default: "date_begin", "date_end"',
    });
  });

  test('has too much of them: bytes count, not characters', async () => {
    const spare = MAX_PARAMETER_BYTES - Buffer.byteLength(JSON.stringify({ ...INPUT, kind: '' }));
    expect((await outcome({ ...INPUT, kind: 'a'.repeat(spare) })).name).toBe('Done');
    expect((await outcome({ ...INPUT, kind: 'a'.repeat(spare + 1) })).name).toBe('ParametersTooLarge');
    expect((await outcome({ ...INPUT, kind: 'ä'.repeat(spare - 100) })).name).toBe('ParametersTooLarge');
  });

  test('shows what it shows in few words, however much there is', async () => {
    const long = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`key-${index}-${'x'.repeat(500)}`, 1]));
    const unknown = await outcome({ ...INPUT, ...long });
    expect(unknown.message).toContain('and 490 more');
    const wrong = await outcome({ ...INPUT, date_begin: 'y'.repeat(10_000) });
    expect(wrong).toMatchObject({ name: 'InvalidParameter', message: expect.stringContaining('"date_begin"') });
    for (const { message } of [unknown, wrong]) expect(message.length).toBeLessThan(1_000);
  });
});

describe('values of another type', () => {
  test.each([
    ['kind', 1], ['kind', null], ['kind', ['a']], ['kind', { $oid: 'a' }],
    ['amount', '7'], ['amount', 7.5], ['amount', 2 ** 53], ['amount', null], ['amount', true],
    ['owner', '5f'], ['owner', '5f00000000000000000000ag'], ['owner', { $oid: '5f00000000000000000000ab' }], ['owner', 5],
    ['date_begin', 1_795_507_200_000], ['date_begin', null], ['date_begin', { $date: '2026-11-24T00:00:00Z' }], ['date_begin', ['2026-11-24']],
  ])('%s: %j', async (parameter, value) => {
    const { name, message } = await outcome({ ...INPUT, [parameter]: value });
    expect(name).toBe('InvalidParameter');
    expect(message).toMatch(new RegExp(`^The parameter "${parameter}" must be `));
  });

  test('integers become the smallest type that holds them', () => {
    const typed = (amount: number) => checkParameters({ ...INPUT, amount }, RULES).typed.get('amount');
    expect([-(2 ** 31), 2 ** 31 - 1, -0].map(typed)).toEqual([{ $numberInt: '-2147483648' }, { $numberInt: '2147483647' }, { $numberInt: '0' }]);
    expect([-(2 ** 31) - 1, 2 ** 31, Number.MAX_SAFE_INTEGER].map(typed)).toEqual([
      { $numberLong: '-2147483649' }, { $numberLong: '2147483648' }, { $numberLong: '9007199254740991' },
    ]);
  });

  test('whatever the values are, it ends in parameters or in a typed error', async () => {
    await fc.assert(fc.asyncProperty(fc.record({
      date_begin: fc.jsonValue(), date_end: fc.jsonValue(), kind: fc.jsonValue(), amount: fc.jsonValue(), owner: fc.jsonValue(),
    }), async (input) => {
      expect(['Done', 'InvalidParameter']).toContain((await outcome(input)).name);
    }));
  });
});

describe('batch_size', () => {
  test.each([1, 20, 100])('%d of at most 100', (value) => expect(batchSizeOf(value, 100)).toBe(value));

  // Of a run that began before the largest size became smaller: the workflow refuses it otherwise.
  test.each([101, 10_000, 2 ** 53])('%d is as much as is allowed', (value) => expect(batchSizeOf(value, 100)).toBe(100));

  test.each([0, -1, 1.5, 100.5, '20', null, NaN, [20], { a: 'x'.repeat(1000) }])('%j is refused', async (value) => {
    const { name, message } = await outcomeOf(() => batchSizeOf(value, 100));
    expect(name).toBe('InvalidBatchSize');
    expect(message).toMatch(/^batch_size must be a whole number from 1 to 100, got .{1,20}$/);
  });
});

import { createDynamoDb, ORDERS, TableName } from './dynamodb-cloud';
import { JsonObject, JsonValue } from '../../../local/json';

const KEY: JsonObject = { pk: { S: 'a' }, sk: { N: '1' } };

type Cloud = ReturnType<typeof createDynamoDb>;

let cloud: Cloud;
beforeEach(async () => {
  cloud = createDynamoDb();
  await cloud.create(ORDERS);
});
afterEach(async () => cloud.closeService());

const put = async (attributes: JsonObject) => cloud.call('PutItem', { TableName, Item: { ...KEY, ...attributes } });

describe('a filter or condition', () => {
  const item: JsonObject = {
    empty: { S: '' },
    noBytes: { B: '' },
    no: { BOOL: false },
    nil: { NULL: true },
    text: { S: 'b' },
    bytes: { B: 'AQI=' },
    five: { N: '5.0' },
    list: { L: [{ N: '1' }, { M: { a: { S: 'x' } } }, { BOOL: true }] },
    map: { M: { a: { L: [{ S: 'x' }] }, b: { N: '1' } } },
    words: { SS: ['x', 'y'] },
    numbers: { NS: ['1', '2.50'] },
    private: { S: '\uE000' },
  };
  const values: JsonObject = {
    ':empty': { S: '' },
    ':no': { BOOL: false },
    ':b': { S: 'b' },
    ':x': { S: 'x' },
    ':0': { N: '0' },
    ':1': { N: '1' },
    ':5': { N: '5' },
    ':9': { N: '9' },
    ':10': { N: '10' },
    ':bool': { S: 'BOOL' },
    ':string': { S: 'S' },
    ':byte': { B: 'AQ==' },
    ':true': { BOOL: true },
    ':a': { S: 'a' },
    ':emoji': { S: '\u{1F600}' },
    ':map': { M: { b: { N: '1.0' }, a: { L: [{ S: 'x' }] } } },
    ':other': { M: { b: { N: '1' }, a: { L: [{ S: 'y' }] } } },
    ':inner': { M: { a: { S: 'x' } } },
    ':list': { L: [{ N: '1' }, { M: { a: { S: 'x' } } }, { BOOL: true }] },
    ':set': { NS: ['2.5', '1'] },
    ':2': { N: '2.5' },
    ':words': { SS: ['y', 'x'] },
  };

  test.each<[boolean, string]>([
    // What the engine itself gets wrong.
    [true, '#map = :map'], [false, '#map = :other'], [true, '#map <> :other'], [false, '#map <> :map'], [true, '#list = :list'],
    [true, '#no IN (:no)'], [true, '#no IN (:b, :x, :1, :no)'], [true, '#empty BETWEEN :empty AND :b'], [true, 'attribute_type(#no, :bool)'],
    [true, 'attribute_type(#empty, :string)'], [true, 'size(#empty) = :0'], [true, 'size(noBytes) = :0'], [false, 'absent = gone'], [false, 'absent <= gone'],
    [false, 'begins_with(absent, gone)'], [false, 'size(absent) < :9'], [true, 'contains(#list, :true)'], [true, 'contains(#list, :inner)'],
    [false, 'contains(#list, :map)'], [true, 'contains(#numbers, :2)'], [false, 'toString = :x'], [true, 'attribute_not_exists(toString)'],
    // In UTF-8, what lies outside the first plane comes last; in UTF-16 it does not.
    [true, '#private < :emoji'],
    // What else there is.
    [true, '#text = :b'], [true, '#text <> :x'], [true, 'absent <> :x'], [false, 'absent = :x'], [true, 'five = :5'], [true, 'five < :10'], [true, 'five >= :5'],
    [false, 'five > :9'], [true, 'five BETWEEN :1 AND :5'], [false, '#text < :5'], [true, '#text > :a'], [true, 'attribute_exists(nil)'],
    [true, 'attribute_not_exists(#map.c)'], [true, '#map.b = :1'], [true, '#list[0] = :1'], [true, '#list[1].a = :x'], [false, '#list[9] = :1'],
    [true, 'begins_with(#text, :empty)'], [true, 'begins_with(#bytes, :byte)'], [false, 'begins_with(#bytes, :b)'], [true, 'contains(words, :x)'],
    [false, 'contains(words, :1)'], [true, 'words = :words'], [true, '#numbers = :set'], [true, 'size(#list) BETWEEN :1 AND :5'], [true, 'size(#map) > :1'],
    [true, 'NOT #text = :x AND (five = :9 OR five = :5)'], [false, 'NOT (#text = :b) OR five = :9'],
  ])('is met (%p): %s', async (met, FilterExpression) => {
    await put(item);
    const used = (names: JsonObject, pattern: RegExp) => {
      const found = new Set<string>(FilterExpression.match(pattern));
      return Object.fromEntries(Object.entries(names).filter(([name]) => found.has(name)));
    };
    const names = Object.fromEntries(['map', 'list', 'no', 'empty', 'numbers', 'text', 'private', 'bytes'].map((name) => [`#${name}`, name]));
    const [attributeNames, attributeValues] = [used(names, /#\w+/g), used(values, /:\w+/g)];
    const parameters = {
      ...Object.keys(attributeNames).length > 0 && { ExpressionAttributeNames: attributeNames },
      ...Object.keys(attributeValues).length > 0 && { ExpressionAttributeValues: attributeValues },
    };
    expect(await cloud.call('Scan', { TableName, FilterExpression, ...parameters })).toMatchObject({ Count: met ? 1 : 0, ScannedCount: 1 });
    const deletion = cloud.call('DeleteItem', { TableName, Key: KEY, ConditionExpression: FilterExpression, ...parameters });
    await (met ? expect(deletion).resolves.toEqual({}) : expect(deletion).rejects.toMatchObject({ code: 'ConditionalCheckFailedException' }));
  });

  test('a projection takes effect after the filter', async () => {
    await put(item);
    const scan = { TableName, FilterExpression: '#t = :b', ExpressionAttributeNames: { '#t': 'text', '#m': 'map' }, ExpressionAttributeValues: { ':b': { S: 'b' } } };
    const { Items } = await cloud.call('Scan', { ...scan, ProjectionExpression: 'five, #m.b' });
    expect(Items).toEqual([{ five: { N: '5' }, map: { M: { b: { N: '1' } } } }]);
  });
});

describe('an update', () => {
  async function update(UpdateExpression: string, values: JsonObject = {}, more: JsonObject = {}) {
    const parameters: JsonObject = Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: values };
    return cloud.call('UpdateItem', { TableName, Key: KEY, UpdateExpression, ReturnValues: 'ALL_NEW', ...parameters, ...more });
  }

  const letters = (text: string): JsonObject => ({ L: [...text].map((S) => ({ S })) });
  const one = { ':1': { N: '1' } };

  test.each<[string, JsonObject, string, JsonObject, JsonObject]>([
    ['removes the elements that were there before', { l: letters('abcde') }, 'REMOVE l[0], l[2], l[3]', {}, { l: letters('be') }],
    ['sets elements by the places that they had before', { l: letters('abc') }, 'REMOVE l[0] SET l[1] = :x', { ':x': { S: 'x' } }, { l: letters('xc') }],
    ['removes from lists within lists', { l: { L: [letters('ab'), letters('cd')] } }, 'REMOVE l[1][0], l[0]', {}, { l: { L: [letters('d')] } }],
    ['copies what was there before', { a: { N: '1' } }, 'SET b = a ADD a :1', one, { a: { N: '2' }, b: { N: '1' } }],
    ['copies documents, not what becomes of them', { a: { M: { x: { N: '1' } } } }, 'SET b = a, a.x = :1', { ':1': { N: '9' } }, { a: { M: { x: { N: '9' } } }, b: { M: { x: { N: '1' } } } }],
    ['swaps', { a: { N: '1' }, b: { N: '2' } }, 'SET a = b, b = a', {}, { a: { N: '2' }, b: { N: '1' } }],
    ['counts from nothing', {}, 'SET a = if_not_exists(a, :0) + :1 ADD b :1', { ...one, ':0': { N: '0' } }, { a: { N: '1' }, b: { N: '1' } }],
    ['counts exactly', { a: { N: '0.1' } }, 'SET a = a + :v', { ':v': { N: '0.2' } }, { a: { N: '0.3' } }],
    ['appends', { l: letters('a') }, 'SET l = list_append(l, :l)', { ':l': letters('b') }, { l: letters('ab') }],
    ['appends far behind the end', { l: letters('a') }, 'SET l[7] = :x', { ':x': { S: 'x' } }, { l: letters('ax') }],
    ['adds to and takes from sets', { s: { SS: ['a', 'b'] }, t: { NS: ['1', '2'] } }, 'ADD s :s DELETE t :t', { ':s': { SS: ['b', 'c'] }, ':t': { NS: ['2.0'] } }, { s: { SS: ['a', 'b', 'c'] }, t: { NS: ['1'] } }],
    ['takes an empty set away', { s: { SS: ['a'] } }, 'DELETE s :s', { ':s': { SS: ['a'] } }, {}],
  ])('%s', async (_, before, expression, values, after) => {
    await put(before);
    expect((await update(expression, values)).Attributes).toEqual({ ...KEY, ...after });
    expect((await cloud.call('GetItem', { TableName, Key: KEY })).Item).toEqual({ ...KEY, ...after });
  });

  test('answers what it changed, before and after', async () => {
    await put({ a: { N: '1' }, b: { N: '1' } });
    expect(await update('ADD a :1', one, { ReturnValues: 'UPDATED_OLD' })).toEqual({ Attributes: { a: { N: '1' } } });
    expect(await update('ADD a :1', one, { ReturnValues: 'UPDATED_NEW' })).toEqual({ Attributes: { a: { N: '3' } } });
    expect(await update('ADD a :1', one, { ReturnValues: 'NONE' })).toEqual({});
  });

  test.each<[string, string, JsonObject]>([
    ['a path that is not there', 'SET m.a = :1', one], ['a sum with a text', 'SET a = t + :1', one], ['a value that is not there', 'SET a = b', {}],
    ['paths that overlap', 'SET m = :1, m.a = :1', one],
  ])('with %s changes nothing', async (_, expression, values) => {
    await put({ t: { S: 'x' } });
    await expect(update(expression, values)).rejects.toMatchObject({ code: 'ValidationException' });
    expect((await cloud.call('GetItem', { TableName, Key: KEY })).Item).toEqual({ ...KEY, t: { S: 'x' } });
  });

  test.each<[string, string, string]>([
    ['too many digits', '1e30', '1e-10'], ['too large', '9e125', '9e125'],
  ])('to a sum that is %s is refused, and changes nothing', async (_, a, b) => {
    const overflow = { code: 'ValidationException', message: 'Number overflow. Attempting to store a number with magnitude larger than supported range' };
    await put({ a: { N: a } });
    const { Item: before } = await cloud.call('GetItem', { TableName, Key: KEY });
    await expect(update('ADD a :v', { ':v': { N: b } })).rejects.toMatchObject(overflow);
    expect((await cloud.call('GetItem', { TableName, Key: KEY })).Item).toEqual(before);
    await cloud.call('DeleteItem', { TableName, Key: KEY });
    await expect(update('SET a = :a + :b', { ':a': { N: a }, ':b': { N: b } })).rejects.toMatchObject(overflow);
    expect((await cloud.call('GetItem', { TableName, Key: KEY })).Item).toBeUndefined();
  });

  test.each([
    ['2e-130', '1.9e-130', 'ValidationException'], ['2e-130', '1e-130', undefined],
  ])('of %s by -%s ends as on AWS', async (a, b, code) => {
    await put({ a: { N: a } });
    const less = update('SET a = a - :v', { ':v': { N: b } });
    await (code === undefined ? expect(less).resolves.toBeDefined() : expect(less).rejects.toMatchObject({ code, message: expect.stringContaining('underflow') }));
  });

  test.each<[string, JsonObject, boolean]>([
    ['REMOVE a', {}, false], ['REMOVE a.b, c[0]', {}, false], ['DELETE a :s', { ':s': { SS: ['x'] } }, false], ['REMOVE a SET b = :1', one, true],
  ])('of an item that is not there: %s', async (expression, values, made) => {
    const { Attributes } = await update(expression, values);
    expect([Attributes !== undefined, (await cloud.call('GetItem', { TableName, Key: KEY })).Item !== undefined]).toEqual([made, made]);
    const whenThere = update(expression, values, { ConditionExpression: 'attribute_exists(x)' });
    await expect(whenThere).rejects.toMatchObject({ code: 'ConditionalCheckFailedException' });
  });

  test('without an expression makes an item that has its key only', async () => {
    expect(await cloud.call('UpdateItem', { TableName, Key: KEY, ReturnValues: 'ALL_NEW' })).toEqual({ Attributes: KEY });
    await expect(update('REMOVE pk')).rejects.toMatchObject({ code: 'ValidationException' });
  });

  test.each<[string, string, JsonObject, JsonValue]>([
    ['UPDATED_NEW', 'REMOVE a', {}, {}], ['UPDATED_OLD', 'SET c = :1', one, {}], ['UPDATED_NEW', 'SET l[7] = :1', one, {}],
    ['UPDATED_NEW', 'SET m.x = :1', one, { Attributes: { m: { M: { x: { N: '1' } } } } }],
    ['UPDATED_OLD', 'REMOVE l[1], l[9]', {}, { Attributes: { l: { L: [{ S: 'b' }] } } }],
  ])('answers for %s: %s', async (ReturnValues, expression, values, answer) => {
    await put({ a: { N: '1' }, l: letters('abc'), m: { M: {} } });
    expect(await update(expression, values, { ReturnValues })).toEqual(answer);
  });

  test('sorts what is set behind the end of a list', async () => {
    await put({ l: letters('a') });
    const values = Object.fromEntries([...'1234'].map((S) => [`:${S}`, { S }]));
    const { Attributes } = await update('SET l[84] = :4, l[37] = :2, l[17] = :1, l[50] = :3', values);
    expect(Attributes).toMatchObject({ l: letters('a1234') });
  });
});

describe('what DynamoDB refuses and the engine would not:', () => {
  test.each<[string, JsonObject, string]>([
    ['UpdateItem', { Key: KEY, UpdateExpression: 'SET _a = :v', ExpressionAttributeValues: { ':v': { N: '1' } } }, 'Invalid UpdateExpression: Syntax error; token: "_"'],
    ['UpdateItem', { Key: KEY, UpdateExpression: 'REMOVE m._a' }, 'Invalid UpdateExpression: Syntax error'],
    ['DeleteItem', { Key: KEY, ConditionExpression: 'attribute_exists(_a)' }, 'Invalid ConditionExpression: Syntax error'],
    ['GetItem', { Key: KEY, ProjectionExpression: 'a, _b' }, 'Invalid ProjectionExpression: Syntax error'],
    ['BatchGetItem', { RequestItems: { [TableName]: { Keys: [KEY], ProjectionExpression: '_b' } } }, 'Invalid ProjectionExpression: Syntax error'],
    ['UpdateItem', { Key: KEY, UpdateExpression: 'SET a = list_append(list_append(:v, :v), :v)', ExpressionAttributeValues: { ':v': { L: [] } } }, 'not allowed to be used this way'],
    ['DeleteItem', { Key: KEY, ConditionExpression: 'a < :v', ExpressionAttributeValues: { ':v': { L: [] } } }, 'operator or function: <, operand type: L'],
    ['DeleteItem', { Key: KEY, ConditionExpression: 'NOT (b = :v OR a >= :v)', ExpressionAttributeValues: { ':v': { BOOL: true } } }, 'operand type: BOOL'],
    ['Scan', { FilterExpression: 'a BETWEEN :v AND :v', ExpressionAttributeValues: { ':v': { SS: ['x'] } } }, 'Invalid FilterExpression: Incorrect operand type'],
    ['DeleteItem', { Key: KEY, ReturnValues: 'ALL_NEW' }, 'ReturnValues can only be ALL_OLD or NONE'],
  ])('%s %j', async (operation, input, message) => {
    await expect(cloud.call(operation, { ...!('RequestItems' in input) && { TableName }, ...input })).rejects.toMatchObject({ code: 'ValidationException', message: expect.stringContaining(message) });
  });

  test('names of attributes and of values may have it where a letter or a mark comes first', async () => {
    await put({ a_b: { N: '1' }, _c: { N: '2' } });
    const names = { ExpressionAttributeNames: { '#_c': '_c' }, ExpressionAttributeValues: { ':_v': { N: '2' } } };
    expect(await cloud.call('Scan', { TableName, FilterExpression: 'a_b < :_v AND #_c = :_v', ...names })).toMatchObject({ Count: 1 });
  });
});

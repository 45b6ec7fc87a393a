import fc from 'fast-check';
import { readJson, writeJson } from '../../../local/exact-json';
import { JsonValue } from '../../../local/json';
import { NotImplemented } from '../../../local/not-implemented';
import { parsePath, PathNotFound, readPath } from '../../../local/stepfunctions/paths/path';
import { putAt, ReferencePathMismatch } from '../../../local/stepfunctions/paths/reference-path';
import { PathSyntaxError } from '../../../local/stepfunctions/paths/scanner';

const store: JsonValue = {
  'books': [
    { title: 'A', price: 8, tags: ['x', 'y'] },
    { title: 'B', price: 12, tags: [], isbn: '1' },
    { title: 'C', price: 22, tags: ['y'], isbn: '2' },
  ],
  'odd name': { 'with.dot': 1 },
  'limit': 10,
  'nothing': null,
};

const read = (path: string, root: JsonValue = store) => readPath(parsePath(path, 1), root);

test.each<[string, JsonValue]>([
  ['$.limit', 10],
  ['$.nothing', null],
  ['$.books[1].title', 'B'],
  ['$.books[(@.length-1)].title', 'C'],
  ['$[\'odd name\'][\'with.dot\']', 1],
  ['$.[\'odd name\'].[\'with.dot\']', 1],
  ['$[\'limit\',\'nothing\',\'missing\']', { limit: 10, nothing: null }],
  ['$.books[*].title', ['A', 'B', 'C']],
  ['$.books[0,2].title', ['A', 'C']],
  ['$.books[0:2].title', ['A', 'B']],
  ['$.books[1:].price', [12, 22]],
  ['$.books[:-1].price', [8, 12]],
  ['$..price', [8, 12, 22]],
  ['$.books[?(@.isbn)].title', ['B', 'C']],
  ['$.books[?(!@.isbn)].title', ['A']],
  ['$.books[?(@.price < $.limit)].title', ['A']],
  ['$.books[?(@.price >= 12 && @.title != \'B\')].title', ['C']],
  // Brackets around tests mean nothing.
  ['$.books[?((@.title == \'A\' || @.price > 20) && @.isbn == 1)].title', ['A']],
  ['$.books[?(@.isbn == 2)].title', ['C']],
  ['$.books[?(@.price == \'12\')].title', ['B']],
  ['$.books[?(@.isbn == null)].title', []],
  ['$.books[?(@.title =~ /[ab]/i)].title', ['A', 'B']],
  ['$.missing[*]', []],
])('%s', (path, expected) => {
  expect(read(path)).toEqual(expected);
});

test.each([
  ['$.missing', 'No results for path: $[\'missing\']'],
  ['$.missing.deeper', 'Missing property in path $[\'missing\']'],
  ['$.books[7]', 'Index out of bounds when evaluating path $[\'books\'][7]'],
  ['$.books[-1]', 'Index out of bounds when evaluating path $[\'books\'][-1]'],
  // Measured on AWS: github.com/awsdocs/aws-step-functions-developer-guide/pull/5.
  ['$.books.length()', 'Property [\'length()\'] not found in path $[\'books\']'],
  ['$.nothing[0]', 'The path $[\'nothing\'] is null'],
  ['$.books[1:].isbn.x', 'Property [\'x\'] not found in path $[\'books\'][1][\'isbn\']'],
  ['$.books[0:2].isbn', 'No results for path: $[\'books\'][0][\'isbn\']'],
  ['$.books[?(@.price < \'text\')].title', '\'text\' is no number'],
  ['$.limit[0]', 'Filter: [0] can only be applied to arrays. Current context is: 10'],
])('%s leads nowhere', (path, message) => {
  expect(() => read(path)).toThrow(new PathNotFound(message));
});

test.each([
  '$.', '$[', '$.a[?(@.b]', '$.a b', '$.a[\'b]', '$.a["b"]', '$.a..', '$.a[]', '$.a[1', '$.a[:]', '$.a[x]', '$.a[99999999999]', '$a',
  '$.a[?(@.b in [\'x\'])]', '$.a[?(@.b empty true)]', '$.a[?(\'x\' in @.b)]', '$.a[?(@.b[*] == 1)]', '$.a[?(@..b)]', '$.a[?()]', '$.a[?(@.b == 1 &&)]',
])('%s does not parse', (path) => {
  expect(() => parsePath(path, 1)).toThrow(PathSyntaxError);
});

test.each(['/*a/', '/(?i)a/', '/\\p{Alpha}/', '/a\\Z/', '/[a[b]]/', '/a++/'])('the regular expression %s is not implemented', (expression) => {
  expect(() => parsePath(`$.a[?(@.b =~ ${expression})]`, 1)).toThrow(NotImplemented);
});

test('a backslash before a letter is one of the expression', () => {
  expect(read('$.books[?(@.title =~ /\\w/)].title')).toEqual(['A', 'B', 'C']);
  expect(read('$.x[?(@.b =~ /\\\\Q/)]', { x: [{ b: '\\Q' }, { b: 'Q' }] })).toEqual([{ b: '\\Q' }]);
});

test('wildcards and descents keep the order of members', () => {
  const root = readJson('{"b":{"x":1},"10":{"x":2},"2":{"x":3},"a":{"x":4}}');
  expect(read('$.*.x', root)).toEqual([1, 2, 3, 4]);
  expect(read('$..x', root)).toEqual([1, 2, 3, 4]);
  expect(writeJson(read('$[\'a\',\'2\',\'10\']', root))).toBe('{"a":{"x":4},"2":{"x":3},"10":{"x":2}}');
  expect(writeJson(putAt(parsePath('$[\'1\'].y', 1), root, 5))).toBe('{"b":{"x":1},"10":{"x":2},"2":{"x":3},"a":{"x":4},"1":{"y":5}}');
});

test('a name that every object inherits is not found', () => {
  expect(() => read('$.constructor')).toThrow(PathNotFound);
});

describe('putAt', () => {
  const put = (path: string, target: JsonValue, value: JsonValue) => putAt(parsePath(path, 1), target, value);

  test('makes what is missing on the way and shares the rest', () => {
    const target = { keep: { a: 1 } };
    const result = put('$.x.y', target, 2);
    expect(result).toEqual({ keep: { a: 1 }, x: { y: 2 } });
    expect(target).toEqual({ keep: { a: 1 } });
    expect(result).toHaveProperty('keep', target.keep);
  });

  test('does not go through scalars or past the end of a list', () => {
    expect(() => put('$.a.b', { a: 1 }, 2)).toThrow(ReferencePathMismatch);
    expect(() => put('$.a[1]', { a: [0] }, 2)).toThrow(ReferencePathMismatch);
  });

  test('property: what was put is read back, and nothing else changes', () => {
    const name = fc.string({ minLength: 1 }).filter((text) => !/['[\]]/.test(text));
    const steps = fc.array(name, { minLength: 1, maxLength: 3 });
    fc.assert(fc.property(fc.dictionary(name, fc.integer()), steps, fc.jsonValue(), (target, names, value) => {
      fc.pre(target[names[0]] === undefined);
      const path = `$${names.map((step) => `['${step}']`).join('')}`;
      const json: JsonValue = JSON.parse(JSON.stringify(value));
      const result = put(path, target, json);
      expect(read(path, result)).toEqual(json);
      expect({ ...Object(result), [names[0]]: undefined }).toEqual({ ...target, [names[0]]: undefined });
    }));
  });
});

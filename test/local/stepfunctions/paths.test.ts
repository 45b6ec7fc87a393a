import fc from 'fast-check';
import { JsonValue } from '../../../local/json';
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
  ['$.books[-1].title', 'C'],
  ['$[\'odd name\']["with.dot"]', 1],
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
  ['$.books[?(@.title == \'A\' || (@.price > 20 && @.isbn == "2"))].title', ['A', 'C']],
  ['$.books[?(\'x\' in @.tags)].title', ['A']],
  ['$.books[?(@.title in [\'A\',\'C\'])].title', ['A', 'C']],
  ['$.books[?(@.title =~ /[ab]/i)].title', ['A', 'B']],
  ['$.books[?(@.tags empty true)].title', ['B']],
  ['$.books[?(@.price < \'text\')].title', []],
  ['$.missing[*]', []],
])('%s', (path, expected) => {
  expect(read(path)).toEqual(expected);
});

test.each([
  ['$.missing', 'No results for path: $[\'missing\']'],
  ['$.missing.deeper', 'Missing property in path $[\'missing\']'],
  ['$.books[7]', 'No results for path: $[\'books\'][7]'],
])('%s leads nowhere', (path, message) => {
  expect(() => read(path)).toThrow(new PathNotFound(message));
});

test.each(['$.', '$[', '$.a[?(@.b]', '$.a b', '$.a[\'b]'])('%s does not parse', (path) => {
  expect(() => parsePath(path, 1)).toThrow(PathSyntaxError);
});

test('a JSONPath function is refused by name', () => {
  expect(() => parsePath('$.list.length()', 1)).toThrow('does not implement the JSONPath function length()');
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
    const name = fc.string({ minLength: 1 }).filter((text) => !/['\\]/.test(text));
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

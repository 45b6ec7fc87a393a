import * as fc from 'fast-check';
import { constrainedFields } from '../../../src/paged-batch-etl/mongo-filter/structure/constrained-fields';
import { JsonValue } from '../../../src/paged-batch-etl/mongo-filter/structure/json-value';
import { findMalformedValues } from '../../../src/paged-batch-etl/mongo-filter/structure/malformed-values';
import { findRefusedOperators } from '../../../src/paged-batch-etl/mongo-filter/structure/refused-operators';
import { bindVariables, findLocalVariables, findVariables, SYSTEM_VARIABLES } from '../../../src/paged-batch-etl/mongo-filter/structure/variables';

/** Binds every variable to a text that tells where it was. */
const bound = (filter: JsonValue) => bindVariables(filter, (name, inExpr) => `<${name}${inExpr ? ' in $expr' : ''}>`);

describe('variables', () => {
  test.each<[string, JsonValue, JsonValue]>([
    ['a value', { a: '$$x' }, { a: '<x>' }],
    ['an operand', { a: { $gte: '$$x', $lt: '$$y_2' } }, { a: { $gte: '<x>', $lt: '<y_2>' } }],
    ['an entry of a list', { a: { $in: ['$$x', 'b'] } }, { a: { $in: ['<x>', 'b'] } }],
    ['a member of an embedded document', { a: { b: { c: '$$x' } } }, { a: { b: { c: '<x>' } } }],
    ['within $or and $elemMatch', { $or: [{ a: { $elemMatch: { b: '$$x' } } }] }, { $or: [{ a: { $elemMatch: { b: '<x>' } } }] }],
    ['within $expr', { $expr: { $gt: ['$a', '$$x'] } }, { $expr: { $gt: ['$a', '<x in $expr>'] } }],
    ['within $expr within $and', { $and: [{ $expr: '$$x' }, { a: '$$x' }] }, { $and: [{ $expr: '<x in $expr>' }, { a: '<x>' }] }],
  ])('%s is one', (_where, filter, expected) => {
    expect(bound(filter)).toEqual(expected);
  });

  test.each<[string, JsonValue]>([
    ['a text with more around it', { a: '$$x ', b: ' $$x', c: '$$x.y', d: 'a$$x', e: '$$', f: '$$$x', g: '$x', h: '$$x-y', i: '$$1' }],
    ['a key', { $$x: 1 }],
    ['a system variable in $expr', { $expr: { $lt: ['$a', '$$NOW'] } }],
    ['a path into a system variable', { $expr: { $eq: ['$$ROOT.a', '$$CURRENT.b'] } }],
    ['a literal in $expr', { $expr: { $eq: ['$a', { $literal: '$$x' }] } }],
    ['what is in a typed value', { a: { $oid: '$$x' }, b: { $regularExpression: { pattern: '$$x', options: '' } } }],
    ['what $let defines', { $expr: { $let: { vars: { x: '$a' }, in: { $gt: ['$$x', 1] } } } }],
    ['what $map defines', { $expr: { $map: { input: '$a', as: 'x', in: '$$x' } } }],
    ['what $filter defines by default', { $expr: { $filter: { input: '$a', cond: { $gt: ['$$this', 1] } } } }],
    ['what $reduce defines', { $expr: { $reduce: { input: '$a', initialValue: 0, in: { $add: ['$$value', '$$this'] } } } }],
  ])('%s is none', (_what, filter) => {
    expect(bound(filter)).toEqual(filter);
    expect(findVariables(filter)).toEqual([]);
  });

  test('a local variable is one only within its operator, and not in what the operator is given', () => {
    expect(bound({ $expr: { $and: [{ $let: { vars: { x: '$$x' }, in: { $eq: ['$$x', '$$y'] } } }, '$$x'] } })).toEqual({
      $expr: { $and: [{ $let: { vars: { x: '<x in $expr>' }, in: { $eq: ['$$x', '<y in $expr>'] } } }, '<x in $expr>'] },
    });
    expect(bound({ $expr: { $filter: { input: '$$this', cond: '$$this', limit: '$$this' } } })).toEqual({
      $expr: { $filter: { input: '<this in $expr>', cond: '$$this', limit: '<this in $expr>' } },
    });
  });

  test('outside of $expr, names of MongoDB are as good as others', () => {
    expect(bound({ a: '$$NOW' })).toEqual({ a: '<NOW>' });
  });

  test('local names are found wherever they are', () => {
    const filter = {
      $or: [{ $expr: { $let: { vars: { low: 1, high: 2 }, in: { $map: { input: '$a', as: 'each', arrayIndexAs: 'at', in: 1 } } } } }],
      $expr: { $reduce: { input: '$a', initialValue: 0, in: 1 } },
    };
    expect(findLocalVariables(filter)).toEqual(['at', 'each', 'high', 'low', 'this', 'value']);
    expect(findLocalVariables({ a: { vars: { x: 1 } } })).toEqual([]);
  });

  test('a member called __proto__ stays a member', () => {
    const filter: JsonValue = JSON.parse('{"__proto__":{"$gt":"$$x"}}');
    expect(JSON.stringify(bound(filter))).toBe('{"__proto__":{"$gt":"<x>"}}');
  });
});

/** Filters of all shapes, with variables strewn in. */
const filters = fc.letrec<{ value: JsonValue; object: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium' },
    fc.constantFrom<JsonValue>('$$x', '$$y', '$$NOW', '$$this', 'text', '$path', 1, null, true),
    fc.record({ $oid: fc.constant('5f0000000000000000000000') }),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(fc.constantFrom('a', 'b.c', '$expr', '$and', '$or', '$gt', '$eq', '$in', '$literal', '$let', '$map', 'vars', 'in', 'as', 'input'), tie('value'), { maxKeys: 4 }),
})).object;

describe('for any filter', () => {
  test('binding each variable to itself changes nothing, and asks for exactly the variables that are found', () => {
    fc.assert(fc.property(filters, (filter) => {
      const asked = new Set<string>();
      const copy = bindVariables(filter, (name) => {
        asked.add(name);
        return `$$${name}`;
      });
      expect(copy).toEqual(filter);
      expect([...asked].sort()).toEqual(findVariables(filter));
    }));
  });

  test('after binding to plain values no variable is left, and nothing else has changed', () => {
    fc.assert(fc.property(filters, (filter) => {
      const copy = bindVariables(filter, (name) => ({ bound: name }));
      expect(findVariables(copy)).toEqual([]);
      expect(JSON.stringify(copy).replace(/\{"bound":"(\w+)"\}/g, '"$$$$$1"')).toBe(JSON.stringify(filter));
    }));
  });

  test('system variables are never asked for within $expr', () => {
    fc.assert(fc.property(filters, (filter) => {
      for (const name of findVariables({ $expr: filter })) expect(SYSTEM_VARIABLES).not.toContain(name);
    }));
  });
});

describe('operators that cannot be paged', () => {
  test.each<[JsonValue, string]>([
    [{ $where: 'this.a > 1' }, '$where, which runs code on the server'],
    [{ $and: [{ $expr: { $function: { body: '', args: [], lang: 'js' } } }] }, '$function, which runs code on the server'],
    [{ $text: { $search: 'a' } }, '$text, which cannot be read in the order of a key'],
    [{ place: { $nearSphere: [1, 2] } }, '$nearSphere, which has an order of its own'],
    [{ $expr: { $lt: [{ $rand: {} }, 0.5] } }, '$rand, which is different for every page'],
    [{ $sampleRate: 0.1 }, '$sampleRate, which is different for every page'],
  ])('%j', (filter, expected) => {
    expect(findRefusedOperators(filter)).toEqual([expected]);
  });

  test('a value that has the name of one is none, nor is a literal', () => {
    expect(findRefusedOperators({ a: '$where', b: { $in: ['$text'] }, $expr: { $eq: ['$a', { $literal: { $where: 1 } }] } })).toEqual([]);
  });
});

describe('constrained fields', () => {
  const fields = (equality: string[], other: string[]) => ({ equality, other });
  const pattern = { $regularExpression: { pattern: 'a', options: '' } };

  test.each<[string, JsonValue, ReturnType<typeof fields>]>([
    ['none', {}, fields([], [])],
    ['equal to a value', { a: 1, b: null, c: 'x', d: '$$x' }, fields(['a', 'b', 'c', 'd'], [])],
    ['equal to a typed value', { a: { $oid: '5f0000000000000000000000' }, b: { $date: { $numberLong: '0' } } }, fields(['a', 'b'], [])],
    ['equal to an embedded document', { a: { b: 1 }, c: {} }, fields(['a', 'c'], [])],
    ['$eq and $in', { a: { $eq: 1 }, b: { $in: [1, 2] } }, fields(['a', 'b'], [])],
    ['a range', { a: { $gte: 1, $lt: 2 } }, fields([], ['a'])],
    ['both', { a: { $eq: 1, $exists: true } }, fields(['a'], ['a'])],
    ['a pattern, in whichever way it is written', { a: pattern, b: { $regex: 'a' }, c: { $in: [pattern] } }, fields([], ['a', 'b', 'c'])],
    ['a pattern to be equal to', { a: { $eq: pattern } }, fields(['a'], [])],
    ['$and', { $and: [{ a: 1 }, { $and: [{ b: { $gt: 1 } }] }] }, fields(['a'], ['b'])],
    ['alternatives', { $or: [{ a: 1 }, { b: 2, $and: [{ c: 3 }] }], $nor: [{ d: 1 }] }, fields([], ['a', 'b', 'c', 'd'])],
    ['negation', { a: { $not: { $gt: 1 } }, b: { $ne: 1 } }, fields([], ['a', 'b'])],
    ['an expression', { $expr: { $and: [{ $gt: ['$a.b', '$$ROOT.c'] }, { $eq: ['$d', { $literal: '$e' }] }, '$$x', '$$this.f'] } }, fields([], ['a.b', 'c', 'd'])],
    ['an operator that is of no field', { $jsonSchema: { required: ['b'] }, $alwaysFalse: 1, a: 1 }, fields(['a'], ['$jsonSchema'])],
    ['a comment', { $comment: 'why', a: 1 }, fields(['a'], [])],
  ])('%s', (_what, filter, expected) => {
    expect(constrainedFields(filter)).toEqual(expected);
  });
});

describe('malformed values', () => {
  test.each<JsonValue>([
    { $oid: 'xyz' }, { $oid: '5f00000000000000000000000' }, { $date: 'yesterday' }, { $date: '2026-11-24' }, { $date: '2026-11-24T08:00:00' }, { $date: '2026-13-24T08:00:00Z' }, { $date: '2026-02-30T08:00:00Z' },
    { $date: 1 }, { $date: { $numberLong: '1.5' } }, { $numberLong: '9223372036854775808' }, { $numberLong: 1 }, { $numberInt: '2147483648' }, { $numberDouble: 'one' },
    { $date: '$$date_begin' }, { $oid: '$$id' }, 9007199254740993, JSON.parse('1e400'),
    { $binary: { base64: '!!', subType: '00' } }, { $binary: { base64: 'AQI=', subType: 'zz' } }, { $binary: { base64: 'AQI=' } }, { $undefined: true },
    { $ref: 'fs.files', $id: 1 },
    // The driver would take these for the number, the date and the ObjectId alone.
    { $gt: 5, $numberLong: '7' }, { $exists: true, $date: '2026-11-24T08:00:00Z' }, { x: 1, $oid: '5f0000000000000000000000' }, { $minKey: 1, $lt: 5 },
  ])('%j', (value) => {
    expect(findMalformedValues({ a: { $in: [value] } })).toHaveLength(1);
  });

  test.each<JsonValue>([
    { $oid: '5F0000000000000000000000' }, { $date: '2026-11-24T08:00:00Z' }, { $date: '2026-11-24T08:00:00.250+01:00' }, { $date: { $numberLong: '-1' } },
    { $numberLong: '9223372036854775807' }, { $numberLong: '-9223372036854775808' }, { $numberInt: '-2147483648' }, { $numberDouble: '-Infinity' }, { $numberDouble: '1e300' },
    { $minKey: 1 }, { $numberDecimal: '0.1' }, { $binary: { base64: 'AQI=', subType: '00' } }, { $binary: { base64: '', subType: '4' } },
    { $code: 'x', $scope: { a: 1 } }, { $ref: 'a.b.c', $id: 1 }, { $ref: 'jobs', $id: { $oid: '5f0000000000000000000000' } }, { 'own.$ref': 'fs.files' }, 9007199254740991, 1.5, 1e300, '$$date_begin', null,
  ])('%j is none', (value) => {
    expect(findMalformedValues({ a: { $in: [value] } })).toEqual([]);
  });

  test('the advice says what to write', () => {
    expect(findMalformedValues({ a: { $gte: { $date: '$$date_begin' } } })).toEqual([
      '{"$date": "$$date_begin"}: write "$$date_begin" alone, for its type is that of the parameter',
    ]);
    expect(findMalformedValues({ a: { $oid: 'x'.repeat(1000) } })[0].length).toBeLessThan(150);
  });
});

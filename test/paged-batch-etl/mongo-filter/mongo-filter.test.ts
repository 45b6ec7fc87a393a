import { CfnParameter, Stack } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { MongoFilter, PageSource, RunParameter } from '../../../src';
import { MongoSourceConfig, SourceEnvironment } from '../../../src/paged-batch-etl/contracts/source-function';
import { refusal } from '../../support/refusal';


interface Use {
  readonly sort?: string[];
  readonly unindexedFilterFields?: string[];
  readonly parameters?: string[];
}

/** The configuration that the source function gets with this filter. */
function use(filter: string, { sort = ['runDate', '_id'], unindexedFilterFields, parameters = ['date_begin', 'date_end'] }: Use = {}): MongoSourceConfig {
  const stack = new Stack();
  const source = PageSource.mongo({
    connectionSecret: Secret.fromSecretNameV2(stack, 'Connection', 'connection'),
    database: 'Analytics',
    collection: 'jobs',
    sort,
    unindexedFilterFields,
    filter: MongoFilter.ejson(filter),
  });
  const bindings = Object.fromEntries(parameters.map((name) => [name, RunParameter.date()._binding]));
  const { environment } = source._binding.bind({ scope: stack, parameters: bindings });
  return JSON.parse(stack.resolve(environment[SourceEnvironment.MONGO_SOURCE]));
}

test('a filter reaches the source function as it is written, but for white space between its tokens', () => {
  const filter = `{
    "runDate": { "$gte": "$$date_begin", "$lt":  "$$date_end" },
    "name": "two  spaces, a \\"quote\\" and a \\\\ { }", "deleted": null, "size": { "$numberLong": "9007199254740993" }
  }`;
  const { filter: sent = '' } = use(filter);
  expect(sent).toBe('{"runDate":{"$gte":"$$date_begin","$lt":"$$date_end"},"name":"two  spaces, a \\"quote\\" and a \\\\ { }","deleted":null,'
    + '"size":{"$numberLong":"9007199254740993"}}');
  expect(JSON.parse(sent)).toEqual(JSON.parse(filter));
});

describe('the text', () => {
  const what = 'the filter of MongoFilter.ejson must be';

  test.each([
    ['{ runDate: 1 }', 'JSON'],
    ['{ "_id": ObjectId("65a1f0c2e4b0a1b2c3d4e5f6") }', 'JSON'],
    ['', 'JSON'],
  ])('%s is no JSON', (text, allowed) => {
    expect(() => MongoFilter.ejson(text)).toThrow(`${what} ${allowed}, got ${JSON.stringify(text)}; put quotes around keys, and write types as EJSON does`);
  });

  test.each(['[]', '[{}]', 'null', '"text"', '1'])('%s is no object', (text) => {
    expect(() => MongoFilter.ejson(text)).toThrow(refusal(`${what} an object, got ${JSON.stringify(text)}; write it as in find(): { "field": condition }`));
  });

  test.each([
    ['{ "$where": "this.a" }', '$where, which runs code on the server'],
    ['{ "$or": [{ "a": 1 }, { "$expr": { "$function": { "body": "" } } }] }', '$function, which runs code on the server'],
  ])('%s cannot be read page by page', (text, operator) => {
    expect(() => MongoFilter.ejson(text)).toThrow(refusal(`${what} one that can be read page by page, got "${operator}"; leave the operator out`));
  });

  test.each(['{ "size": 9007199254740993 }', '{ "_id": { "$oid": "65a1" } }', '{ "at": { "$date": "24.11.2026" } }', '{ "at": { "$date": "$$date_begin" } }'])(
    '%s is no EJSON', (text) => {
      expect(() => MongoFilter.ejson(text)).toThrow(new RegExp(`^${what} EJSON, got `));
    },
  );

  test.each([
    '{ "runDate": { "$gte": "$$date_begin" }, "runDate": { "$lt": "$$date_end" } }',
    '{ "$and": [{ "a": 1, "b\\"{:": 2, "b\\"{:": 3 }] }',
    '{ "a" : 1, "\\u0061" : 2 }',
  ])('%s has a member twice, of which JSON keeps the last', (text) => {
    expect(() => MongoFilter.ejson(text)).toThrow(refusal(
      `${what} JSON without a member that is there twice, got ${JSON.stringify(text)}; put the conditions on a field into one object, or into $and`,
    ));
  });

  test.each(['{ "a": "b\\": c", "b": [": ", "a:"], "c": { "a": ":" } }', '{}', '{ "": { "": 1 } }'])('%s has no member twice', (text) => {
    expect(() => MongoFilter.ejson(text)).not.toThrow();
  });

  test('must be known at synthesis', () => {
    const tenant = new CfnParameter(new Stack(), 'Tenant').valueAsString;
    expect(() => MongoFilter.ejson(`{ "tenant": "${tenant}" }`)).toThrow(refusal(
      `${what} known at synthesis, got "a token"; declare RunParameter.text({ defaultValue: token }), and write \`$$\` and its name in the filter`,
    ));
  });
});

describe('variables', () => {
  test('that are no parameters are refused, with the one that was probably meant', () => {
    expect(() => use('{ "runDate": { "$gte": "$$date_being" } }')).toThrow(refusal(
      'every variable of the filter must be a parameter of the run, got "$$date_being"; declare date_being in parameters, or write $$date_begin if that was meant',
    ));
    expect(() => use('{ "runDate": { "$lt": "$$dateEnd" } }')).toThrow('or write $$date_end if that was meant');
    expect(() => use('{ "runDate": "$$day" }', { parameters: [] })).toThrow(refusal(
      'every variable of the filter must be a parameter of the run, got "$$day"; declare day in parameters',
    ));
  });

  test.each(['$date_begin', 'from $$date_begin', '$$date_begin.', '$$$date_begin'])('%s looks like one and is none', (text) => {
    expect(() => use(`{ "runDate": { "$gte": "${text}" } }`)).toThrow(refusal(
      `every text in the filter must be a variable as a whole, such as $$date_begin, or a text without one, got "${text}"; nothing is spliced into texts: pass ${text} as a parameter`,
    ));
    expect(() => use(`{ "$and": [{ "runDate": { "$in": ["${text}"] } }] }`)).toThrow('as a whole');
  });

  test('may share their names with fields in $expr', () => {
    expect(() => use('{ "$expr": { "$gt": ["$date_begin", "$$date_begin"] } }', { unindexedFilterFields: ['date_begin'] })).not.toThrow();
  });

  test('of $expr are left to MongoDB', () => {
    const filter = '{ "$expr": { "$let": { "vars": { "late": "$delay" }, "in": { "$and": [{ "$gt": ["$$late", 1] }, { "$lt": ["$runDate", "$$NOW"] }] } } } }';
    expect(() => use(filter, { unindexedFilterFields: ['delay'] })).not.toThrow();
  });

  test.each([
    ['NOW', '{ "runDate": { "$gte": "$$date_begin" } }'],
    ['late', '{ "$expr": { "$let": { "vars": { "late": "$delay" }, "in": { "$gt": ["$$late", 1] } } } }'],
    ['this', '{ "$expr": { "$reduce": { "input": "$parts", "initialValue": 0, "in": { "$add": ["$$value", "$$this"] } } } }'],
  ])('no parameter may be called %s beside %s', (name, filter) => {
    expect(() => use(filter, { parameters: ['date_begin', name], unindexedFilterFields: ['delay', 'parts'] })).toThrow(refusal(
      `every name in parameters must be another one than the variables of $expr, got "${name}"; in this filter $$${name} means something else`,
    ));
  });

  test('need not all be used: processors get parameters too', () => {
    expect(() => use('{ "status": "new" }')).not.toThrow();
  });
});

describe('fields that are not compared for equality', () => {
  test('the published shape is refused, with the order that one index serves', () => {
    expect(() => use('{ "runDate": { "$gte": "$$date_begin", "$lt": "$$date_end" } }', { sort: ['_id'] })).toThrow(refusal(
      'every field that the filter does not compare for equality must be among the first of sort (_id), got "runDate"; '
        + "set sort: ['runDate', '_id'] and have an index that ends in these; or, if these conditions leave out few documents, unindexedFilterFields: ['runDate']",
    ));
  });

  test.each<[filter: string, sort: string[], better: string]>([
    ['{ "b": { "$gt": 1 } }', ['a', 'b', '_id'], "['b', 'a', '_id']"],
    ['{ "a": { "$gt": 1 }, "c": { "$gt": 1 } }', ['a', 'b', '_id'], "['a', 'c', 'b', '_id']"],
    ['{ "_id": { "$gt": 1 } }', ['a', '_id'], "['_id']"],
    ['{ "a": { "$gt": 1 }, "_id": { "$gt": 1 } }', ['a', 'b', '_id'], "['a', '_id']"],
    ['{ "$or": [{ "a": 1 }, { "b": 2 }] }', ['_id'], "['a', 'b', '_id']"],
    ['{ "a": { "$regex": "^x" } }', ['_id'], "['a', '_id']"],
  ])('%s with sort %j is refused', (filter, sort, better) => {
    expect(() => use(filter, { sort })).toThrow(`; set sort: ${better} and have an index`);
    const proposed: string[] = JSON.parse(better.replaceAll('\'', '"'));
    expect(() => use(filter, { sort: proposed })).not.toThrow();
  });

  test.each<[filter: string, sort: string[]]>([
    ['{ "runDate": { "$gte": "$$date_begin", "$lt": "$$date_end" } }', ['runDate', '_id']],
    ['{ "status": "new", "runDate": { "$gte": "$$date_begin" } }', ['runDate', '_id']],
    ['{ "status": { "$in": ["new", "old"] } }', ['_id']],
    ['{ "_id": { "$gt": { "$oid": "65a1f0c2e4b0a1b2c3d4e5f6" } } }', ['_id']],
    ['{ "a": 1, "b": { "$gt": 1 } }', ['a', 'b', '_id']],
    ['{}', ['a', '_id']],
  ])('%s with sort %j can be served by one index', (filter, sort) => {
    expect(() => use(filter, { sort })).not.toThrow();
  });

  test('are accepted by name, and only those', () => {
    const filter = '{ "runDate": { "$gte": "$$date_begin" }, "size": { "$gt": 10 }, "delay": { "$gt": 10 } }';
    expect(() => use(filter, { unindexedFilterFields: ['size', 'delay'] })).not.toThrow();
    expect(() => use(filter, { unindexedFilterFields: ['size'] })).toThrow("got \"delay\"; set sort: ['runDate', 'delay', '_id']");
    expect(() => use(filter, { unindexedFilterFields: ['size'] })).toThrow("unindexedFilterFields: ['size', 'delay']");
  });
});

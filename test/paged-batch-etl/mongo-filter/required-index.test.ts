import { CfnParameter, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { MongoCollation, MongoFilter, MongoSourceOptions, PageSource, RunParameter } from '../../../src';
import { EtlProps, importedFunction, importedSecret, mongoSource, synthEtl } from '../../support/synth-etl';

const DATES = { date_begin: RunParameter.date(), date_end: RunParameter.date() };

const source = (options: Partial<MongoSourceOptions>, parameters = {}): EtlProps => (stack) => ({
  source: mongoSource(stack, options), parameters: { ...DATES, ...parameters },
});

const filter = (text: object) => MongoFilter.ejson(JSON.stringify(text));
const WINDOW = { runDate: { $gte: '$$date_begin', $lt: '$$date_end' } };
const collation: MongoCollation = { locale: 'en', strength: 2 };

/** What the annotations of a construct say, but for warnings. */
function infosOf(stack: Stack): unknown[] {
  return Annotations.fromStack(stack).findInfo('*', Match.anyValue()).map(({ entry }) => entry.data);
}

describe('the index that a source needs', () => {
  test.each<[string, EtlProps, string]>([
    ['is the sort', source({}), 'db.getSiblingDB("Analytics").getCollection("jobs").createIndex({ "runDate": 1, "_id": 1 })'],
    ['has first what the filter compares for equality', source({ filter: filter({ 'tenant': '$$tenant', ...WINDOW, 'state.code': { $in: [1, 2] } }) }, { tenant: RunParameter.text() }),
      'db.getSiblingDB("Analytics").getCollection("jobs").createIndex({ "state.code": 1, "tenant": 1, "runDate": 1, "_id": 1 })'],
    ['has lists of values in the place that they have in the sort', source({ sort: ['runDate', 'tenant', '_id'], filter: filter({ tenant: { $in: [1, 2] }, ...WINDOW }) }),
      'db.getSiblingDB("Analytics").getCollection("jobs").createIndex({ "runDate": 1, "tenant": 1, "_id": 1 })'],
    ['has each field once', source({ sort: ['runDate', 'tenant', '_id'], filter: filter({ tenant: 1, ...WINDOW }) }),
      'db.getSiblingDB("Analytics").getCollection("jobs").createIndex({ "tenant": 1, "runDate": 1, "_id": 1 })'],
    ['is needed for a filter where the sort needs none', source({ sort: ['_id'], filter: filter({ deletedAt: null }) }),
      'db.getSiblingDB("Analytics").getCollection("jobs").createIndex({ "deletedAt": 1, "_id": 1 })'],
    ['has the collation of the source', source({ collation }),
      'db.getSiblingDB("Analytics").getCollection("jobs").createIndex({ "runDate": 1, "_id": 1 }, { "collation": { "locale": "en", "strength": 2 } })'],
    ['has no place for fields without an index', source({ unindexedFilterFields: ['size'], filter: filter({ ...WINDOW, size: { $gt: 5 } }) }),
      'db.getSiblingDB("Analytics").getCollection("jobs").createIndex({ "runDate": 1, "_id": 1 })'],
    ['is of any names', source({ collection: 'fs."files"', sort: ['2', 'a', '_id'], filter: undefined }),
      'db.getSiblingDB("Analytics").getCollection("fs.\\"files\\"").createIndex(new Map([["2", 1], ["a", 1], ["_id", 1]]))'],
  ])('%s, and is told when the app is synthesised', (_, props, command) => {
    const { etl, stack } = synthEtl(props);
    expect(etl.requiredIndex).toBe(command);
    const hint = /state.code|deletedAt/.test(command) ? '; name it by hint, for the filter compares fields with null or with several values' : '';
    expect(infosOf(stack)).toEqual([`pages are read by this index, unless the collection has one that begins with the same fields: ${command}${hint}`]);
  });

  test.each<[string, EtlProps]>([
    ['by _id alone', source({ sort: ['_id'], filter: undefined })],
    ['of documents that the filter names', source({ sort: ['runDate', '_id'], filter: filter({ _id: { $in: [1, 2] } }) })],
    ['of a function', (stack) => ({ source: PageSource.custom({ handler: importedFunction(stack, 'pages') }) })],
  ])('is none for pages %s', (_, props) => {
    const { etl, stack } = synthEtl(props);
    expect(etl.requiredIndex).toBeUndefined();
    expect(infosOf(stack)).toEqual([]);
  });

  test('is not told where nobody asks for an index', () => {
    const { etl, stack } = synthEtl(source({ indexCheck: false }));
    expect(etl.requiredIndex).toContain('createIndex');
    expect(infosOf(stack)).toEqual([]);
  });

  test('can have a name that is known at deployment only, and is told by an output then', () => {
    const { stack, etl } = synthEtl((owner) => ({ source: mongoSource(owner, { collection: new CfnParameter(owner, 'Name').valueAsString }), parameters: DATES }));
    expect(stack.resolve(etl.requiredIndex)).toEqual({
      'Fn::Join': ['', ['db.getSiblingDB("Analytics").getCollection("', { Ref: 'Name' }, '").createIndex({ "runDate": 1, "_id": 1 })']],
    });
    expect(infosOf(stack)).toEqual([]);
  });

  test('is that of DocumentDB too', () => {
    const { etl } = synthEtl((stack) => ({
      source: PageSource.documentDb({ connectionSecret: importedSecret(stack), vpc: new Vpc(stack, 'Vpc'), database: 'd', collection: 'c', sort: ['a', '_id'] }),
    }));
    expect(etl.requiredIndex).toBe('db.getSiblingDB("d").getCollection("c").createIndex({ "a": 1, "_id": 1 })');
  });
});

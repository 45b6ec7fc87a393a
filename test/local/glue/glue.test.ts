import * as fc from 'fast-check';
import { ServiceError } from '../../../local/aws/service';
import { GlueCatalog } from '../../../local/glue/catalog';
import { GlueService } from '../../../local/glue/glue-service';
import { duckdbType } from '../../../local/glue/hive-types';
import { glueResources } from '../../../local/glue/resources';
import { JsonObject } from '../../../local/json';
import { environment } from '../http/small-cloud';
import { createResource } from '../iam/create-resource';
import { allow, createDataAccount } from '../s3/data-cloud';

const account = createDataAccount();
const catalog = new GlueCatalog(environment, account.authorize);
const glue = new GlueService({ environment, catalog });
const providers = glueResources(catalog);
const CatalogId = environment.accountId;

afterAll(() => account.store.close());

function table(more: JsonObject = {}, storage: JsonObject = {}): JsonObject {
  return {
    CatalogId,
    DatabaseName: 'db',
    TableInput: {
      Name: 'Things',
      StorageDescriptor: {
        Location: 's3://lake/things/',
        Columns: [{ Name: 'Id', Type: 'bigint' }],
        SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
        ...storage,
      },
      ...more,
    },
  };
}

beforeAll(async () => {
  expect(await createResource(providers, 'AWS::Glue::Database', { CatalogId, DatabaseInput: { Name: 'db', Description: 'd' } })).toEqual({ ref: 'db' });
  expect(await createResource(providers, 'AWS::Glue::Table', table())).toEqual({ ref: 'things' });
});

describe('catalog', () => {
  test('a table is found by its lower-case name', async () => {
    const answer = await glue.call('GetTable', { DatabaseName: 'db', Name: 'THINGS' }, account.adminContext);
    expect(answer).toMatchObject({ Table: { Name: 'things', StorageDescriptor: { Columns: [{ Name: 'id', Type: 'bigint' }] } } });
    expect(await glue.call('GetTables', { DatabaseName: 'db' }, account.adminContext)).toMatchObject({ TableList: [{ Name: 'things' }] });
  });

  test('what is missing is not found; the default database is always there', async () => {
    await expect(glue.call('GetTable', { DatabaseName: 'db', Name: 'absent' }, account.adminContext)).rejects.toMatchObject({ code: 'EntityNotFoundException' });
    await expect(glue.call('GetDatabase', { Name: 'absent' }, account.adminContext)).rejects.toMatchObject({ code: 'EntityNotFoundException' });
    expect(await glue.call('GetDatabase', { Name: 'default' }, account.adminContext)).toEqual({ Database: { Name: 'default' } });
    const gap = glue.call('DeleteTable', {}, account.adminContext);
    await expect(gap).rejects.toThrow('glue:DeleteTable');
    await expect(gap).rejects.not.toBeInstanceOf(ServiceError);
  });

  test.each(['catalog', 'database/db', 'table/db/things'])('the right on %s is needed too', async (left) => {
    const resources = ['catalog', 'database/db', 'table/db/things'].filter((resource) => resource !== left);
    const arns = resources.map((resource) => `arn:aws:glue:eu-west-1:111122223333:${resource}`);
    const { context } = account.session(`without-${left.replaceAll('/', '-')}`, allow('glue:GetTable', arns));
    await expect(catalog.getTable('db', 'things', context)).rejects.toThrow(`:${left} `);
  });
});

describe('resources', () => {
  test.each([
    [table({ Name: 'p', PartitionKeys: [{ Name: 'day', Type: 'string' }] }), 'PartitionKeys'],
    [table({ Name: 'v', TableType: 'VIRTUAL_VIEW' }), 'TableType'],
    [table({ Name: 'x', Parameters: { 'projection.enabled': 'true' } }), 'projection.enabled'],
    [table({ Name: 'l' }, { Location: 's3://lake/things' }), 'Location'],
    [table({ Name: 't' }, { Columns: [{ Name: 'a', Type: 'geometry' }] }), 'geometry'],
    [table({ Name: 's' }, { SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.orc.OrcSerde' } }), 'SerializationLibrary'],
    [{ ...table({ Name: 'c' }), CatalogId: '999999999999' }, 'CatalogId'],
    [{ ...table({ Name: 'd' }), DatabaseName: 'absent' }, 'absent'],
    [table(), 'exists already'],
  ])('refused by name: %#', async (properties, named) => {
    await expect(createResource(providers, 'AWS::Glue::Table', properties)).rejects.toThrow(named);
  });
});

describe('types', () => {
  test.each([
    ['string', 'VARCHAR'], ['varchar(5)', 'VARCHAR'], ['decimal(10,2)', 'DECIMAL(10,2)'], ['array<int>', 'INTEGER[]'], ['map<string,array<date>>', 'MAP(VARCHAR, DATE[])'],
    ['struct<a:int,b:struct<c:decimal(4,1),d:string>>', 'STRUCT("a" INTEGER, "b" STRUCT("c" DECIMAL(4,1), "d" VARCHAR))'],
  ])('%s is %s', (hive, duckdb) => {
    expect(duckdbType(hive)).toBe(duckdb);
  });

  test('arrays nest to any depth', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 20 }), (depth) => {
      expect(duckdbType(`${'array<'.repeat(depth)}timestamp${'>'.repeat(depth)}`)).toBe(`TIMESTAMP${'[]'.repeat(depth)}`);
    }));
  });
});

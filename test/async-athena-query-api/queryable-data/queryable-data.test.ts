import { Stack, Token } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { GlueTablesOptions, QueryableData } from '../../../src';
import { synth } from '../../support/synth-queries';
import { Statement, roleStatements } from '../../support/template';

const THROUGH_S3 = { StringEquals: { 'kms:ViaService': 's3.eu-west-1.<AWS::URLSuffix>' } };
const THROUGH_ATHENA = { 'ForAnyValue:StringEquals': { 'aws:CalledVia': ['athena.amazonaws.com'] } };
const GLUE = 'arn:<AWS::Partition>:glue:<AWS::Region>:<AWS::AccountId>';
const BUCKET = 'arn:<AWS::Partition>:s3:::sales-data';
const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/8c1e3f5a-0000-4000-8000-000000000000';

const without = roleStatements(synth().template, 'QueriesQueryRole').length;

/** The statements that the data adds to the query role. They stand behind the default ones, before the log delivery that CDK adds. */
function added(options: Partial<GlueTablesOptions>, encrypted = false): Statement[] {
  const { template } = synth((stack) => {
    const encryptionKey = encrypted ? Key.fromKeyArn(stack, 'Key', KEY_ARN) : undefined;
    const bucket = Bucket.fromBucketAttributes(stack, 'Sales', { bucketName: 'sales-data', encryptionKey });
    return { queryableData: [QueryableData.glueTables({ database: 'sales', bucket, ...options })] };
  });
  const statements = roleStatements(template, 'QueriesQueryRole');
  const usual = JSON.stringify(roleStatements(synth().template, 'QueriesQueryRole'));
  const data = statements.filter((statement) => !usual.includes(JSON.stringify(statement)));
  expect(statements).toHaveLength(without + data.length);
  return data;
}

test('reading a whole database and bucket', () => {
  expect(added({})).toEqual([
    {
      Effect: 'Allow',
      Action: ['glue:BatchGetPartition', 'glue:BatchGetTable', 'glue:GetDatabase', 'glue:GetPartition', 'glue:GetPartitions', 'glue:GetTable', 'glue:GetTables'],
      Resource: [`${GLUE}:catalog`, `${GLUE}:database/sales`, `${GLUE}:table/sales/*`],
      Condition: THROUGH_ATHENA,
    },
    { Effect: 'Allow', Action: ['s3:GetBucketLocation'], Resource: [BUCKET], Condition: THROUGH_ATHENA },
    { Effect: 'Allow', Action: ['s3:ListBucket'], Resource: [BUCKET], Condition: THROUGH_ATHENA },
    { Effect: 'Allow', Action: ['s3:GetObject'], Resource: [`${BUCKET}/*`], Condition: THROUGH_ATHENA },
  ]);
});

test('some tables under a prefix: neither other tables nor other keys', () => {
  const [catalog, , list, objects] = added({ tables: ['orders', 'items'], prefix: 'shop/' });
  expect(catalog.Resource).toEqual([`${GLUE}:catalog`, `${GLUE}:database/sales`, `${GLUE}:table/sales/orders`, `${GLUE}:table/sales/items`]);
  expect(list.Condition).toEqual({ ...THROUGH_ATHENA, StringLike: { 's3:prefix': ['shop/*'] } });
  expect(objects.Resource).toEqual([`${BUCKET}/shop/*`]);
});

test('write adds writing under the same limits', () => {
  const [catalog, bucket, , objects] = added({ tables: ['totals'], prefix: 'totals/', write: true });
  expect(catalog.Action).toEqual(expect.arrayContaining(['glue:CreateTable', 'glue:UpdateTable', 'glue:DeleteTable', 'glue:BatchCreatePartition']));
  expect(catalog.Resource).toEqual([`${GLUE}:catalog`, `${GLUE}:database/sales`, `${GLUE}:table/sales/totals`]);
  expect(bucket.Action).toEqual(['s3:GetBucketLocation', 's3:ListBucketMultipartUploads']);
  expect(objects).toMatchObject({
    Action: ['s3:GetObject', 's3:AbortMultipartUpload', 's3:DeleteObject', 's3:ListMultipartUploadParts', 's3:PutObject'],
    Resource: [`${BUCKET}/totals/*`],
  });
});

test.each([[false, ['kms:Decrypt']], [true, ['kms:Decrypt', 'kms:GenerateDataKey']]])('with write %p, the bucket\'s key allows %p', (write, Action) => {
  expect(added({ write }, true).slice(-1)).toEqual([{ Effect: 'Allow', Action, Resource: [KEY_ARN], Condition: THROUGH_S3 }]);
});

test('every right holds through Athena only, or for its key through S3', () => {
  const statements = added({ prefix: 'shop/', write: true }, true);
  expect(statements.slice(-1)[0].Condition).toEqual(THROUGH_S3);
  for (const statement of statements.slice(0, -1)) expect(statement.Condition).toMatchObject(THROUGH_ATHENA);
});

test('addData adds what the prop adds', () => {
  const data = (bucket: Bucket | ReturnType<typeof Bucket.fromBucketName>) => QueryableData.glueTables({ database: 'sales', bucket });
  const byProp = synth((stack) => ({ queryableData: [data(Bucket.fromBucketName(stack, 'Sales', 'sales-data'))] }));
  const byMethod = synth(undefined, (queries, stack) => queries.addData(data(Bucket.fromBucketName(stack, 'Sales', 'sales-data'))));
  const sorted = (statements: Statement[]) => statements.map((statement) => JSON.stringify(statement)).sort();
  expect(sorted(roleStatements(byMethod.template, 'QueriesQueryRole'))).toEqual(sorted(roleStatements(byProp.template, 'QueriesQueryRole')));
});

test('data of Lake Formation needs no right to a bucket', () => {
  const { template } = synth(() => ({ queryableData: [QueryableData.lakeFormation({ database: 'sales', tables: ['orders'] })] }));
  const statements = roleStatements(template, 'QueriesQueryRole')
    .filter(({ Resource, Action }) => Resource.some((arn) => arn.includes('sales')) || /^lakeformation/.test(Action[0]));
  const glue = 'arn:<AWS::Partition>:glue:<AWS::Region>:<AWS::AccountId>';
  expect(statements).toEqual([
    {
      Effect: 'Allow',
      Action: expect.arrayContaining(['glue:BatchGetTable', 'glue:GetTable']),
      Resource: [`${glue}:catalog`, `${glue}:database/sales`, `${glue}:table/sales/orders`],
      Condition: THROUGH_ATHENA,
    },
    { Effect: 'Allow', Action: ['lakeformation:GetDataAccess'], Resource: ['*'], Condition: THROUGH_ATHENA },
  ]);
});

test('tables that are known at deployment only, as a list, are refused', () => {
  const tables = Token.asList({ Ref: 'Tables' });
  expect(() => added({ tables })).toThrow('tables of QueryableData.glueTables must be known at synthesis, got "a token"; write the list out; its entries may be tokens');
});

test.each([['*'], ['a/b']])('a database of Lake Formation called %p is refused', (database) => {
  expect(() => QueryableData.lakeFormation({ database })).toThrow('database of QueryableData.lakeFormation must be the name of one database');
});

test('more data than the policies of a role can name is an error that says how much fits', () => {
  const tables = Array.from({ length: 40 }, (_, index) => `a_table_with_a_rather_long_name_${index}`);
  const data = (stack: Stack, databases: number) => Array.from({ length: databases }, (_, index) => (
    QueryableData.glueTables({ database: `database_${index}`, tables, bucket: Bucket.fromBucketName(stack, `Data${index}`, `data-${index}`) })
  ));
  expect(() => synth((stack) => ({ queryableData: data(stack, 2) }))).not.toThrow();
  expect(() => synth((stack) => ({ queryableData: data(stack, 40) }))).toThrow(/queryableData must fit into 10 managed policies of the query role, got \d+; about \d+ % of it fits/);
});

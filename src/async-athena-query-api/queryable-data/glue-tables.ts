import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { QueryableDataBinding } from './binding';
import type { GlueTablesOptions } from './queryable-data-options';
import { CALLED_VIA_ATHENA, glueArn } from '../../private/synth/athena-calls';
import { checkGlueName, DEFAULT_CATALOG, refusePrefix } from '../../private/synth/glue-names';
import { checkText, InvalidPropError } from '../../private/synth/validation';

const READ_CATALOG = [
  'glue:BatchGetPartition', 'glue:GetDatabase', 'glue:GetPartition', 'glue:GetPartitions', 'glue:GetTable', 'glue:GetTables',
];
const WRITE_CATALOG = [
  'glue:BatchCreatePartition', 'glue:CreatePartition', 'glue:CreateTable', 'glue:DeletePartition', 'glue:DeleteTable', 'glue:UpdatePartition',
  'glue:UpdateTable',
];
const WRITE_OBJECTS = ['s3:AbortMultipartUpload', 's3:DeleteObject', 's3:ListMultipartUploadParts', 's3:PutObject'];

export function glueTables(options: GlueTablesOptions): QueryableDataBinding {
  // A wildcard here would silently widen what queries may read.
  const name = /^[^*?/]+$/;
  checkText('database of QueryableData.glueTables', options.database, name, 'the name of one database', 'add one QueryableData for each database');
  refusePrefix('database of QueryableData.glueTables', options.database, { is: 'catalog', name: DEFAULT_CATALOG });
  checkGlueName('database of QueryableData.glueTables', options.database);
  if (options.tables?.length === 0) {
    throw new InvalidPropError('tables of QueryableData.glueTables', [], 'a list of at least one table', 'leave tables out for all tables of the database');
  }
  for (const table of options.tables ?? []) {
    checkText('every table of QueryableData.glueTables', table, name, 'the name of one table', 'leave tables out for all tables of the database');
    refusePrefix('every table of QueryableData.glueTables', table, { is: 'database', name: options.database });
    checkGlueName('every table of QueryableData.glueTables', table);
  }
  checkText(
    'prefix of QueryableData.glueTables', options.prefix ?? '', /^(?:[^/*?][^*?]*\/)?$/,
    'a key prefix that ends in a slash, does not start with one and has no wildcard', 'such as `sales/`: without the slash it would also be of `sales-private/`',
  );
  return { statements: (scope) => statements(scope, options) };
}

function statements(scope: Construct, { database, tables, bucket, prefix = '', write = false }: GlueTablesOptions): PolicyStatement[] {
  const whenAthena = (actions: string[], resources: string[], conditions: Record<string, unknown> = {}) =>
    new PolicyStatement({ actions, resources, conditions: { ...CALLED_VIA_ATHENA, ...conditions } });
  const objects = bucket.arnForObjects(`${prefix}*`);
  const keyActions = write ? ['kms:Decrypt', 'kms:GenerateDataKey'] : ['kms:Decrypt'];
  return [
    whenAthena(
      write ? [...READ_CATALOG, ...WRITE_CATALOG] : READ_CATALOG,
      [
        glueArn(scope, 'catalog'),
        glueArn(scope, 'database', database),
        ...(tables ?? ['*']).map((table) => glueArn(scope, 'table', `${database}/${table}`)),
      ],
    ),
    whenAthena(write ? ['s3:GetBucketLocation', 's3:ListBucketMultipartUploads'] : ['s3:GetBucketLocation'], [bucket.bucketArn]),
    whenAthena(['s3:ListBucket'], [bucket.bucketArn], prefix === '' ? {} : { StringLike: { 's3:prefix': [`${prefix}*`] } }),
    whenAthena(write ? ['s3:GetObject', ...WRITE_OBJECTS] : ['s3:GetObject'], [objects]),
    ...(bucket.encryptionKey === undefined ? [] : [whenAthena(keyActions, [bucket.encryptionKey.keyArn])]),
  ];
}

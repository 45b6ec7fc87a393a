import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { QueryableDataBinding } from './binding';
import { checkGlueNames, glueArns, READ_CATALOG } from './glue-catalog';
import type { GlueTablesOptions } from './queryable-data-options';
import { CALLED_VIA_ATHENA } from '../../private/synth/athena-calls';
import { useKey } from '../../private/synth/key-rights';
import { checkText } from '../../private/synth/validation';

const WRITE_CATALOG = [
  'glue:BatchCreatePartition', 'glue:CreatePartition', 'glue:CreateTable', 'glue:DeletePartition', 'glue:DeleteTable', 'glue:UpdatePartition',
  'glue:UpdateTable',
];
const WRITE_OBJECTS = ['s3:AbortMultipartUpload', 's3:DeleteObject', 's3:ListMultipartUploadParts', 's3:PutObject'];

export function glueTables(options: GlueTablesOptions): QueryableDataBinding {
  checkGlueNames('QueryableData.glueTables', options);
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
      write ? [...READ_CATALOG, ...WRITE_CATALOG] : [...READ_CATALOG],
      glueArns(scope, { database, tables }),
    ),
    whenAthena(write ? ['s3:GetBucketLocation', 's3:ListBucketMultipartUploads'] : ['s3:GetBucketLocation'], [bucket.bucketArn]),
    whenAthena(['s3:ListBucket'], [bucket.bucketArn], prefix === '' ? {} : { StringLike: { 's3:prefix': [`${prefix}*`] } }),
    whenAthena(write ? ['s3:GetObject', ...WRITE_OBJECTS] : ['s3:GetObject'], [objects]),
    // Athena reads and writes objects, and S3 calls KMS for it.
    ...(bucket.encryptionKey === undefined ? [] : [useKey(bucket.encryptionKey, keyActions, { via: 's3' })]),
  ];
}

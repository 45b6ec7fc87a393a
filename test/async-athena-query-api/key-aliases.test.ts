/** IAM never matches a call to KMS by the ARN of an alias: no policy may hold one, whichever key of a user is known by an alias only. */
import { Stack } from 'aws-cdk-lib';
import { Alias } from 'aws-cdk-lib/aws-kms';
import { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { AsyncAthenaQueryApiProps, PagedBatchEtlProps, PageSource, QueryableData } from '../../src';
import { synthEtl } from '../support/synth-etl';
import { deliveryEnvironment, synth } from '../support/synth-queries';
import { roleStatements } from '../support/template';

const aliasOf = (stack: Stack) => Alias.fromAliasName(stack, 'Key', 'alias/ours');
const bucketOf = (stack: Stack, id: string): IBucket => (
  Bucket.fromBucketAttributes(stack, id, { bucketName: id.toLowerCase(), encryptionKey: aliasOf(stack) })
);
const secretOf = (stack: Stack) => Secret.fromSecretAttributes(stack, 'Secret', {
  secretCompleteArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:theirs-AbCdEf', encryptionKey: aliasOf(stack),
});

const queries: [prop: string, props: (stack: Stack) => AsyncAthenaQueryApiProps, uses: number][] = [
  ['resultEncryptionKey', (stack) => ({ resultEncryptionKey: aliasOf(stack) }), 2],
  ['the key of resultBucket', (stack) => ({ resultBucket: bucketOf(stack, 'Theirs') }), 2],
  ['the key of data', (stack) => ({ queryableData: [QueryableData.glueTables({ database: 'sales', bucket: bucketOf(stack, 'Data') })] }), 1],
  ['the key of signingSecret', (stack) => ({ signingSecret: secretOf(stack) }), 1],
  ['the key of deadLetterQueue', (stack) => ({ deadLetterQueue: new Queue(stack, 'Queue', { encryption: QueueEncryption.KMS, encryptionMasterKey: aliasOf(stack) }) }), 0],
];

const OF_ALIAS = { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/ours' } };

test.each(queries)('AsyncAthenaQueryApi names %s by its alias', (_prop, props, uses) => {
  const statements = roleStatements(synth(props).template);
  expect(statements.filter(({ Resource }) => Resource.some((arn) => arn.includes(':alias/')))).toEqual([]);
  const ofKms = statements.filter(({ Action }) => Action.some((action) => action.startsWith('kms:')));
  expect(ofKms).toHaveLength(uses);
  for (const statement of ofKms) expect(statement.Condition).toMatchObject(OF_ALIAS);
});

test('the session of a link names it likewise', () => {
  expect(deliveryEnvironment(synth((stack) => ({ resultEncryptionKey: aliasOf(stack) })).template)).toMatchObject({
    RESULT_KEY_ARN: 'arn:<AWS::Partition>:kms:<AWS::Region>:<AWS::AccountId>:key/*', RESULT_KEY_ALIAS: 'alias/ours',
  });
});

test('PagedBatchEtl names the key of its secret by its alias', () => {
  const props = (stack: Stack): Partial<PagedBatchEtlProps> => ({ source: PageSource.mongo({ connectionSecret: secretOf(stack), database: 'd', collection: 'c' }) });
  const statements = roleStatements(synthEtl(props).template);
  expect(statements.filter(({ Resource }) => Resource.some((arn) => arn.includes(':alias/')))).toEqual([]);
  expect(statements.filter(({ Action }) => Action.includes('kms:Decrypt')).map(({ Condition }) => Condition)).toEqual([OF_ALIAS]);
});

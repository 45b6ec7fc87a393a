import { RemovalPolicy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { FACTS } from './facts';
import { AccessLogs } from '../../src';
import { testLogGroups } from '../support/construct-kit/log-groups';
import { useOfOtherStack } from '../support/construct-kit/other-stack';
import { testRetention } from '../support/construct-kit/retention';
import { deliveryEnvironment, QUERIES, synth } from '../support/synth-queries';
import { definitionOf, keyStatements, only, resourcesOfType, resourceStatements, roleStatements } from '../support/template';

const THROUGH_S3 = { StringEquals: { 'kms:ViaService': 's3.eu-west-1.<AWS::URLSuffix>' } };
const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/8c1e3f5a-0000-4000-8000-000000000000';

/** Resources that the construct makes for itself, of the type. */
function ownOf(template: Template, type: string): string[] {
  return resourcesOfType(template, type).map(({ id }) => id).filter((id) => id.startsWith('Queries'));
}

describe('a bucket', () => {
  test('of the same stack is used and no other is made', () => {
    const { template, queries } = synth((stack) => ({ resultBucket: new Bucket(stack, 'Mine') }));
    const mine = only(template, 'AWS::S3::Bucket').id;
    expect(mine).toMatch(/^Mine/);
    expect(ownOf(template, 'AWS::S3::BucketPolicy')).toEqual([]);
    expect(deliveryEnvironment(template).RESULT_LOCATION).toBe(`s3://<${mine}>/results/`);
    expect(roleStatements(template, 'QueriesLinkRole')).toEqual([
      { Effect: 'Allow', Action: ['s3:GetObject'], Resource: [`<${mine}.Arn>/results/*`] },
      { Effect: 'Allow', Action: ['s3:ListBucket'], Resource: [`<${mine}.Arn>`], Condition: { StringLike: { 's3:prefix': ['results/*'] } } },
    ]);
    expect(queries.resultBucket.node.id).toBe('Mine');
  });

  test('of another account is expected to be that account\'s', () => {
    const { template } = synth((stack) => ({
      resultBucket: Bucket.fromBucketAttributes(stack, 'Theirs', { bucketName: 'their-results', account: '444455556666' }), resultPrefix: 'ours/',
    }));
    template.resourceCountIs('AWS::S3::Bucket', 0);
    expect(deliveryEnvironment(template)).toMatchObject({ RESULT_LOCATION: 's3://their-results/ours/', RESULT_BUCKET_OWNER: '444455556666' });
    template.hasResourceProperties('AWS::Athena::WorkGroup', {
      WorkGroupConfiguration: { ResultConfiguration: { ExpectedBucketOwner: '444455556666', OutputLocation: 's3://their-results/ours/' } },
    });
  });

  test('with a key of its own brings that key', () => {
    const { template } = synth((stack) => ({ resultBucket: new Bucket(stack, 'Mine', { encryption: BucketEncryption.KMS }) }));
    expect(deliveryEnvironment(template).RESULT_KEY_ARN).toBe(`<${only(template, 'AWS::KMS::Key').id}.Arn>`);
  });
});

describe('a key for results', () => {
  const { template } = synth((stack) => ({ resultEncryptionKey: Key.fromKeyArn(stack, 'Key', KEY_ARN) }));

  test('encrypts the bucket and every result', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{
          BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KEY_ARN },
        }],
      },
    });
    template.hasResourceProperties('AWS::Athena::WorkGroup', {
      WorkGroupConfiguration: { ResultConfiguration: { EncryptionConfiguration: { EncryptionOption: 'SSE_KMS', KmsKey: KEY_ARN } } },
    });
  });

  test('may be used by queries through Athena, and by links to decrypt', () => {
    const onKey = (role: string) => roleStatements(template, role).filter(({ Resource }) => Resource.includes(KEY_ARN));
    expect(onKey('QueriesQueryRole'))
      .toEqual([{ Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: [KEY_ARN], Condition: THROUGH_S3 }]);
    expect(onKey('QueriesLinkRole')).toEqual([{ Effect: 'Allow', Action: ['kms:Decrypt'], Resource: [KEY_ARN], Condition: THROUGH_S3 }]);
    expect(onKey('QueriesDeliveryRole')).toEqual([]);
    expect(deliveryEnvironment(template).RESULT_KEY_ARN).toBe(KEY_ARN);
  });

  test('counts also for an imported bucket, which does not tell its key', () => {
    const imported = synth((stack) => ({
      resultBucket: Bucket.fromBucketName(stack, 'Mine', 'my-results'), resultEncryptionKey: Key.fromKeyArn(stack, 'Key', KEY_ARN),
    }));
    expect(deliveryEnvironment(imported.template).RESULT_KEY_ARN).toBe(KEY_ARN);
  });

  test('is absent by default', () => {
    expect(deliveryEnvironment(synth().template)).not.toHaveProperty('RESULT_KEY_ARN');
  });
});

describe('a workgroup', () => {
  const { template, queries } = synth((stack) => ({ workGroupName: 'analysts', resultBucket: Bucket.fromBucketName(stack, 'Mine', 'my-results') }));

  test('is used by name and right, and no other is made', () => {
    template.resourceCountIs('AWS::Athena::WorkGroup', 0);
    expect(definitionOf(template).States['Start Query']).toMatchObject({ Parameters: { WorkGroup: 'analysts' } });
    expect(roleStatements(template, 'QueriesQueryRole')[0].Resource)
      .toEqual(['arn:<AWS::Partition>:athena:<AWS::Region>:<AWS::AccountId>:workgroup/analysts']);
    expect(queries.workGroupName).toBe('analysts');
  });
});

describe('a secret', () => {
  const secretRights = (template: Template) =>
    roleStatements(template, 'QueriesDeliveryRole').find(({ Action }) => Action.includes('secretsmanager:GetSecretValue'))?.Resource;

  test('of the same stack is used with its key', () => {
    const { template } = synth((stack) => ({ signingSecret: new Secret(stack, 'Mine', { encryptionKey: new Key(stack, 'Key') }) }));
    const secret = only(template, 'AWS::SecretsManager::Secret').id;
    expect(secret).toMatch(/^Mine/);
    expect(secretRights(template)).toEqual([`<${secret}>`]);
    expect(roleStatements(template, 'QueriesDeliveryRole'))
      .toContainEqual({ Effect: 'Allow', Action: ['kms:Decrypt'], Resource: [`<${only(template, 'AWS::KMS::Key').id}.Arn>`] });
  });

  test('imported by name is readable under whatever suffix it has', () => {
    const { template } = synth((stack) => ({ signingSecret: Secret.fromSecretNameV2(stack, 'Theirs', 'webhook-key') }));
    template.resourceCountIs('AWS::SecretsManager::Secret', 0);
    expect(secretRights(template)).toEqual(['arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:webhook-key-??????']);
  });

  test('imported by its complete ARN is readable under exactly that', () => {
    const arn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:webhook-key-AbCdEf';
    const { template } = synth((stack) => ({ signingSecret: Secret.fromSecretCompleteArn(stack, 'Theirs', arn) }));
    expect(secretRights(template)).toEqual([arn]);
    expect(deliveryEnvironment(template).SIGNING_SECRET_ARN).toBe(arn);
  });
});

describe('a queue', () => {
  test('of the same stack is used and may be filled by the rules', () => {
    const { template, queries } = synth((stack) => ({ deadLetterQueue: new Queue(stack, 'Mine') }));
    expect(only(template, 'AWS::SQS::Queue').id).toMatch(/^Mine/);
    expect(resourceStatements(template, 'AWS::SQS::QueuePolicy').map(({ Action }) => Action)).toEqual([['sqs:SendMessage'], ['sqs:SendMessage']]);
    expect(queries.deadLetterQueue.node.id).toBe('Mine');
  });

  test('with a customer key lets EventBridge use that key', () => {
    const { template } = synth((stack) => ({ deadLetterQueue: new Queue(stack, 'Mine', { encryption: QueueEncryption.KMS }) }));
    expect(keyStatements(template)).toContainEqual({
      Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: ['*'], Principal: { Service: 'events.amazonaws.com' },
    });
  });

  test.each([
    ['', QueueEncryption.SQS_MANAGED, undefined, '<AWS::Region>:<AWS::AccountId>'],
    [' of a known environment', QueueEncryption.SQS_MANAGED, { account: '111122223333', region: 'eu-west-1' }, 'eu-west-1:111122223333'],
    [' with a customer key', QueueEncryption.KMS, undefined, '<AWS::Region>:<AWS::AccountId>'],
  ])('of another stack%s is used without a circle: all rules of the account and Region may fill it', (_name, encryption, env, environment) => {
    const { theirs: template, ours } = useOfOtherStack(QUERIES, (theirs) => ({ deadLetterQueue: new Queue(theirs, 'Letters', { encryption }) }), env);
    const statements = resourceStatements(template, 'AWS::SQS::QueuePolicy');
    expect(statements.length).toBeGreaterThan(0);
    for (const statement of statements) {
      expect(statement).toEqual({
        Effect: 'Allow',
        Action: ['sqs:SendMessage'],
        Resource: [`<${only(template, 'AWS::SQS::Queue').id}.Arn>`],
        Principal: { Service: 'events.amazonaws.com' },
        Condition: { ArnLike: { 'aws:SourceArn': `arn:<AWS::Partition>:events:${environment}:rule/*` } },
      });
    }
    expect(resourcesOfType(ours, 'AWS::Events::Rule')).toHaveLength(2);
  });

  test('that is imported is a target, and its policy is left alone', () => {
    const arn = 'arn:aws:sqs:eu-west-1:111122223333:letters';
    const { template } = synth((stack) => ({ deadLetterQueue: Queue.fromQueueArn(stack, 'Theirs', arn) }));
    template.resourceCountIs('AWS::SQS::Queue', 0);
    template.resourceCountIs('AWS::SQS::QueuePolicy', 0);
    template.allResourcesProperties('AWS::Events::Rule', { Targets: [{ Arn: arn }] });
  });
});

describe('log groups', () => testLogGroups(QUERIES, {
  props: (bring) => ({
    workflowLogGroup: bring('ForWorkflow'),
    deliveryLogGroup: bring('ForDelivery'),
    managementLogGroup: bring('ForManagement'),
    accessLogs: AccessLogs.logGroup({ logGroup: bring('ForAccess') }),
  }),
  loggers: { QueriesWorkflow: 'ForWorkflow', QueriesDelivery: 'ForDelivery', QueriesManagement: 'ForManagement', QueriesApiDeploymentStageprod: 'ForAccess' },
  told: [
    [({ workflowLogGroup }) => workflowLogGroup, 'ForWorkflow'], [({ deliveryLogGroup }) => deliveryLogGroup, 'ForDelivery'],
    [({ managementLogGroup }) => managementLogGroup, 'ForManagement'],
  ],
  writer: { props: (deliveryLogGroup) => ({ deliveryLogGroup }), role: 'QueriesDeliveryRole' },
}));

describe('what is kept', () => {
  testRetention(FACTS, (stack) => ({ resultBucket: new Bucket(stack, 'Mine', { removalPolicy: RemovalPolicy.RETAIN }) }));

  test('a workgroup goes with all it remembers, where it may go', () => {
    const remembers = (removalPolicy?: RemovalPolicy) => only(synth(() => ({ removalPolicy })).template, 'AWS::Athena::WorkGroup').Properties.RecursiveDeleteOption;
    expect([remembers(RemovalPolicy.DESTROY), remembers()]).toEqual([true, false]);
  });
});

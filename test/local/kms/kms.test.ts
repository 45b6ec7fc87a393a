import { CallContext, PolicyDocument } from '../../../local/aws/service';
import { JsonObject } from '../../../local/json';
import { Keys } from '../../../local/kms/keys';
import { kmsResources } from '../../../local/kms/resources';
import { LogStore } from '../../../local/logs/log-store';
import { logsResources } from '../../../local/logs/resources';
import { environment } from '../http/small-cloud';
import { createResource } from '../iam/create-resource';
import { allow, createDataAccount } from '../s3/data-cloud';

const ROOT = { AWS: 'arn:aws:iam::111122223333:root' };
const DECRYPT = 'kms:Decrypt';
const LOGS_ACTIONS = ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'];
const GROUP = 'arn:aws:logs:eu-west-1:111122223333:log-group:jobs';

const account = createDataAccount();
afterAll(() => account.store.close());

const policy = (...Statement: JsonObject[]): PolicyDocument => ({ Version: '2012-10-17', Statement });
const BY_ACCOUNT = { Effect: 'Allow', Principal: ROOT, Action: 'kms:*', Resource: '*' };

let roles = 0;
function caller(...statements: JsonObject[]): CallContext {
  return account.session(`kms-${++roles}`, ...statements).context;
}

/** A key of a template, with an alias. */
async function createKeys(KeyPolicy: PolicyDocument = policy(BY_ACCOUNT)) {
  const keys = new Keys(environment, account.authorize);
  const providers = { ...kmsResources(keys), ...logsResources(new LogStore(), keys.use) };
  const create = (type: string, properties: JsonObject) => createResource(providers, type, properties);
  const { ref: id, attributes } = await create('AWS::KMS::Key', { KeyPolicy: { ...KeyPolicy }, EnableKeyRotation: true });
  await create('AWS::KMS::Alias', { AliasName: 'alias/ours', TargetKeyId: id });
  return { keys, create, id, arn: String(attributes?.Arn) };
}

describe('a key', () => {
  test('is found by its id, its ARN, an alias and the ARN of that', async () => {
    const { keys, id, arn } = await createKeys();
    const context = caller(allow(DECRYPT, arn));
    for (const name of [id, arn, 'alias/ours', 'arn:aws:kms:eu-west-1:111122223333:alias/ours']) {
      await expect(keys.use(name, DECRYPT, context)).resolves.toBeUndefined();
    }
    await expect(keys.use('alias/theirs', DECRYPT, context)).rejects.toMatchObject({ code: 'NotFoundException' });
  });

  test.each<[allowed: boolean, how: string, statement: (arn: string) => JsonObject]>([
    [true, 'its ARN', (arn) => allow(DECRYPT, arn)],
    [false, 'the ARN of its alias', () => allow(DECRYPT, 'arn:aws:kms:eu-west-1:111122223333:alias/ours')],
    [true, 'a condition on its alias', () => allow(DECRYPT, '*', { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/ours' } })],
    [false, 'a condition on another alias', () => allow(DECRYPT, '*', { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/theirs' } })],
    [true, 'the service that calls', (arn) => allow(DECRYPT, arn, { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } })],
    [false, 'another service', (arn) => allow(DECRYPT, arn, { StringEquals: { 'kms:ViaService': 'sqs.eu-west-1.amazonaws.com' } })],
    [true, 'the encryption context', (arn) => allow(DECRYPT, arn, { StringLike: { 'kms:EncryptionContext:aws:states:stateMachineArn': 'arn:*' } })],
    [false, 'another encryption context', (arn) => allow(DECRYPT, arn, { StringLike: { 'kms:EncryptionContext:SourceArn': 'arn:*' } })],
    [false, 'another action', (arn) => allow('kms:GenerateDataKey', arn)],
  ])('may be used (%p) by who is allowed to by %s', async (allowed, _how, statement) => {
    const { keys, arn } = await createKeys();
    const circumstances = { viaService: 's3.eu-west-1.amazonaws.com', encryptionContext: { 'aws:states:stateMachineArn': 'arn:aws:states' } };
    const used = keys.use(arn, DECRYPT, caller(statement(arn)), circumstances);
    await (allowed ? expect(used).resolves.toBeUndefined() : expect(used).rejects.toMatchObject({ code: 'AccessDeniedException' }));
  });

  test('without the account in its policy is not opened by a policy of the account', async () => {
    const { keys, arn } = await createKeys(policy({ ...BY_ACCOUNT, Principal: { Service: 'logs.eu-west-1.amazonaws.com' } }));
    await expect(keys.use(arn, DECRYPT, caller(allow(DECRYPT, arn)))).rejects.toThrow('no resource-based policy allows');
  });

  test.each([
    ['asymmetric', { KeySpec: 'RSA_2048' }], ['disabled', { Enabled: false }], ['of several Regions', { MultiRegion: true }], ['for signing', { KeyUsage: 'SIGN_VERIFY' }],
  ])('that is %s is refused', async (_, properties) => {
    const { create } = await createKeys();
    await expect(create('AWS::KMS::Key', properties)).rejects.toThrow(Object.keys(properties)[0]);
  });
});

describe('a log group with a key', () => {
  const service = (Action: string[], arn: string): JsonObject => ({
    Effect: 'Allow',
    Principal: { Service: 'logs.eu-west-1.amazonaws.com' },
    Action,
    Resource: '*',
    Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': arn } },
  });

  test.each<[made: boolean, what: string, statements: JsonObject[]]>([
    [true, 'lets CloudWatch Logs use it for the groups of the account', [BY_ACCOUNT, service(LOGS_ACTIONS, 'arn:aws:logs:eu-west-1:111122223333:*')]],
    [true, 'lets CloudWatch Logs use it for this group', [BY_ACCOUNT, service(LOGS_ACTIONS, GROUP)]],
    [false, 'lets CloudWatch Logs use it for another group', [BY_ACCOUNT, service(LOGS_ACTIONS, `${GROUP}s`)]],
    [false, 'lets CloudWatch Logs do less', [BY_ACCOUNT, service(LOGS_ACTIONS.slice(1), GROUP)]],
    [false, 'names the account alone', [BY_ACCOUNT]],
  ])('is made (%p) where the policy of the key %s', async (made, _what, statements) => {
    const { create, arn } = await createKeys(policy(...statements));
    const created = create('AWS::Logs::LogGroup', { LogGroupName: 'jobs', KmsKeyId: arn });
    const message = `The specified KMS key does not exist or is not allowed to be used with LogGroup '${GROUP}'`;
    await (made ? expect(created).resolves.toMatchObject({ ref: 'jobs' }) : expect(created).rejects.toThrow(message));
  });
});

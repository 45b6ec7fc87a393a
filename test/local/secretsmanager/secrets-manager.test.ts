import {
  DescribeSecretCommand, GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient, UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import * as fc from 'fast-check';
import { FrontDoor } from '../../../local/http/front-door';
import { JsonObject } from '../../../local/json';
import { secretsManagerResources } from '../../../local/secretsmanager/resources';
import { SecretsManager } from '../../../local/secretsmanager/secrets-manager';
import { secretsManagerWire } from '../../../local/secretsmanager/wire';
import { Account, createAccount, environment, openFrontDoor } from '../http/small-cloud';
import { createResource } from '../iam/create-resource';

const SECRET = 'AWS::SecretsManager::Secret';

describe('Secrets Manager, called by the SDK', () => {
  let account: Account;
  let door: FrontDoor;
  let service: SecretsManager;
  let client: SecretsManagerClient;
  let clientOf: (name: string) => SecretsManagerClient;
  let SecretId: string;

  beforeEach(async () => {
    account = createAccount();
    service = new SecretsManager({ environment, clock: account.clock, authorize: account.authorize });
    const opened = await openFrontDoor(account, { services: [secretsManagerWire(service)] });
    door = opened.door;
    const admin = account.credentials.issueForUser(account.users.createAdministrator('admin'));
    client = new SecretsManagerClient({ ...opened.client, credentials: admin });
    clientOf = (name) => {
      const credentials = account.credentials.issueForUser(account.users.create(name, []));
      return new SecretsManagerClient({ ...opened.client, credentials });
    };
    SecretId = (await createResource(secretsManagerResources(service), SECRET, { SecretString: 'first', Description: 'signing' })).ref;
  });

  afterEach(() => door.close());

  const value = async (input: { VersionStage?: string; VersionId?: string } = {}) =>
    (await client.send(new GetSecretValueCommand({ SecretId, ...input }))).SecretString;

  test('finds a secret by ARN, by name and by ARN without suffix', async () => {
    const full = await client.send(new GetSecretValueCommand({ SecretId }));
    expect(full).toMatchObject({ ARN: SecretId, Name: 'Stack-Thing-X', SecretString: 'first', VersionStages: ['AWSCURRENT'] });
    expect(full.CreatedDate?.getTime()).toBe(account.clock.now());
    for (const id of ['Stack-Thing-X', SecretId.slice(0, -7)]) {
      expect((await client.send(new GetSecretValueCommand({ SecretId: id }))).ARN).toBe(SecretId);
    }
    await expect(client.send(new GetSecretValueCommand({ SecretId: 'none' })))
      .rejects.toMatchObject({ name: 'ResourceNotFoundException', message: "Secrets Manager can't find the specified secret." });
  });

  test('keeps the previous value when a new one is put', async () => {
    await expect(value({ VersionStage: 'AWSPREVIOUS' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException', message: "Secrets Manager can't find the specified secret value for staging label: AWSPREVIOUS.",
    });
    const { VersionId: second } = await client.send(new PutSecretValueCommand({ SecretId, SecretString: 'second' }));
    expect([await value(), await value({ VersionStage: 'AWSPREVIOUS' }), await value({ VersionId: second })]).toEqual(['second', 'first', 'second']);
    await client.send(new PutSecretValueCommand({ SecretId, SecretString: 'third' }));
    expect([await value(), await value({ VersionStage: 'AWSPREVIOUS' }), await value({ VersionId: second })]).toEqual(['third', 'second', 'second']);
    const { VersionIdsToStages: stages } = await client.send(new DescribeSecretCommand({ SecretId }));
    expect(Object.values(stages ?? {}).sort()).toEqual([['AWSCURRENT'], ['AWSPREVIOUS']]);
  });

  test('puts a pending value that becomes current when its label is moved', async () => {
    const { VersionId: first } = await client.send(new GetSecretValueCommand({ SecretId }));
    const { VersionId: second } = await client.send(new PutSecretValueCommand({ SecretId, SecretString: 'new', VersionStages: ['AWSPENDING'] }));
    expect([await value(), await value({ VersionStage: 'AWSPENDING' })]).toEqual(['first', 'new']);
    const move = { SecretId, VersionStage: 'AWSCURRENT', MoveToVersionId: second };
    await expect(client.send(new UpdateSecretVersionStageCommand(move))).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await client.send(new UpdateSecretVersionStageCommand({ ...move, RemoveFromVersionId: first }));
    expect([await value(), await value({ VersionStage: 'AWSPREVIOUS' })]).toEqual(['new', 'first']);
  });

  test('takes the same token and value once, and another value never', async () => {
    const put = (SecretString: string) => client.send(new PutSecretValueCommand({ SecretId, SecretString, ClientRequestToken: 'a'.repeat(32) }));
    await put('x');
    await put('x');
    expect([await value(), await value({ VersionStage: 'AWSPREVIOUS' })]).toEqual(['x', 'first']);
    await expect(put('y')).rejects.toMatchObject({ name: 'ResourceExistsException' });
  });

  test('lets in only whom identity or resource policy allows', async () => {
    const reader = clientOf('reader');
    await expect(reader.send(new GetSecretValueCommand({ SecretId }))).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await createResource(secretsManagerResources(service), 'AWS::SecretsManager::ResourcePolicy', {
      SecretId,
      ResourcePolicy: {
        Version: '2012-10-17',
        Statement: [{
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::111122223333:user/reader' },
          Action: 'secretsmanager:GetSecretValue',
          Resource: '*',
          Condition: { StringEquals: { 'secretsmanager:VersionStage': 'AWSCURRENT' } },
        }],
      },
    });
    expect((await reader.send(new GetSecretValueCommand({ SecretId, VersionStage: 'AWSCURRENT' }))).SecretString).toBe('first');
    await expect(reader.send(new GetSecretValueCommand({ SecretId }))).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await expect(reader.send(new PutSecretValueCommand({ SecretId, SecretString: 'x' }))).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});

async function generate(options: JsonObject): Promise<string> {
  const account = createAccount();
  const service = new SecretsManager({ environment, clock: account.clock, authorize: account.authorize });
  const { ref } = await createResource(secretsManagerResources(service), SECRET, { GenerateSecretString: options });
  const answer = await service.call('GetSecretValue', { SecretId: ref }, { caller: account.users.createAdministrator('a') });
  return String(answer.SecretString);
}

test('generates what is asked for, and one character of each type at least', async () => {
  await fc.assert(fc.asyncProperty(
    fc.record({
      PasswordLength: fc.integer({ min: 5, max: 80 }),
      ExcludePunctuation: fc.boolean(),
      ExcludeNumbers: fc.boolean(),
      ExcludeUppercase: fc.boolean(),
      IncludeSpace: fc.boolean(),
      ExcludeCharacters: fc.constantFrom('', 'abc', '"@/\\', '0O1lI'),
    }),
    async (options) => {
      const password = await generate(options);
      expect(password).toHaveLength(options.PasswordLength);
      expect(/[a-z]/.test(password)).toBe(true);
      expect(/[A-Z]/.test(password)).toBe(!options.ExcludeUppercase);
      expect(/[0-9]/.test(password)).toBe(!options.ExcludeNumbers);
      expect(/ /.test(password)).toBe(options.IncludeSpace);
      expect(/[^A-Za-z0-9 ]/.test(password)).toBe(!options.ExcludePunctuation);
      for (const character of options.ExcludeCharacters) expect(password).not.toContain(character);
    },
  ), { numRuns: 60 });
});

test('puts the password into a template, and two secrets differ', async () => {
  const one = JSON.parse(await generate({ SecretStringTemplate: '{"user":"admin"}', GenerateStringKey: 'password', ExcludePunctuation: true }));
  expect(one).toEqual({ user: 'admin', password: expect.stringMatching(/^[A-Za-z0-9]{32}$/) });
  expect(await generate({})).not.toBe(await generate({}));
});

test.each<[string, JsonObject, string]>([
  ['both values', { SecretString: 'a', GenerateSecretString: {} }, 'exclude each other'],
  ['a key without KMS', { SecretString: 'a', KmsKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/1' }, 'does not implement KmsKeyId'],
  ['a name with a space', { Name: 'my secret' }, 'no name of a secret'],
  ['a name that is too long', { Name: 'x'.repeat(513) }, 'no name of a secret'],
  ['replicas', { SecretString: 'a', ReplicaRegions: [] }, 'does not implement ReplicaRegions'],
  ['nothing to choose from', { GenerateSecretString: { ExcludeCharacters: 'abc', ExcludeLowercase: true, ExcludeUppercase: true, ExcludeNumbers: true, ExcludePunctuation: true } },
    'No character is left'],
])('refuses %s', async (_, properties, message) => {
  const { clock, authorize } = createAccount();
  const providers = secretsManagerResources(new SecretsManager({ environment, clock, authorize }));
  await expect(createResource(providers, SECRET, properties)).rejects.toThrow(message);
});

test('uses a customer key with the rights of the caller', async () => {
  const { clock, authorize, users } = createAccount();
  const used: string[] = [];
  const service = new SecretsManager({
    environment,
    clock,
    authorize,
    useKey: async (key, action, _context, circumstances) => {
      used.push(`${action} ${key} via ${String(circumstances?.viaService)}`);
    },
  });
  const { ref } = await createResource(secretsManagerResources(service), SECRET, { SecretString: 'a', KmsKeyId: 'key-1' });
  await service.call('GetSecretValue', { SecretId: ref }, { caller: users.createAdministrator('a') });
  expect(used).toEqual(['kms:Decrypt key-1 via secretsmanager.eu-west-1.amazonaws.com']);
});

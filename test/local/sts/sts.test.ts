import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { Credentials } from '../../../local/account/credentials';
import { PolicyDocument } from '../../../local/aws/service';
import { FrontDoor } from '../../../local/http/front-door';
import { Role } from '../../../local/iam/roles';
import { Sts } from '../../../local/sts/sts';
import { stsWire } from '../../../local/sts/wire';
import { Account, createAccount, environment, openFrontDoor } from '../http/small-cloud';

function trust(principal: Record<string, string>): PolicyDocument {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }] };
}

describe('STS, called by the SDK', () => {
  let account: Account;
  let door: FrontDoor;
  let clientOf: (credentials: Credentials) => STSClient;
  let worker: Role;
  let link: Role;
  let workerKey: Credentials;
  let userKey: Credentials;

  beforeEach(async () => {
    account = createAccount();
    worker = account.roles.create({ name: 'Worker', trustPolicy: trust({ Service: 'lambda.amazonaws.com' }) });
    link = account.roles.create({
      name: 'Link',
      maxSessionDuration: 7200,
      trustPolicy: { Version: '2012-10-17', Statement: [...[trust({ AWS: worker.arn }), trust({ AWS: 'arn:aws:iam::111122223333:user/boss' })].flatMap(({ Statement }) => Statement)] },
    });
    workerKey = account.credentials.issueForRole({ role: worker, sessionName: 'f', durationSeconds: 43200 });
    userKey = account.credentials.issueForUser(account.users.create('boss', []));
    const opened = await openFrontDoor(account, { services: [stsWire(new Sts({ ...account, environment }))] });
    door = opened.door;
    clientOf = (credentials) => new STSClient({ ...opened.client, credentials });
  });

  afterEach(() => door.close());

  function assume(key: Credentials, options: { seconds?: number; policy?: string; name?: string; role?: string } = {}) {
    return clientOf(key).send(new AssumeRoleCommand({
      RoleArn: options.role ?? link.arn, RoleSessionName: options.name ?? 'link', DurationSeconds: options.seconds, Policy: options.policy,
    }));
  }

  test('gives a trusted role a session of its own, which can call', async () => {
    const { Credentials: given, AssumedRoleUser: user } = await assume(workerKey, { seconds: 900 });
    expect(user).toEqual({ Arn: 'arn:aws:sts::111122223333:assumed-role/Link/link', AssumedRoleId: `${link.id}:link` });
    expect(given?.Expiration).toEqual(new Date(Math.floor(account.clock.now() / 1000) * 1000 + 900_000));
    const identity = await clientOf({
      accessKeyId: given?.AccessKeyId ?? '', secretAccessKey: given?.SecretAccessKey ?? '', sessionToken: given?.SessionToken,
    }).send(new GetCallerIdentityCommand({}));
    expect(identity).toMatchObject({ Arn: user?.Arn, Account: '111122223333', UserId: `${link.id}:link` });
  });

  test('refuses whom the role does not trust, and a role that does not exist, in the same words', async () => {
    const other = account.roles.create({ name: 'Other', trustPolicy: trust({ Service: 'lambda.amazonaws.com' }) });
    const key = account.credentials.issueForRole({ role: other, sessionName: 'f', durationSeconds: 900 });
    await expect(assume(key)).rejects.toMatchObject({ name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
    await expect(assume(workerKey, { role: `${link.arn}2` })).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  test.each([
    ['role chaining over an hour', 3601, true, 'role chaining'],
    ['less than 15 minutes', 899, true, 'between 900 and 43200'],
    ['more than the role allows', 7201, false, 'MaxSessionDuration'],
  ])('refuses %s', async (_, seconds, chained, message) => {
    await expect(assume(chained ? workerKey : userKey, { seconds })).rejects.toThrow(message);
  });

  test('lets a user have the longest session that the role allows', async () => {
    const { Credentials: given } = await assume(userKey, { seconds: 7200 });
    expect(given?.Expiration).toEqual(new Date(account.clock.now() + 7_200_000));
  });

  test('binds a session to its session policy', async () => {
    account.roles.putInlinePolicy('Link', {
      name: 'Read', document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] },
    });
    const policy = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/one' }] });
    const { Credentials: given } = await assume(workerKey, { policy });
    const caller = account.credentials.find(given?.AccessKeyId ?? '')?.caller ?? {};
    await account.authorize({ action: 's3:GetObject', resource: 'arn:aws:s3:::b/one' }, { caller });
    await expect(account.authorize({ action: 's3:GetObject', resource: 'arn:aws:s3:::b/two' }, { caller })).rejects.toThrow('no session policy');
  });

  test.each([
    ['too long', JSON.stringify({ Version: '2012-10-17', Statement: [] }).padEnd(2049), 'less than or equal to 2048'],
    ['not JSON', '{', ''],
    ['without a sensible effect', '{"Statement":[{"Effect":"Maybe","Action":"s3:*","Resource":"*"}]}', 'Effect'],
  ])('refuses a session policy that is %s', async (_, policy, message) => {
    await expect(assume(workerKey, { policy })).rejects.toThrow(message);
  });

  test('ends a session at its expiration, to the millisecond', async () => {
    const { Credentials: given } = await assume(workerKey, { seconds: 900 });
    const key = { accessKeyId: given?.AccessKeyId ?? '', secretAccessKey: given?.SecretAccessKey ?? '', sessionToken: given?.SessionToken };
    await account.clock.sleep((given?.Expiration?.getTime() ?? 0) - account.clock.now() - 1);
    const client = clientOf(key);
    client.config.systemClockOffset = account.clock.now() - Date.now();
    await client.send(new GetCallerIdentityCommand({}));
    await account.clock.sleep(1);
    await expect(client.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: 'ExpiredToken' });
  });
});

test('what STS does not implement is an error that names it', async () => {
  const account = createAccount();
  const sts = new Sts({ ...account, environment });
  const context = { caller: account.users.createAdministrator('a') };
  await expect(sts.call('GetSessionToken', {}, context)).rejects.toThrow('does not implement GetSessionToken');
  const input = { RoleArn: 'arn:aws:iam::111122223333:role/R', RoleSessionName: 'ss', Tags: [{ Key: 'a', Value: 'b' }] };
  await expect(sts.call('AssumeRole', input, context)).rejects.toThrow('does not implement Tags of AssumeRole');
});

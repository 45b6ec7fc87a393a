import { randomBytes } from 'node:crypto';
import { Duration } from 'aws-cdk-lib';
import { DeployedApi } from './deployed-api';
import { needlessPermissions } from './permission-removal';
import { roleSessionCaller } from '../../local/account/credentials';
import { ApiAnswer, ApiClient } from '../../local/client/api-client';
import { isGenuineByKey } from '../../local/client/callback';
import { exchange } from '../../local/client/https';
import { Role } from '../../local/iam/roles';
import { SigningKeys } from '../../src';

const SELECT = 'SELECT count(*) AS trips FROM trips';
const MINUTE = 60_000;
const PUBLIC_KEY = /^whpk_[A-Za-z\d+/]{43}=$/;

describe('an ed25519 key', () => {
  let api: DeployedApi;
  let keysUrl: string;

  beforeAll(async () => {
    api = await DeployedApi.start({
      queries: () => ({ signingKeys: SigningKeys.ed25519(), deliveryWindow: Duration.hours(1) }),
      customise: (stack) => void stack.exportValue(stack.queries.signingKeysUrl, { name: 'KeysUrl' }),
    });
    keysUrl = api.deployment.localUrl('ExportKeysUrl');
  });
  // The functions keep keys for five minutes.
  beforeEach(async () => api.cloud.clock.sleep(6 * MINUTE));
  afterEach(() => api.assertNoFaults());
  afterAll(async () => api.close());

  async function ask(credentials = api.analyst): Promise<ApiAnswer> {
    const { environment: { region }, clock, certificates: { caPem } } = api.cloud;
    return new ApiClient({ url: keysUrl, region, credentials, clock, caPem }).get('');
  }

  async function publicKeys(): Promise<string[]> {
    const { status, body } = await ask();
    expect(status).toBe(200);
    const keys = [body.Keys].flat().map(Object);
    expect(keys.map(({ State }) => State)).toEqual(['CURRENT', 'PREVIOUS'].slice(0, keys.length));
    return keys.map(({ PublicKey }) => String(PublicKey));
  }

  function role(name: string): Role {
    const [found, ...others] = api.cloud.roles.list().filter((candidate) => candidate.name.includes(name));
    if (found === undefined || others.length > 0) throw new Error(`There is not one role ${name}`);
    return found;
  }

  test('signs what a receiver verifies who has nothing but the public key', async () => {
    expect(await api.signingSecret()).toMatch(/^[\da-f]{64}$/);
    const [publicKey, ...others] = await publicKeys();
    expect(publicKey).toMatch(PUBLIC_KEY);
    expect(others).toEqual([]);
    const { end, callbacks: [callback] } = await api.run(SELECT);
    expect(end.type).toBe('ExecutionSucceeded');
    expect(callback.headers['webhook-signature']).toMatch(/^v1a,[A-Za-z\d+/]{86}==$/);
    expect(isGenuineByKey(callback, publicKey, api.now())).toBe(true);
    expect(isGenuineByKey({ ...callback, rawBody: callback.rawBody.replace('SUCCEEDED', 'FAILED') }, publicKey, api.now())).toBe(false);
    expect(isGenuineByKey(callback, publicKey, api.now() + 6 * MINUTE)).toBe(false);
  });

  test('is shown to callers of the API and to nobody else', async () => {
    const { caPem } = api.cloud.certificates;
    const { status, body } = await exchange(keysUrl, { method: 'GET', ca: caPem });
    expect([status, JSON.parse(body).Code]).toEqual([403, 'Refused']);
    const stranger = api.cloud.credentials.issueForUser(api.cloud.users.create('stranger', []));
    expect(await ask(stranger)).toMatchObject({ status: 403, body: { Code: 'AccessDenied' } });
  });

  test('that is rotated while a callback is retried: both keys sign and are shown, and one more rotation takes the first away', async () => {
    const [first] = await publicKeys();
    const up = api.now() + 20 * MINUTE;
    api.receiver.answer(() => ({ status: api.now() < up ? 503 : 204 }));
    const queryId = await api.submit(SELECT);
    await api.at(({ type }) => type === 'TaskFailed', () => api.putSigningSecret(`whsk_${randomBytes(32).toString('base64')}`));
    const { end, callbacks } = await api.ended(queryId);
    expect(end.type).toBe('ExecutionSucceeded');
    const [second, previous, ...others] = await publicKeys();
    expect([second === first, previous, others]).toEqual([false, first, []]);
    const last = callbacks[callbacks.length - 1];
    expect(callbacks[0].headers['webhook-signature'].split(' ')).toHaveLength(1);
    expect(last.headers['webhook-signature'].split(' ')).toHaveLength(2);
    for (const key of [first, second]) expect(isGenuineByKey(last, key, api.now())).toBe(true);

    await api.putSigningSecret(randomBytes(32).toString('hex'));
    await api.cloud.clock.sleep(6 * MINUTE);
    const [third, before] = await publicKeys();
    expect(before).toBe(second);
    const { callbacks: [callback] } = await api.run(SELECT);
    expect([first, second, third].map((key) => isGenuineByKey(callback, key, api.now()))).toEqual([false, true, true]);
  });

  test('that is broken is no answer and no delivery until it is fixed, and the log does not show it', async () => {
    const broken = 'kJ3v9QpXw7LzT2mB8RfYcN5hD1sGqA6uEoViZxC4tWlM0gKjHbPnSyUrIeOaFdQk';
    await api.putSigningSecret(broken);
    expect(await ask()).toMatchObject({ status: 503, body: { Code: 'TryAgain' } });
    const queryId = await api.submit(SELECT);
    await api.at(({ type }) => type === 'TaskFailed', () => api.putSigningSecret(randomBytes(32).toString('hex')));
    const { end, callbacks: [callback] } = await api.ended(queryId);
    expect(end.type).toBe('ExecutionSucceeded');
    // What was no key never signed anything.
    const [publicKey, ...others] = await publicKeys();
    expect(others).toEqual([]);
    expect(isGenuineByKey(callback, publicKey, api.now())).toBe(true);
    expect(api.logText()).not.toContain(broken);
  });

  test('has its seed read by two roles, and by no other of the construct', async () => {
    const SecretId = api.deployment.physicalId('AWS::SecretsManager::Secret', 'QueriesSigning');
    const read = async (reader: Role) => {
      const caller = roleSessionCaller({ role: reader, sessionName: 'test' }, api.cloud.environment);
      return api.cloud.secretsManager.call('GetSecretValue', { SecretId }, { caller }).then(() => true, () => false);
    };
    const readers: string[] = [];
    for (const each of api.cloud.roles.list().filter(({ name }) => name.includes('Queries'))) if (await read(each)) readers.push(each.name);
    expect(readers.map((name) => /Queries(\w+?)Role/.exec(name)?.[1]).sort()).toEqual(['Delivery', 'SigningKeys']);
  });

  test('is told by a function all of whose rights are needed', async () => {
    const keys = role('QueriesSigningKeysRole');
    const needless = await needlessPermissions({
      cloud: api.cloud,
      roles: [keys],
      observable: () => true,
      works: async (action) => {
        // A process keeps its log for as long as its session lasts.
        await api.cloud.clock.sleep(120 * MINUTE);
        if (!action.startsWith('logs:')) return (await ask()).status === 200;
        const seed = await api.signingSecret();
        await api.putSigningSecret('broken');
        const before = api.logText().length;
        await ask();
        await api.putSigningSecret(seed);
        return api.logText().length > before;
      },
    });
    expect(needless).toEqual([]);
    const warnings = api.cloud.warnings.splice(0).map((warning) => /logs:\w+/.exec(warning)?.[0]);
    expect(new Set(warnings)).toEqual(new Set(['logs:CreateLogStream', 'logs:PutLogEvents']));
  });
});

import { claimsOfRequest } from '../../../local/apigateway/user-pool-authorizer';
import { VirtualClock } from '../../../local/clock';
import { UserPool, UserPools } from '../../../local/cognito/user-pools';
import { environment } from '../http/small-cloud';

const CLIENT = { clientId: 'reports' };
let clock: VirtualClock;
let pool: UserPool;

beforeEach(() => {
  clock = new VirtualClock(Date.parse('2030-05-01T12:00:00Z'));
  pool = new UserPools(environment, clock).create('eu-west-1_People');
  pool.addScopes('queries', ['submit', 'look']);
  pool.addClient({ id: 'reports', scopes: ['openid', 'queries/submit', 'queries/look'] });
});

const claims = async (headers: Record<string, string>, scopes: string[] = []) => claimsOfRequest({ header: 'authorization', pools: [pool] }, scopes, headers);

test('tokens have the claims of Cognito, and are good for an hour of virtual time', async () => {
  const token = await pool.accessToken(CLIENT, ['queries/look', 'queries/submit']);
  const issuer = { iss: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_People', iat: clock.now() / 1000, exp: clock.now() / 1000 + 3600, jti: expect.any(String) };
  expect(await pool.verify(token)).toEqual({ ...issuer, token_use: 'access', sub: 'reports', client_id: 'reports', scope: 'queries/look queries/submit', version: 2 });
  expect(await pool.verify(await pool.idToken({ ...CLIENT, sub: 'a' }))).toEqual({ ...issuer, token_use: 'id', sub: 'a', aud: 'reports', auth_time: issuer.iat });
  await clock.sleep(3_599_000);
  expect(await pool.verify(token)).toBeDefined();
  await clock.sleep(2_000);
  expect(await pool.verify(token)).toBeUndefined();
});

test('a pool does not take the tokens of another one, even of one with its name', async () => {
  const other = new UserPools(environment, clock).create(pool.id);
  other.addClient({ id: 'reports', scopes: [] });
  expect(await pool.verify(await other.idToken(CLIENT))).toBeUndefined();
});

test.each([
  ['a scope that no server offers', () => pool.addClient({ id: 'x', scopes: ['queries/delete'] }), 'Invalid scope requested: queries/delete'],
  ['a token for a scope that the client lacks', async () => pool.accessToken(CLIENT, ['email']), 'invalid_scope: email'],
  ['a token for a client that is not there', async () => pool.idToken({ clientId: 'nobody' }), 'User pool client nobody does not exist.'],
])('%s is refused', async (_name, act, message) => {
  await expect((async () => act())()).rejects.toThrow(message);
});

test('a method without scopes takes identity tokens only, one with scopes access tokens that have one of them', async () => {
  const [id, access] = [await pool.idToken(CLIENT), await pool.accessToken(CLIENT, ['queries/look'])];
  expect(await claims({ authorization: id })).toMatchObject({ aud: 'reports' });
  expect(await claims({ authorization: access }, ['queries/submit', 'queries/look'])).toMatchObject({ client_id: 'reports' });
  for (const [token, scopes] of [[access, []], [id, ['queries/look']], [access, ['queries/submit']], [access, ['queries']], ['', []]] as const) {
    await expect(claims({ authorization: token }, [...scopes])).rejects.toMatchObject({ type: 'UNAUTHORIZED', statusCode: 401, message: 'Unauthorized' });
  }
  await expect(claims({})).rejects.toMatchObject({ type: 'UNAUTHORIZED' });
});

test('what is not documented is no answer', async () => {
  await expect(claims({ authorization: `Bearer ${await pool.idToken(CLIENT)}` })).rejects.toThrow('does not implement anything but a token');
});

import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { neverRotated, NOW, outcomeOf, SECRET, serviceError } from './harness';
import { DeliveryErrorName } from '../../../../src/async-athena-query-api/contracts/error-names';
import { decodeSecret, signatureHeaders } from '../../../../src/async-athena-query-api/delivery/function/signature';
import { SigningKeys } from '../../../../src/async-athena-query-api/delivery/function/signing-keys';
import { ReadSecret } from '../../../../src/private/runtime/secret-reader';

const key = fc.uint8Array({ minLength: 24, maxLength: 64 }).map((bytes) => Buffer.from(bytes));
const id = fc.stringMatching(/^[\w-]{1,80}$/);
const body = fc.jsonValue().map((value) => JSON.stringify({ value }));

/** Signs now: the verifier refuses what is older than five minutes. */
const sign = (keys: readonly Buffer[], queryId: string, text: string, at = Date.now()) => signatureHeaders(keys, queryId, at, text);

describe('a signature', () => {
  test('is accepted by an independent implementation, for every secret of a rotation, with and without the prefix', () => {
    fc.assert(fc.property(fc.uniqueArray(key, { minLength: 1, maxLength: 2, selector: String }), id, body, (keys, queryId, text) => {
      const headers = sign(keys, queryId, text);
      expect(headers['webhook-signature'].split(' ')).toHaveLength(keys.length);
      for (const secret of keys) {
        expect(new Webhook(secret.toString('base64')).verify(text, headers)).toEqual(JSON.parse(text));
        expect(new Webhook(`whsec_${secret.toString('base64')}`).verify(text, headers)).toEqual(JSON.parse(text));
      }
    }));
  });

  test('is refused by it when the body, the time, the id or the key is another', () => {
    fc.assert(fc.property(key, key, id, id, body, body, (one, other, queryId, otherId, text, otherText) => {
      fc.pre(!one.equals(other) && queryId !== otherId && text !== otherText);
      const headers = sign([one], queryId, text);
      const webhook = new Webhook(one.toString('base64'));
      const later = String(Number(headers['webhook-timestamp']) + 1);
      expect(() => webhook.verify(otherText, headers)).toThrow('No matching signature');
      expect(() => webhook.verify(text, { ...headers, 'webhook-id': otherId })).toThrow('No matching signature');
      expect(() => webhook.verify(text, { ...headers, 'webhook-timestamp': later })).toThrow('No matching signature');
      expect(() => new Webhook(other.toString('base64')).verify(text, headers)).toThrow('No matching signature');
    }));
  });

  test('of an old attempt is refused by it', () => {
    const bytes = randomBytes(32);
    const headers = sign([bytes], 'id', '{}', Date.now() - 6 * 60_000);
    expect(() => new Webhook(bytes.toString('base64')).verify('{}', headers)).toThrow('too old');
  });

  test('has the time in whole seconds', () => {
    expect(sign([randomBytes(24)], 'id', '{}', 1_795_507_210_999)['webhook-timestamp']).toBe('1795507210');
  });
});

describe('a secret', () => {
  test.each([
    ['the generated 64 letters and digits', SECRET, 48],
    ['24 bytes', Buffer.alloc(24).toString('base64'), 24],
    ['64 bytes', Buffer.alloc(64).toString('base64'), 64],
    ['with the prefix', `whsec_${Buffer.alloc(32).toString('base64')}`, 32],
  ])('of %s is usable', (_what, secret, length) => {
    expect(decodeSecret(secret)).toHaveLength(length);
  });

  test.each([
    ['nothing', ''],
    ['23 bytes', Buffer.alloc(23).toString('base64')],
    ['65 bytes', Buffer.alloc(65).toString('base64')],
    ['a password', 'correct horse battery staple, correct horse'],
    ['JSON', JSON.stringify({ secret: SECRET })],
    ['base64url', Buffer.alloc(32, 0xff).toString('base64url')],
    ['no padding', Buffer.alloc(32).toString('base64').replace('=', '')],
    ['a newline at the end', `${SECRET}\n`],
    ['the prefix twice', `whsec_whsec_${SECRET}`],
    ['the prefix of a public key', `whpk_${SECRET}`],
  ])('of %s is not', (_what, secret) => {
    expect(decodeSecret(secret)).toBeUndefined();
  });
});

describe('keys', () => {
  const OLD = Buffer.alloc(32, 1).toString('base64');
  const texts = (keys: readonly Buffer[]) => keys.map((bytes) => bytes.toString('base64'));
  const stages = (current: string | undefined, previous?: string): ReadSecret => async (stage) => (stage === 'AWSCURRENT' ? current : previous);

  test('before the first rotation: the current one', async () => {
    expect(texts(await new SigningKeys(neverRotated, () => NOW).get())).toEqual([SECRET]);
  });

  test('after a rotation: the current one, then the previous one', async () => {
    expect(texts(await new SigningKeys(stages(SECRET, OLD), () => NOW).get())).toEqual([SECRET, OLD]);
  });

  test.each([
    ['is the same', SECRET], ['is the same with a prefix', `whsec_${SECRET}`], ['is unusable', 'password'], ['is binary', undefined],
  ])('the previous one is left out when it %s', async (_what, previous) => {
    expect(texts(await new SigningKeys(stages(SECRET, previous), () => NOW).get())).toEqual([SECRET]);
  });

  test.each([['unusable', 'password'], ['binary', undefined]])('a current secret that is %s fails the delivery', async (_what, current) => {
    expect((await outcomeOf(new SigningKeys(stages(current, OLD), () => NOW).get())).name).toBe(DeliveryErrorName.DELIVERY_DEPENDENCY_FAILED);
  });

  test('a secret that is gone fails the delivery', async () => {
    const gone: ReadSecret = async () => Promise.reject(serviceError('ResourceNotFoundException', 400));
    expect(await outcomeOf(new SigningKeys(gone, () => NOW).get())).toEqual({
      name: DeliveryErrorName.DELIVERY_DEPENDENCY_FAILED, message: 'SecretsManager GetSecretValue failed (ResourceNotFoundException)',
    });
  });

  test('are read again after five minutes and not before; a failure is not remembered', async () => {
    let now = NOW;
    let secret = SECRET;
    let reads = 0;
    let failing = true;
    const keys = new SigningKeys(async (stage) => {
      if (failing) throw serviceError('InternalServiceError', 500);
      if (stage === 'AWSPREVIOUS') return OLD;
      reads++;
      return secret;
    }, () => now);

    expect((await outcomeOf(keys.get())).name).toBe(DeliveryErrorName.DELIVERY_DEPENDENCY_FAILED);
    failing = false;
    expect(texts(await keys.get())).toEqual([SECRET, OLD]);
    secret = Buffer.alloc(32, 2).toString('base64');
    now += 5 * 60_000 - 1;
    expect(texts(await keys.get())).toEqual([SECRET, OLD]);
    expect(reads).toBe(1);
    now += 1;
    expect(texts(await keys.get())).toEqual([secret, OLD]);
    expect(reads).toBe(2);
  });
});

import { createPublicKey, verify } from 'node:crypto';
import * as fc from 'fast-check';
import { NOW, outcomeOf } from './harness';
import { DeliveryErrorName } from '../../../../src/async-athena-query-api/contracts/error-names';
import { decodeSeed, ED25519, publicKeyOf } from '../../../../src/async-athena-query-api/delivery/function/ed25519';
import { signatureHeaders } from '../../../../src/async-athena-query-api/delivery/function/signature';
import { SigningKeys } from '../../../../src/async-athena-query-api/delivery/function/signing-keys';

const seed = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));
const id = fc.stringMatching(/^[\w-]{1,80}$/);

/** Knows the public key only, and makes a key of it in another way than the code does. */
function verifies(publicKey: string, signature: string, content: string): boolean {
  const key = createPublicKey({
    format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey.replace(/^whpk_/, ''), 'base64').toString('base64url') },
  });
  return verify(null, Buffer.from(content), key, Buffer.from(signature.replace(/^v1a,/, ''), 'base64'));
}

/** The signature of the specification, in its section "Webhook headers", with the keys and the message that Svix gives for it. */
const SPECIFICATION = {
  privateKey: 'whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==',
  publicKey: 'whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=',
  headers: {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==',
  },
  body: '{"test": 2432232314}',
};

/** RFC 8032, section 7.1, tests 1 to 3. */
const RFC_8032: [seed: string, publicKey: string, message: string, signature: string][] = [
  ['9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b'],
  ['4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb', '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c', '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00'],
  ['c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7', 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025', 'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a'],
];

function decoded(secret: string): Buffer {
  const bytes = decodeSeed(secret);
  if (bytes === undefined) throw new Error('no seed');
  return bytes;
}

describe('a signature by an ed25519 key', () => {
  test('is that of the specification', () => {
    const { privateKey, publicKey, headers, body } = SPECIFICATION;
    expect(signatureHeaders([decoded(privateKey)], headers['webhook-id'], 1_614_265_330_999, body, ED25519)).toEqual(headers);
    expect(publicKeyOf(decoded(privateKey))).toBe(publicKey);
  });

  test.each(RFC_8032.filter(([, , message]) => /^([0-7].)*$/.test(message)))('is that of RFC 8032 for seed %s', (secret, publicKey, message, signature) => {
    expect(ED25519.sign(decoded(secret), Buffer.from(message, 'hex').toString())).toBe(`v1a,${Buffer.from(signature, 'hex').toString('base64')}`);
    expect(publicKeyOf(decoded(secret))).toBe(`whpk_${Buffer.from(publicKey, 'hex').toString('base64')}`);
  });

  test.each(RFC_8032)('has the public key of RFC 8032 for seed %s', (secret, publicKey) => {
    expect(publicKeyOf(decoded(secret))).toBe(`whpk_${Buffer.from(publicKey, 'hex').toString('base64')}`);
  });

  test('is accepted by whoever has the public key, for every key of a rotation, and for nothing else', () => {
    const two = fc.uniqueArray(seed, { minLength: 2, maxLength: 2, selector: String });
    fc.assert(fc.property(two, id, fc.string(), fc.string(), (seeds, queryId, body, other) => {
      const headers = signatureHeaders(seeds, queryId, NOW, body, ED25519);
      const signatures = headers['webhook-signature'].split(' ');
      const content = `${queryId}.${headers['webhook-timestamp']}.${body}`;
      const accepted = signatures.map((signature) => seeds.map((key) => verifies(publicKeyOf(key), signature, content)));
      expect(accepted).toEqual([[true, false], [false, true]]);
      expect(verifies(publicKeyOf(seeds[0]), signatures[0], `${content}${other}`)).toBe(other === '');
    }), { numRuns: 50 });
  });
});

describe('a seed', () => {
  test('is the same in every notation', () => {
    fc.assert(fc.property(seed, (bytes) => {
      const publicBytes = Buffer.from(publicKeyOf(bytes).replace('whpk_', ''), 'base64');
      const hex = bytes.toString('hex');
      for (const secret of [hex, hex.toUpperCase(), `whsk_${bytes.toString('base64')}`, `whsk_${Buffer.concat([bytes, publicBytes]).toString('base64')}`]) {
        expect(decodeSeed(secret)).toEqual(bytes);
      }
    }), { numRuns: 50 });
  });

  const BYTES = Buffer.alloc(32, 7);
  test.each([
    ['nothing', ''],
    ['63 digits', BYTES.toString('hex').slice(1)],
    ['a newline at the end', `${BYTES.toString('hex')}\n`],
    ['letters and digits, as shared secrets are generated', 'kJ3v9QpXw7LzT2mB8RfYcN5hD1sGqA6uEoViZxC4tWlM0gKjHbPnSyUrIeOaFdQk'],
    ['base64 without whsk_', BYTES.toString('base64')],
    ['a shared secret', `whsec_${BYTES.toString('base64')}`],
    ['a public key', publicKeyOf(BYTES)],
    ['31 bytes', `whsk_${Buffer.alloc(31).toString('base64')}`],
    ['33 bytes', `whsk_${Buffer.alloc(33).toString('base64')}`],
    ['no padding', `whsk_${BYTES.toString('base64').replace('=', '')}`],
    ['another public key after it', `whsk_${Buffer.concat([BYTES, BYTES]).toString('base64')}`],
    ['a key in PEM', '-----BEGIN PRIVATE KEY-----'],
  ])('is not %s', (_what, secret) => {
    expect(decodeSeed(secret)).toBeUndefined();
  });

  test('that is none fails the delivery, and the message does not show it', async () => {
    const { name, message } = await outcomeOf(new SigningKeys(async () => 'correct horse', () => NOW, ED25519).get());
    expect(name).toBe(DeliveryErrorName.DELIVERY_DEPENDENCY_FAILED);
    expect(message).toContain('64 hexadecimal digits');
    expect(message).not.toContain('horse');
  });
});

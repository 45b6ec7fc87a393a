import { DocTable } from './doc-table';
import { decodeSeed, ED25519, publicKeyOf } from '../../../src/async-athena-query-api/delivery/function/ed25519';
import { decodeSecret, signatureHeaders } from '../../../src/async-athena-query-api/delivery/function/signature';

/** A callback with everything that its signature is made of. */
export const TEST_VECTOR = {
  secret: `whsec_${Buffer.from('this is no secret, it is a test vector').toString('base64')}`,
  privateKey: `whsk_${Buffer.from('this is a test vector, no secret').toString('base64')}`,
  queryId: '6f1c6a3e-1f0a-4f4a-8a0e-2f3b5d0c9c55',
  seconds: 1_645_062_488,
  body: JSON.stringify({
    State: { CompletionDateTime: 1_645_062_487_295, State: 'CANCELLED', SubmissionDateTime: 1_645_062_485_193 },
    QueryId: '6f1c6a3e-1f0a-4f4a-8a0e-2f3b5d0c9c55',
    ResultKind: 'NONE',
    Reason: 'QueryTimeout',
  }),
} as const;

/** The headers that the delivery function sends with it. */
export function headersOfTestVector(): Record<string, string> {
  const { secret, queryId, seconds, body } = TEST_VECTOR;
  const key = decodeSecret(secret);
  if (key === undefined) throw new Error('The secret of the test vector is none');
  return signatureHeaders([key], queryId, seconds * 1_000, body);
}

export const TEST_VECTOR_TABLE: DocTable = {
  page: 'docs/async-athena-query-api/callbacks.md',
  name: 'Test vector',
  origin: 'the signature of the delivery function',
  make: () => ({
    header: ['what', 'value'],
    rows: Object.entries({ secret: TEST_VECTOR.secret, ...headersOfTestVector(), body: TEST_VECTOR.body }).map(([name, value]) => [name, `\`${value}\``]),
  }),
};

/** The seed of the test vector. */
export function seedOfTestVector(): Buffer {
  const seed = decodeSeed(TEST_VECTOR.privateKey);
  if (seed === undefined) throw new Error('The private key of the test vector is none');
  return seed;
}

export const ED25519_VECTOR_TABLE: DocTable = {
  page: 'docs/async-athena-query-api/callbacks.md',
  name: 'Test vector of ed25519',
  origin: 'the signature of the delivery function',
  make: () => {
    const { privateKey, queryId, seconds, body } = TEST_VECTOR;
    const headers = signatureHeaders([seedOfTestVector()], queryId, seconds * 1_000, body, ED25519);
    const rows = { 'private key': privateKey, 'public key': publicKeyOf(seedOfTestVector()), 'webhook-signature': headers['webhook-signature'] };
    return { header: ['what', 'value'], rows: Object.entries(rows).map(([name, value]) => [name, `\`${value}\``]) };
  },
};

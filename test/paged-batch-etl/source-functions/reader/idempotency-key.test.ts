import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { idempotencyKey } from '../../../../src/paged-batch-etl/source-functions/reader/idempotency-key';
import { RUN_ID } from '../harness';

test('a key is what it has always been: users store it', () => {
  expect(idempotencyKey(RUN_ID, '{"$oid":"5f00000000000000000000ab"}')).toBe('cdxsd-cmn9Ua4364dncpbg');
});

test('it is 22 characters that stand in a URL, and the first 128 bits of the hash', () => {
  fc.assert(fc.property(fc.string(), fc.string({ unit: 'binary' }), (run, item) => {
    const key = idempotencyKey(run, item);
    expect(key).toMatch(/^[\w-]{22}$/);
    expect(createHash('sha256').update(JSON.stringify([run, item])).digest('hex')).toMatch(new RegExp(`^${Buffer.from(key, 'base64url').toString('hex')}`));
  }));
});

test('no two pairs of run and item have the same, however they are cut', () => {
  fc.assert(fc.property(fc.string({ minLength: 1 }), fc.nat(), fc.nat(), (text, at, other) => {
    const [first, second] = [at % (text.length + 1), other % (text.length + 1)];
    fc.pre(first !== second);
    expect(idempotencyKey(text.slice(0, first), text.slice(first))).not.toBe(idempotencyKey(text.slice(0, second), text.slice(second)));
  }));
});

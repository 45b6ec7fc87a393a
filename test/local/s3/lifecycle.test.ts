import * as fc from 'fast-check';
import { expirationHeader, objectExpiry, uploadExpiry } from '../../../local/s3/lifecycle';

const DAY = 86_400_000;
const times = fc.integer({ min: 0, max: 4_102_444_800_000 });

describe('lifecycle rules', () => {
  test('an object lives at least its days, ends at midnight UTC, and at most a day late', () => {
    fc.assert(fc.property(times, fc.integer({ min: 1, max: 10_000 }), (created, expirationDays) => {
      const expiry = objectExpiry([{ id: 'r', prefix: '', expirationDays }], 'key', created);
      expect(expiry?.at).toBeGreaterThan(created + expirationDays * DAY);
      expect(expiry?.at).toBeLessThanOrEqual(created + (expirationDays + 1) * DAY);
      expect((expiry?.at ?? 1) % DAY).toBe(0);
    }));
  });

  test('the earliest of the rules whose prefix fits wins', () => {
    const rules = [{ id: 'long', prefix: 'a/', expirationDays: 9 }, { id: 'short', prefix: 'a/b/', expirationDays: 2 }, { id: 'other', prefix: 'c/', expirationDays: 1 }];
    expect(objectExpiry(rules, 'a/b/c', 0)).toEqual({ at: 3 * DAY, ruleId: 'short' });
    expect(objectExpiry(rules, 'a/x', 0)).toEqual({ at: 10 * DAY, ruleId: 'long' });
    expect(objectExpiry(rules, 'x', 0)).toBeUndefined();
  });

  test('an upload ends by its own rule only', () => {
    expect(uploadExpiry([{ id: 'r', prefix: 'a/', abortIncompleteDays: 1 }], 'a/x', 5)).toEqual({ at: 2 * DAY, ruleId: 'r' });
    expect(uploadExpiry([{ id: 'r', prefix: 'a/', abortIncompleteDays: 1 }], 'b', 5)).toBeUndefined();
    expect(uploadExpiry([{ id: 'r', prefix: '', expirationDays: 1 }], 'b', 5)).toBeUndefined();
  });

  test('the header is written as S3 writes it', () => {
    expect(expirationHeader({ at: Date.parse('2030-05-17T00:00:00Z'), ruleId: 'expire results' }))
      .toBe('expiry-date="Fri, 17 May 2030 00:00:00 GMT", rule-id="expire%20results"');
  });
});

import { outcomeOf, withTimeLeft } from './harness';
import { SourceError } from '../../../src/paged-batch-etl/source-functions/source-error';
import { TimeLeft } from '../../../src/paged-batch-etl/source-functions/time-left';

const left = (milliseconds: number) => new TimeLeft(withTimeLeft(milliseconds));

test('a call may take what is left but for the time to answer', () => {
  expect(left(10_000).forCall()).toBe(8_500);
  expect(left(1_750).forCall()).toBe(250);
});

test.each([1_749, 500, 0, -20])('with %d ms left no call is begun', async (milliseconds) => {
  expect(await outcomeOf(() => left(milliseconds).forCall())).toEqual({ name: 'SourceTimedOut', message: 'Too little time was left to ask the source' });
});

test('a call may leave time for what comes after it', () => {
  expect(left(10_000).forCall(1_000)).toBe(7_500);
  expect(() => left(10_000).forCall(9_000)).toThrow('Too little time was left to ask the source');
});

test('a call that is not begun fails as its caller says', () => {
  expect(() => left(100).forCall(0, () => new SourceError('PageBucketUnavailable', 'mine'))).toThrow('mine');
});

test('it tells which share of the whole time is used', () => {
  let now = 10_000;
  const time = new TimeLeft({ getRemainingTimeInMillis: () => now });
  const used = [10_000, 3_001, 2_999].map((remaining) => {
    now = remaining;
    return time.isUsed(0.7);
  });
  expect(used).toEqual([false, false, true]);
});

test('work that hangs is abandoned before the function is', async () => {
  const abandon = jest.fn();
  const hanging = new Promise<never>(() => undefined);
  expect((await outcomeOf(() => left(510).limit(hanging, abandon))).name).toBe('SourceTimedOut');
  expect(abandon).toHaveBeenCalledTimes(1);
});

test('work that ends in time is not', async () => {
  const abandon = jest.fn();
  await expect(left(60_000).limit(Promise.resolve(7), abandon)).resolves.toBe(7);
  await expect(left(60_000).limit(Promise.reject(new RangeError('x')), abandon)).rejects.toThrow(RangeError);
  expect(abandon).not.toHaveBeenCalled();
});

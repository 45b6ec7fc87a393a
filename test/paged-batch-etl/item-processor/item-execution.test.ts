import { Duration } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { MAX_INLINE_CONCURRENCY } from '../../../src/paged-batch-etl/item-processor/concurrency';
import { chooseItemExecution, ItemExecution, ItemExecutionOptions } from '../../../src/paged-batch-etl/item-processor/item-execution';
import { MAX_RETRY_ATTEMPTS } from '../../../src/paged-batch-etl/item-processor/processor-function';
import { longestCalls } from '../../../src/paged-batch-etl/workflow/express-fit';
import { AslRetrier } from '../../../src/private/synth/asl';

/** Longest that an Express execution runs, with ten seconds left. Source: Step Functions quotas. */
const MOST_SECONDS = 290;

/** A Task ends later than its function. */
const MARGIN = 10;

const given: fc.Arbitrary<ItemExecutionOptions & { readonly timeout: Duration }> = fc.record({
  batchSize: fc.option(fc.integer({ min: 1, max: 400 }), { nil: undefined }),
  concurrency: fc.integer({ min: 1, max: MAX_INLINE_CONCURRENCY }),
  retryAttempts: fc.oneof(fc.nat(4), fc.nat(MAX_RETRY_ATTEMPTS)),
  timeout: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 90 })).map((seconds) => Duration.seconds(seconds)),
});

const choose = (options: Partial<ItemExecutionOptions> = {}) => (
  chooseItemExecution({ concurrency: 40, retryAttempts: 2, timeout: Duration.seconds(3), ...options }));

/** Seconds that all attempts at an item take, of which each takes that long and each delay its share of the nominal one. */
function itemSeconds(retries: readonly AslRetrier[], attempt: number, share = 1): number {
  const delays = retries.flatMap(({ MaxAttempts, IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds = Infinity }) => (
    Array.from({ length: MaxAttempts }, (_, index) => Math.min(MaxDelaySeconds, IntervalSeconds * BackoffRate ** index))));
  return (1 + delays.length) * attempt + delays.reduce((sum, delay) => sum + delay * share, 0);
}

/** When the last item ends, if each begins as soon as one of the calls at the same time is free. */
function endOf(items: readonly number[], concurrency: number): number {
  const free = Array.from({ length: concurrency }, () => 0);
  for (const seconds of items) {
    const first = free.indexOf(Math.min(...free));
    free[first] += seconds;
  }
  return Math.max(...free);
}

function retriesOf(chosen: ItemExecution): readonly AslRetrier[] {
  return chosen.kind === 'express' ? chosen.retries : [];
}

describe('an Express execution', () => {
  test('ends in time even if every attempt at every item ends at its time-out and every delay is as long as it can be', () => {
    let express = 0;
    fc.assert(fc.property(given, (options) => {
      const chosen = chooseItemExecution(options);
      if (chosen.kind !== 'express') return;
      express++;
      for (const size of [chosen.batchSize, chosen.largestBatchSize]) {
        // A larger page than the one that was chosen has the delays that it would be chosen with.
        const { retries } = size === chosen.batchSize ? chosen : { retries: retriesOf(chooseItemExecution({ ...options, batchSize: size })) };
        const seconds = itemSeconds(retries, options.timeout.toSeconds() + MARGIN);
        expect(endOf(Array.from({ length: size }, () => seconds), options.concurrency)).toBeLessThanOrEqual(MOST_SECONDS);
      }
    }), { numRuns: 500 });
    expect(express).toBeGreaterThan(50);
  });

  test('ends no later if some of its items are quicker', () => {
    fc.assert(fc.property(given, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 400, maxLength: 400 }), (options, shares) => {
      const chosen = chooseItemExecution(options);
      if (chosen.kind !== 'express') return;
      const { timeout, retryAttempts: attempts, concurrency } = options;
      const attempt = timeout.toSeconds() + MARGIN;
      const items = shares.slice(0, chosen.batchSize).map((share) => itemSeconds(chosen.retries, attempt * share, share));
      const longest = longestCalls({ timeout, attempts, calls: chosen.batchSize, concurrency }, chosen.retries);
      expect(endOf(items, concurrency)).toBeLessThanOrEqual(longest);
      expect(longest).toBeLessThanOrEqual(MOST_SECONDS);
    }), { numRuns: 300 });
  });

  test('is never given up, nor a page made smaller, where one item more would have fitted', () => {
    fc.assert(fc.property(given, (options) => {
      const chosen = chooseItemExecution(options);
      const tried = (size: number) => chooseItemExecution({ ...options, batchSize: size });
      const size = chosen.kind === 'express' ? chosen.largestBatchSize + 1 : chosen.batchSize;
      expect(tried(size).kind).toBe('segment');
      const quickest = itemSeconds(
        [{ ErrorEquals: [], MaxAttempts: 3, MaxDelaySeconds: 4 }, { ErrorEquals: [], MaxAttempts: options.retryAttempts, MaxDelaySeconds: 4 }],
        options.timeout.toSeconds() + MARGIN,
      );
      expect(endOf(Array.from({ length: size }, () => quickest), options.concurrency)).toBeGreaterThan(MOST_SECONDS);
    }), { numRuns: 300 });
  });

  test('keeps the retries and all attempts that were asked for', () => {
    fc.assert(fc.property(given, (options) => {
      const chosen = chooseItemExecution(options);
      if (chosen.kind !== 'express') return;
      const [, service, others] = chosen.retries;
      expect([service.MaxAttempts, others.MaxAttempts, others.ErrorEquals]).toEqual([3, options.retryAttempts, ['States.ALL']]);
      for (const { JitterStrategy } of [service, others]) expect(JitterStrategy).toBe('FULL');
    }), { numRuns: 100 });
  });
});

describe('what is chosen', () => {
  const delays = (chosen: ItemExecution) => retriesOf(chosen).slice(1).map(({ IntervalSeconds }) => IntervalSeconds);

  test('defaults: 100 items in an Express execution, with short delays', () => {
    const chosen = choose();
    expect(chosen).toMatchObject({ kind: 'express', batchSize: 100, largestBatchSize: 120 });
    expect(chosen).not.toHaveProperty('note', expect.anything());
    expect(delays(chosen)).toEqual([1, 1]);
  });

  test('the usual delays where a page fits with them', () => {
    expect(delays(choose({ batchSize: 40 }))).toEqual([5, 10]);
    expect(delays(choose({ batchSize: 41 }))).toEqual([1, 1]);
  });

  test('a default that does not fit becomes smaller, and says so', () => {
    const chosen = choose({ timeout: Duration.seconds(10) });
    expect(chosen).toMatchObject({ kind: 'express', batchSize: 80, largestBatchSize: 80 });
    expect(chosen.note).toMatch(/^a page has at most 80 items, not 100, so that /);
  });

  test('but not very small: then the items are in the segment, unless the user asks for such pages', () => {
    const slow = { timeout: Duration.seconds(30) };
    expect(choose({ ...slow, concurrency: 10 })).toMatchObject({ kind: 'express', batchSize: 10 });
    const chosen = choose({ ...slow, concurrency: 9 });
    expect(chosen).toMatchObject({ kind: 'segment', batchSize: 100 });
    expect(chosen.note).toContain('batchSize is 100; with at most 9, ');
    expect(choose({ ...slow, concurrency: 9, batchSize: 9 })).toMatchObject({ kind: 'express', batchSize: 9 });
  });

  test('what the user asked for stays, in the segment, and the largest size that fits is named', () => {
    const chosen = choose({ batchSize: 100, timeout: Duration.seconds(10) });
    expect(chosen).toMatchObject({ kind: 'segment', batchSize: 100 });
    expect(chosen.note).toMatch(/^every item costs a state transition, because batchSize is 100; with at most 80, /);
  });

  test.each([[2, 36], [0, 60]])('with %i retries, an item of %i seconds still fits, and the time-out is named to one that does not', (retryAttempts, longest) => {
    expect(choose({ retryAttempts, timeout: Duration.seconds(longest) }).kind).toBe('express');
    const chosen = choose({ retryAttempts, timeout: Duration.seconds(longest + 1) });
    expect(chosen).toMatchObject({ kind: 'segment', batchSize: 100 });
    expect(chosen.note).toContain(`with a timeout of the handler of at most ${longest} seconds`);
  });

  test('retries with which nothing fits', () => {
    const chosen = choose({ retryAttempts: 20, timeout: Duration.seconds(1) });
    expect(chosen.kind).toBe('segment');
    expect(chosen.note).toContain('they do not fit with 20 retryAttempts, whatever the timeout of the handler');
  });

  test('a function whose time-out nobody knows', () => {
    const chosen = choose({ timeout: undefined });
    expect(chosen).toMatchObject({ kind: 'segment', batchSize: 100 });
    expect(chosen.note).toContain('the timeout of the handler is not known');
  });
});

import { simulate } from '../../support/etl-simulation';

test('a million documents: each is processed once and in order, over segments that stay far below the limit of a history', async () => {
  let next = 0;
  const run = await simulate({
    items: 1_000_000,
    onPage: (first, end) => {
      expect(first).toBe(next);
      next = end;
    },
  });
  expect(next).toBe(1_000_000);
  expect(run.status).toBe('SUCCEEDED');
  expect(run.output).toEqual({ items: 1_000_000, pages: 1_000, segments: 2 });
  // 12 events a page and 6 around them; 8 a segment and 8 around them.
  expect(run.fullestSegment).toBe(595 * 12 + 6);
  expect(run.events).toBe(1_000 * 12 + 2 * 6 + 2 * 8 + 8);
  // 3 a page, 2 a segment and 2 for it in the run, 3 around them.
  expect(run.transitions).toBe(1_000 * 3 + 2 * 4 + 3);
});

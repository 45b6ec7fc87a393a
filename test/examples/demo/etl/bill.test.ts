import { Bill, NO_BILL, priceOf, sumOf, tierOf } from '../../../../examples/demo/etl/bill';
import { publishedDesign } from '../../../../examples/demo/etl/published-design';

test.each<[Partial<Bill>, number]>([
  [{}, 0],
  [{ transitions: 1_000_000 }, 25],
  [{ expressExecutions: 1_000_000 }, 1],
  // A thousand gigabyte-hours.
  [{ gigabyteSeconds: 3_600_000 }, 60],
  [{ s3Writes: 1_000_000 }, 5],
  [{ s3Reads: 1_000_000 }, 0.4],
  [{ transitions: 1_000, expressExecutions: 1_000, gigabyteSeconds: 60, s3Writes: 1_000, s3Reads: 1_000 }, 0.025 + 0.001 + 0.001 + 0.005 + 0.0004],
])('%j costs $%d', (bill, dollars) => {
  expect(priceOf({ ...NO_BILL, ...bill })).toBeCloseTo(dollars, 10);
});

test('bills are added number by number', () => {
  const bill = { transitions: 1, expressExecutions: 2, gigabyteSeconds: 0.5, s3Writes: 4, s3Reads: 5 };
  expect(sumOf([])).toEqual(NO_BILL);
  expect(sumOf([bill, bill])).toEqual({ transitions: 2, expressExecutions: 4, gigabyteSeconds: 1, s3Writes: 8, s3Reads: 10 });
});

test.each([
  ['s3Writes', ['PutObject', 'CopyObject', 'CreateMultipartUpload', 'UploadPart', 'CompleteMultipartUpload', 'ListObjectsV2', 'ListParts']],
  ['s3Reads', ['GetObject', 'HeadObject', 'HeadBucket', 'GetBucketLocation']],
  [undefined, ['DeleteObject', 'AbortMultipartUpload']],
])('S3 bills as %s: %j', (tier, operations) => {
  expect(operations.map(tierOf)).toEqual(operations.map(() => tier));
});

test.each([
  [20, 1, 23],
  [40, 2, 46],
  [41, 3, 50],
  [1, 1, 4],
])('as first published, %d documents are %d pages with %d transitions: one for each document, three for each page', (items, pages, transitions) => {
  expect(publishedDesign(items)).toEqual({ pages, bill: { ...NO_BILL, transitions } });
});

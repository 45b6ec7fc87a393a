import * as fc from 'fast-check';
import { FakeBucket, fakeBucket, keyOf } from './fake-bucket';
import { CONFIG, NOW, serviceError } from './harness';
import { LARGEST_FILES_BODY, MOST_COUNTED_FILES, MOST_FILES_AT_ONCE, ResultFiles } from '../../../../src/async-athena-query-api/contracts/callback';
import { nextToken, readNextToken } from '../../../../src/async-athena-query-api/delivery/function/file-token';
import { LinkConfig } from '../../../../src/async-athena-query-api/delivery/function/link-config';
import { makeResultFiles } from '../../../../src/async-athena-query-api/delivery/function/result-files';
import { WritingQuery } from '../../../../src/async-athena-query-api/delivery/function/written-files';
import { fcRuns } from '../../../support/fc-runs';

const ID = '0b8f6d9e-4a57-4c1f-9d55-3f3c0d6a1e10';
const ATHENA_ID = '7f0d5a6c-2a4e-4f0e-8f0b-6a1f2c3d4e5f';
const LISTED: WritingQuery = { queryId: ID, queryExecutionId: ATHENA_ID, format: 'PARQUET' };
const MANIFEST_KEY = `results/${ATHENA_ID}-manifest.csv`;
const NAMED: WritingQuery = { queryId: ID, queryExecutionId: ATHENA_ID, manifest: `s3://results-bucket/${MANIFEST_KEY}` };

/** Bytes of a body beside what it says of files. */
const OTHER_BYTES = 2_000;

async function page(query: WritingQuery, cloud: FakeBucket, token?: string, config: Partial<LinkConfig> = {}): Promise<ResultFiles> {
  const start = token === undefined ? undefined : readNextToken(query.queryId, token);
  const files = await makeResultFiles(query, start, OTHER_BYTES, { ...CONFIG, ...config }, cloud);
  if (files === undefined) throw new Error('No files are known');
  return JSON.parse(JSON.stringify(files));
}

async function pages(query: WritingQuery, cloud: FakeBucket, config?: Partial<LinkConfig>): Promise<ResultFiles[]> {
  const all = [await page(query, cloud, undefined, config)];
  for (let next = all[0].NextToken; next !== undefined; next = all.at(-1)?.NextToken) all.push(await page(query, cloud, next, config));
  return all;
}

/** Of all pages, what holds for whatever was written. */
function expectSound(all: readonly ResultFiles[], keys: readonly string[], fileCount: number, cloud: FakeBucket): void {
  expect(all.flatMap(({ Files }) => Files.map(({ PresignedUrl }) => keyOf(PresignedUrl))).sort()).toEqual([...keys].sort());
  for (const files of all) {
    expect(files.FileCount).toBe(fileCount);
    expect(files.Files.length).toBeLessThanOrEqual(MOST_FILES_AT_ONCE);
    expect(Buffer.byteLength(JSON.stringify(files)) + OTHER_BYTES).toBeLessThanOrEqual(LARGEST_FILES_BODY);
    expect([files.ExpiredIn, files.ExpiresAt]).toEqual(files.Files.length === 0 ? [undefined, undefined] : [3_600, NOW + 3_600_000]);
  }
  for (const policy of cloud.policies) {
    expect(policy.length).toBeLessThanOrEqual(2_048);
    // What AssumeRole takes. Source: the API reference of AWS STS.
    expect(policy).toMatch(/^[\t\n\r -\xff]+$/);
  }
}

const part = fc.oneof(fc.stringMatching(/^[\w=%.-]{1,40}$/), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 })).filter((name) => (
  !name.includes('/') && !['.', '..'].includes(name) && !/[\r\n"]/.test(name)
));
const name = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
const names = fc.oneof(
  fc.uniqueArray(name, { maxLength: 12 }),
  fc.tuple(part, fc.integer({ min: 90, max: 320 })).map(([stem, count]) => Array.from({ length: count }, (_, index) => `${stem}-${index}`)),
);

describe('files under the id of the query', () => {
  const run = fc.record({
    names,
    empty: fc.uniqueArray(part, { maxLength: 3 }),
    pageSize: fc.integer({ min: 1, max: 400 }),
    linkLength: fc.integer({ min: 500, max: 9_000 }),
    prefix: fc.constantFrom('results/', '', 'a*b?c$d/', 'ü/'),
  });

  test('are each linked once over all pages, of which none is too large, by sessions that may read no other query\'s', async () => {
    await fc.assert(fc.asyncProperty(run, async ({ names: written, empty, pageSize, linkLength, prefix }) => {
      const folder = `${prefix}${ID}/`;
      const keys = written.map((file) => `${folder}${file}`);
      const markers = empty.map((marker) => `${folder}${marker}/_${marker}`).filter((key) => !keys.includes(key));
      const objects = {
        ...Object.fromEntries(keys.map((key, index) => [key, 'x'.repeat(index % 7 + 1)])),
        ...Object.fromEntries(markers.map((key) => [key, ''])),
        [`${prefix}${ID}`]: 'another',
        [`${prefix}${ID}0/file`]: 'another',
        [`${prefix}${ATHENA_ID}.csv`]: 'another',
      };
      const cloud = fakeBucket({ objects, pageSize, linkLength });
      const all = await pages(LISTED, cloud, { resultLocation: `s3://results-bucket/${prefix}` });
      expectSound(all, keys, keys.length, cloud);
      for (const { SizeInBytes, PresignedUrl } of all.flatMap(({ Files }) => Files)) {
        expect(SizeInBytes).toBe(keys.indexOf(keyOf(PresignedUrl)) % 7 + 1);
      }
    }), { numRuns: fcRuns(60) });
  });

  test('are listed and linked by sessions that reach nothing else', async () => {
    const cloud = fakeBucket({ objects: { [`results/${ID}/a=1/x`]: 'x', [`results/${ID}/a=2/x`]: 'x' } });
    await page(LISTED, cloud);
    const statements = (reached: string) => [
      { Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::results-bucket/${reached}*` },
      { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::results-bucket', Condition: { StringLike: { 's3:prefix': `${reached}*` } } },
    ];
    expect(cloud.policies.map((policy) => JSON.parse(policy).Statement)).toEqual([statements(`results/${ID}/`), statements(`results/${ID}/a=`)]);
  });

  test('may be none', async () => {
    const cloud = fakeBucket({ objects: { [`results/${ID}/`]: '' } });
    expect(await page(LISTED, cloud)).toEqual({ Files: [], FileCount: 0 });
    // Athena may write a list of no files.
    expect(await page({ ...LISTED, manifest: NAMED.manifest }, fakeBucket({ objects: { [MANIFEST_KEY]: '' } }))).toEqual({ Files: [], FileCount: 0 });
  });

  test('are gone if Athena has listed some, and there are none', async () => {
    const cloud = fakeBucket({ objects: { [MANIFEST_KEY]: `s3://results-bucket/results/${ID}/a\n` } });
    await expect(page({ ...LISTED, manifest: NAMED.manifest }, cloud)).rejects.toMatchObject({ name: 'ResultExpired' });
    await expect(page({ ...LISTED, manifest: NAMED.manifest }, fakeBucket({ objects: {} }))).rejects.toMatchObject({ name: 'ResultExpired' });
  });

  test('are found where results lay before', async () => {
    const cloud = fakeBucket({ objects: { [`older/${ID}/a`]: 'a', [`older/${ID}/b`]: 'b' } });
    const all = await pages(LISTED, cloud, { formerResultLocations: ['s3://results-bucket/old/', 's3://results-bucket/older/'] });
    expectSound(all, [`older/${ID}/a`, `older/${ID}/b`], 2, cloud);
  });

  test('are linked as long as the first of them is kept', async () => {
    const expiring = (seconds: number) => fakeBucket({
      objects: { [`results/${ID}/a`]: 'a' }, expiration: `expiry-date="${new Date(NOW + seconds * 1_000).toUTCString()}", rule-id="results"`,
    });
    expect(await page(LISTED, expiring(600))).toMatchObject({ ExpiredIn: 600 });
    await expect(page(LISTED, expiring(59))).rejects.toMatchObject({ name: 'ResultExpired' });
  });
});

/** A line of Athena's list, and the key that is linked for it. */
interface Listed {
  readonly text: string;
  readonly key: string | undefined;
}

describe('files that Athena has listed', () => {
  const uri: fc.Arbitrary<Listed> = fc.oneof(
    { weight: 3, arbitrary: name.map((file) => ({ text: `s3://results-bucket/results/tables/${ATHENA_ID}/${file}`, key: `results/tables/${ATHENA_ID}/${file}` })) },
    name.map((file) => ({ text: `s3://data-bucket/sales/${file}`, key: undefined })),
    name.map((file) => ({ text: `s3://results-bucket/elsewhere/${file}`, key: undefined })),
    fc.constantFrom('s3://results-bucket/results/../secret', 's3://results-bucket/results/', 's3://results-bucket').map((text) => ({ text, key: undefined })),
  );
  const run = fc.record({
    listed: fc.oneof(
      fc.uniqueArray(uri, { maxLength: 12, selector: ({ text }) => text }),
      names.map((many) => many.map((file): Listed => ({ text: `s3://results-bucket/results/${file}`, key: `results/${file}` }))),
    ),
    lineEnd: fc.constantFrom('\n', '\r\n'),
    lastLineEnd: fc.boolean(),
    quoted: fc.boolean(),
    linkLength: fc.integer({ min: 500, max: 9_000 }),
  });

  test('are each linked once over all pages, and counted where no links are made to', async () => {
    await fc.assert(fc.asyncProperty(run, async ({ listed, lineEnd, lastLineEnd, quoted, linkLength }) => {
      const keys = listed.flatMap(({ key }) => key ?? []);
      fc.pre(!keys.includes(MANIFEST_KEY));
      const lines = listed.map(({ text }) => (quoted ? `"${text}"` : text)).join(lineEnd);
      const objects = { ...Object.fromEntries(keys.map((key) => [key, 'x'])), [MANIFEST_KEY]: lines + (lastLineEnd ? lineEnd : '') };
      const cloud = fakeBucket({ objects, linkLength });
      expectSound(await pages(NAMED, cloud), keys, listed.length, cloud);
    }), { numRuns: fcRuns(60) });
  });

  test('are counted so far and no farther, while pages go on to the end', async () => {
    const count = MOST_COUNTED_FILES + 5;
    const lines = Array.from({ length: count }, (_, index) => (
      index < count - 2 ? `s3://data-bucket/sales/part=${index}/20261201_000000_00001_abcde_0f0e0d0c` : `s3://results-bucket/results/x/${index}`
    ));
    const keys = [count - 2, count - 1].map((index) => `results/x/${index}`);
    const cloud = fakeBucket({ objects: { [MANIFEST_KEY]: lines.join('\n'), ...Object.fromEntries(keys.map((key) => [key, 'x'])) } });
    const all = await pages(NAMED, cloud);
    expectSound(all, keys, MOST_COUNTED_FILES, cloud);
    expect(all.map(({ Files }) => Files.length)).toEqual([0, 2]);
  });

  test('of one page begin anywhere in a list of more than can be read at once', async () => {
    const keys = Array.from({ length: 15_000 }, (_, index) => `results/${'k'.repeat(100)}${String(index).padStart(6, '0')}`);
    const cloud = fakeBucket({
      objects: { [MANIFEST_KEY]: keys.map((key) => `s3://results-bucket/${key}`).join('\n'), ...Object.fromEntries(keys.map((key) => [key, 'x'])) }, linkLength: 10,
    });
    expectSound(await pages(NAMED, cloud), keys, keys.length, cloud);
  });

  test.each([
    ['not there', undefined, {}],
    ['outside', `s3://data-bucket/results/${ATHENA_ID}-manifest.csv`, {}],
    ['beside the prefix', `s3://results-bucket/results-of-others/${ATHENA_ID}-manifest.csv`, {}],
    ['another query\'s', `s3://results-bucket/results/${ID}-manifest.csv`, {}],
    ['in a name that ends alike', `s3://results-bucket/results/x${ATHENA_ID}-manifest.csv`, {}],
    ['no location', 'manifest', {}],
    ['no list', NAMED.manifest, { [MANIFEST_KEY]: 'x'.repeat(2_000_000) }],
  ])('are not known where the list is %s', async (_what, manifest, objects) => {
    const cloud = fakeBucket({ objects });
    const made = makeResultFiles({ ...NAMED, manifest }, undefined, 0, CONFIG, cloud);
    if (manifest === undefined) expect(await made).toBeUndefined();
    else await expect(made).rejects.toMatchObject({ name: 'ResultNotDeliverable' });
    expect(cloud.policies).toHaveLength(Object.keys(objects).length);
  });

  test('are gone if the list is, or the first of them', async () => {
    await expect(page(NAMED, fakeBucket({ objects: {} }))).rejects.toMatchObject({ name: 'ResultExpired' });
    const listed = { [MANIFEST_KEY]: 's3://results-bucket/results/x/a\n' };
    await expect(page(NAMED, fakeBucket({ objects: listed }))).rejects.toMatchObject({ name: 'ResultExpired' });
  });

  test('cannot be told while there is no right to read them: that is tried again', async () => {
    const cloud = fakeBucket({ objects: { [MANIFEST_KEY]: '' } });
    const refused = { ...cloud, readRange: async () => Promise.reject(serviceError('AccessDenied', 403)) };
    await expect(page(NAMED, refused)).rejects.toMatchObject({ name: 'DeliveryDependencyFailed' });
  });
});

describe('a next token', () => {
  const cloud = () => fakeBucket({
    objects: {
      [MANIFEST_KEY]: Array.from({ length: 300 }, (_, index) => `s3://results-bucket/results/x/s3://results-bucket/results/${index}`).join('\n'),
      ...Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`results/x/s3://results-bucket/results/${index}`, 'x'])),
      'results/7': 'another\'s',
    },
  });

  test('is of one query only', async () => {
    const { NextToken = '' } = await page(NAMED, cloud());
    expect(readNextToken(ID, NextToken)).toMatchObject({ fileCount: 300 });
    expect(() => readNextToken(ATHENA_ID, NextToken)).toThrow('The token belongs to no page of this query');
  });

  test('that is not one of ours is refused, whatever it is', () => {
    fc.assert(fc.property(fc.oneof(
      fc.string(), fc.base64String(), fc.string().map((text) => Buffer.from(text).toString('base64url')),
      fc.string().map((text) => Buffer.from(`${ID} 1 ${text}`).toString('base64')).filter((token) => /[+/=]/.test(token)),
      fc.nat().map((count) => Buffer.from(`${ID} ${count + MOST_COUNTED_FILES + 1} a`).toString('base64url')),
    ), (token) => {
      expect(() => readNextToken(ID, token)).toThrow('The token belongs to no page of this query');
    }));
  });

  test('is read as it was written, and has no more than 2,048 characters', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: MOST_COUNTED_FILES }), fc.string({ unit: 'grapheme', minLength: 1 }), (fileCount, position) => {
      expect(readNextToken(ID, nextToken(ID, { fileCount, position }))).toEqual({ fileCount, position });
    }));
    expect(nextToken('i'.repeat(80), { fileCount: MOST_COUNTED_FILES, position: 'k'.repeat(1_024) }).length).toBeLessThan(2_048);
  });

  test.each(['x', '0', '-1', '1e3', '12', '30', '1000000000000000'])('to %s in the list of Athena is none: links go to what is on a line, and to no part of one', async (position) => {
    const attempt = page(NAMED, cloud(), nextToken(ID, { fileCount: 300, position }));
    await expect(attempt).rejects.toMatchObject({ name: 'InvalidNextToken' });
  });
});

import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { batchesOf } from './read-batches';
import { documentOf } from './simulated-source';
import { JsonObject } from '../../../../local/json';
import { LargePageItem, PageItem, PageLine } from '../../../../src/paged-batch-etl/contracts/read-page';
import { itemLine } from '../../../../src/paged-batch-etl/source-functions/page-object/item-texts';
import { DataKeys } from '../../../../src/paged-batch-etl/source-functions/page-object/page-keys';
import { S3PageStore } from '../../../../src/paged-batch-etl/source-functions/page-object/s3-page-store';
import { writePage, WritePageOptions } from '../../../../src/paged-batch-etl/source-functions/page-object/write-page';
import { TimeLeft } from '../../../../src/paged-batch-etl/source-functions/time-left';
import { allow } from '../../../local/s3/data-cloud';
import { Bucket, BUCKET_ARN, KEY_ARN, openS3, TestS3, UNDER_KEY } from '../../../local/s3/s3-client';
import { outcomeOf, RUN_ID, withTimeLeft } from '../harness';

/** What the role of a source function may do, as `PageTransport.s3` gives it. */
const RIGHTS: readonly JsonObject[] = [
  allow(['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'], `${BUCKET_ARN}/etl/*`),
  allow('s3:ListBucket', BUCKET_ARN),
  allow(['kms:GenerateDataKey', 'kms:Decrypt'], KEY_ARN),
];

const MEBIBYTE = 1024 * 1024;

const NO_DATA: DataKeys = { key: '', index: '' };

let s3: TestS3;

/** Items whose texts are a megabyte long, every third of them two hundred bytes. */
const items = (count: number): PageItem[] => Array.from({ length: count }, (_, index) => ({
  itemIdentifier: `item ${index}`,
  idempotencyKey: `key ${index}`,
  item: index % 3 === 0 ? documentOf(index) : { text: 'ä'.repeat(MEBIBYTE / 2) },
}));

function write(client: S3Client, changes: Partial<WritePageOptions> & { readonly count?: number } = {}) {
  const time = new TimeLeft(withTimeLeft(600_000));
  const { count = 20 } = changes;
  return writePage({
    bucket: { name: Bucket, prefix: 'etl/', pageBytes: 64 * MEBIBYTE, batch: { bytes: 200 * 1024, textBytes: 240 * 1024 } },
    store: new S3PageStore(client, Bucket, time),
    runId: RUN_ID,
    cursor: null,
    batchSize: 100,
    time,
    readInto: async (page) => {
      for (const item of items(count)) {
        page.add(itemLine(item));
        await page.stay();
      }
      return { cursor: 'end', done: false };
    },
    ...changes,
  });
}

async function textOf(client: S3Client, Key: string, Range?: string): Promise<string> {
  return await (await client.send(new GetObjectCommand({ Bucket, Key, Range }))).Body?.transformToString() ?? '';
}

/** The items of a page as processors see them: large ones by their range. */
async function itemsOf(client: S3Client, { key, index }: DataKeys): Promise<PageItem[]> {
  const lines = batchesOf(Buffer.from(await textOf(client, key)), await textOf(client, index)).flat();
  const isLarge = (line: PageLine): line is LargePageItem => 'itemAt' in line;
  return Promise.all(lines.map(async (line) => {
    if (!isLarge(line)) return line;
    const { itemAt: { Key, Offset, Length }, ...names } = line;
    return { ...names, item: JSON.parse(await textOf(client, Key, `bytes=${Offset}-${Offset + Length - 1}`)) };
  }));
}

function keysIn(bucket: TestS3, suffix: string): string[] {
  return (bucket.account.store.bucket(Bucket)?.list('') ?? []).map(({ key }) => key).filter((key) => key.endsWith(suffix));
}

const without = (action: string): JsonObject[] => RIGHTS.flatMap(({ Action, ...rest }) => {
  const left = [Action].flat().filter((each) => each !== action);
  return left.length === 0 ? [] : [{ ...rest, Action: left }];
});

describe.each<[string, JsonObject]>([['', {}], [' that is encrypted by a key', { BucketEncryption: UNDER_KEY }]])('a bucket%s', (_what, properties) => {
  beforeAll(async () => {
    s3 = await openS3(properties);
  });
  afterAll(async () => s3.close());

  const clientWith = (name: string, rights: readonly JsonObject[]) => s3.clientFor(s3.account.session(name, ...rights).credentials);

  test('gets the page in parts, with the text of large items beside it', async () => {
    const client = clientWith('Writer', RIGHTS);
    const page = await write(client);
    expect(page).toMatchObject({ by: 'this', record: { count: 20, cursor: 'end', done: false } });
    expect(await itemsOf(client, page?.record ?? NO_DATA)).toEqual(items(20));
    expect(page?.record.itemBytes).toBeGreaterThan(13 * MEBIBYTE);
    const again = await write(client, { readInto: async () => Promise.reject(new Error('it was read again')) });
    expect(again).toEqual({ ...page, by: 'before' });
  });

  test('gets one page from attempts at the same moment, and nothing else stays in it', async () => {
    const client = clientWith('Racer', RIGHTS);
    const pages = await Promise.all([5, 7, 4].map(async (count) => write(client, { cursor: 'race', count })));
    const [record, ...others] = pages.map((page) => page?.record);
    expect(others).toEqual([record, record]);
    expect(pages.map((page) => page?.by).sort()).toEqual(['another', 'another', 'this']);
    const folder = pages[0]?.keys.folder ?? '';
    expect(keysIn(s3, '').filter((key) => key.startsWith(folder)).sort()).toEqual([record?.key, record?.index, `${record?.key}.items`, `${folder}page.json`].sort());
    expect(await itemsOf(client, record ?? NO_DATA)).toEqual(items(record?.count ?? 0));
  });

  test('gets a page another time whose data is gone', async () => {
    const client = clientWith('Again', RIGHTS);
    const first = await write(client, { cursor: 'gone', count: 4 });
    await new S3PageStore(client, Bucket, new TimeLeft(withTimeLeft())).delete([`${first?.record.key}.items`]);
    const second = await write(client, { cursor: 'gone', count: 5 });
    expect(second).toMatchObject({ by: 'this', record: { count: 5 } });
    expect(await write(client, { cursor: 'gone', count: 6 })).toEqual({ ...second, by: 'before' });
  });

  test('keeps nothing of a page whose reading failed', async () => {
    const client = clientWith('Failing', RIGHTS);
    const before = keysIn(s3, '');
    const failing = write(client, {
      cursor: 'failing',
      readInto: async (page) => {
        for (const item of items(20)) {
          page.add(itemLine(item));
          await page.stay();
        }
        throw new Error('the source failed');
      },
    });
    await expect(failing).rejects.toThrow('the source failed');
    expect(keysIn(s3, '')).toEqual(before);
    expect(s3.account.store.bucket(Bucket)?.listUploads('')).toEqual([]);
  });

  const needed = ['s3:GetObject', 's3:PutObject', 's3:ListBucket', ...properties.BucketEncryption === undefined ? [] : ['kms:GenerateDataKey', 'kms:Decrypt']];

  test.each(needed)('refuses without %s, in an error that is final and names no key, role or account', async (action) => {
    const client = clientWith(`Without${action.replace(':', '')}`, without(action));
    const { name, message } = await outcomeOf(() => write(client, { cursor: action }));
    expect(name).toBe('PageBucketRefused');
    expect(message).toMatch(/^The bucket of pages refused to [a-z ]+ \((?:AccessDenied|403)\); the role of the source function may /);
    expect(message).not.toMatch(/1111|Without|results|etl\//);
  });

  test.each(['s3:DeleteObject', 's3:AbortMultipartUpload'])('does without %s, and keeps what could not be removed', async (action) => {
    const client = clientWith(`Without${action.replace(':', '')}`, without(action));
    const pages = await Promise.all([4, 5].map(async (count) => write(client, { cursor: action, count })));
    expect(pages[0]?.record).toEqual(pages[1]?.record);
  });

  test('that is not there is named as that', async () => {
    const client = clientWith('Lost', RIGHTS);
    const time = new TimeLeft(withTimeLeft());
    expect(await outcomeOf(() => write(client, { store: new S3PageStore(client, 'another', time) }))).toEqual({
      name: 'PageBucketRefused', message: expect.stringMatching(/\((?:NoSuchBucket|AccessDenied)\)/),
    });
  });
});

/** The bucket of letters as the source function reads it: with the rights that its role has, of the real SDK. */
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { JsonObject } from '../../../../local/json';
import { ListedObject, ListOptions } from '../../../../src/paged-batch-etl/source-functions/letters/letter-store';
import { LETTERS } from '../../../../src/paged-batch-etl/source-functions/page-object/s3-error';
import { S3PageStore } from '../../../../src/paged-batch-etl/source-functions/page-object/s3-page-store';
import { TimeLeft } from '../../../../src/paged-batch-etl/source-functions/time-left';
import { allow } from '../../../local/s3/data-cloud';
import { Bucket, BUCKET_ARN, KEY_ARN, openS3, TestS3, UNDER_KEY } from '../../../local/s3/s3-client';
import { outcomeOf, withTimeLeft } from '../harness';

/** What the role of a source function may do with letters. */
const RIGHTS: readonly JsonObject[] = [
  allow('s3:GetObject', `${BUCKET_ARN}/letters/*`),
  allow('s3:PutObject', `${BUCKET_ARN}/letters/receipts/*`),
  allow('s3:ListBucket', BUCKET_ARN),
  allow(['kms:GenerateDataKey', 'kms:Decrypt'], KEY_ARN),
];

let s3: TestS3;
let client: S3Client;
let store: S3PageStore;
beforeEach(async () => {
  s3 = await openS3({ BucketEncryption: UNDER_KEY });
  client = s3.clientFor(s3.account.adminCredentials);
  store = new S3PageStore(s3.clientFor(s3.account.session('Source', ...RIGHTS).credentials), Bucket, new TimeLeft(withTimeLeft(60_000)), LETTERS);
});
afterEach(async () => s3.close());

const put = async (Key: string, Body: string) => client.send(new PutObjectCommand({ Bucket, Key, Body }));

async function listed(options: ListOptions, from: S3PageStore = store): Promise<ListedObject[]> {
  const all: ListedObject[] = [];
  for await (const some of from.list(options)) all.push(...some);
  return all;
}

test('lists keys in their order, from one on, and without what is in folders below', async () => {
  for (const key of ['letters/run/b', 'letters/run/a', 'letters/run/c', 'letters/run/b/d', 'letters/running/a']) await put(key, 'text');
  expect((await listed({ prefix: 'letters/run/' })).map(({ key }) => key)).toEqual(['letters/run/a', 'letters/run/b', 'letters/run/b/d', 'letters/run/c']);
  expect((await listed({ prefix: 'letters/run/', flat: true, startAfter: 'letters/run/a' })).map(({ key }) => key)).toEqual(['letters/run/b', 'letters/run/c']);
  expect(await listed({ prefix: 'letters/none/' })).toEqual([]);
});

test('lists more keys than are told at once', async () => {
  const keys = Array.from({ length: 1_003 }, (_, number) => `letters/run/${String(number).padStart(4, '0')}`);
  for (const key of keys) await s3.account.s3.put({ bucket: Bucket, key, body: Buffer.from('text'), context: s3.account.adminContext });
  expect((await listed({ prefix: 'letters/run/' })).map(({ key }) => key)).toEqual(keys);
});

test('reads bytes of an object as it was listed', async () => {
  await put('letters/run/a', 'ä letter');
  const [object] = await listed({ prefix: 'letters/run/' });
  expect(object).toMatchObject({ key: 'letters/run/a', size: 9, etag: expect.stringMatching(/^"[\w-]+"$/) });
  expect(await store.readBytes(object, 1, 3)).toEqual(Buffer.from('ä letter').subarray(1, 4));
  expect(await store.readBytes(object, 3, 1_000)).toEqual(Buffer.from('letter'));
  await put('letters/run/a', 'other letters');
  expect(await store.readBytes(object, 0, 3)).toBeUndefined();
});

test('writes receipts, and nothing else', async () => {
  await store.put('letters/receipts/a', Buffer.from('{}'));
  await expect(outcomeOf(async () => store.put('letters/run/a', Buffer.from('{}')))).resolves.toMatchObject({
    name: 'DeadLettersRefused', message: expect.stringContaining('the role of the source function may read and list letters, and write receipts'),
  });
});

test('an object that is gone is not taken for one that may not be read', async () => {
  await put('letters/run/a', 'text');
  const [object] = await listed({ prefix: 'letters/run/' });
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'letters/run/a' }));
  expect(await store.readBytes(object, 0, 3)).toBeUndefined();
});

test('says what is refused, and what was not in time', async () => {
  const blind = new S3PageStore(s3.clientFor(s3.account.session('Blind', RIGHTS[0]).credentials), Bucket, new TimeLeft(withTimeLeft(60_000)), LETTERS);
  await expect(outcomeOf(async () => listed({ prefix: 'letters/' }, blind))).resolves.toMatchObject({ name: 'DeadLettersRefused', message: expect.stringContaining('list letters') });
  const late = new S3PageStore(client, Bucket, new TimeLeft(withTimeLeft(1_000)), LETTERS);
  await expect(outcomeOf(async () => listed({ prefix: 'letters/' }, late))).resolves.toMatchObject({ name: 'DeadLettersUnavailable' });
});

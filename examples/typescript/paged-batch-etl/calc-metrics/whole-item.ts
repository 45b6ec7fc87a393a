import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Item, ItemInS3 } from './jobs';

const s3 = new S3Client();

/** The item, wherever it is: a document that is too large to travel to a function stays in S3. */
export async function wholeItem(given: Item | ItemInS3): Promise<Item> {
  if (!('itemAt' in given)) return given;
  const { itemAt: { Bucket, Key, Offset, Length }, ...names } = given;
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, Range: `bytes=${Offset}-${Offset + Length - 1}` }));
  if (Body === undefined) throw new Error(`${Key} is empty`);
  return { ...names, item: JSON.parse(await Body.transformToString()) };
}

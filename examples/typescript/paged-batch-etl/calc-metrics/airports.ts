import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { once } from './once';

interface Airport {
  readonly iata: string;
  readonly state: string;
}

const s3 = new S3Client();

/** State of every airport, by its code, from the reference file. */
export const airports = once(async (): Promise<ReadonlyMap<string, string>> => {
  const { REFERENCE_BUCKET: Bucket, AIRPORTS_KEY: Key } = process.env;
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  if (Body === undefined) throw new Error('The reference file is empty');
  const list: Airport[] = JSON.parse(await Body.transformToString());
  return new Map(list.map(({ iata, state }) => [iata, state]));
});

import { createInterface } from 'node:readline';
import { MongoClient } from 'mongodb';
import { textItems } from '../../src/paged-batch-etl/source-functions/mongo/item-form';
import { readMongoPage } from '../../src/paged-batch-etl/source-functions/mongo/read-mongo-page';
import { pageRequest } from '../../test/paged-batch-etl/source-functions/mongo/page-walk';

/** Pages as they are written to S3, of 1,000 documents, so that a range has several. */
const PAGE = { batchSize: 1_000, pageBytes: 16 * 1024 * 1024 };

/** A worker: reads every range whose first cursor it is told on a line, as JSON, to the end, and answers how many documents there were. */
async function main([, , uri, database, collection]: readonly string[]): Promise<void> {
  const client = await MongoClient.connect(uri, { maxPoolSize: 2 });
  const request = pageRequest(client.db(database).collection(collection), { sort: ['updatedAt', '_id'], ...PAGE });
  console.log('ready');
  for await (const line of createInterface(process.stdin)) {
    let documents = 0;
    for (let place: { readonly cursor: string | null; readonly done: boolean } = { cursor: JSON.parse(line), done: false }; !place.done;) {
      const page = await readMongoPage({ ...request, cursor: place.cursor }, textItems());
      documents += page.items.length;
      place = page;
    }
    console.log(`${documents}`);
  }
  await client.close();
}

void main(process.argv);

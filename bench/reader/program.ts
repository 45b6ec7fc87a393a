import { MongoClient } from 'mongodb';
import { compareReaders } from './compare';

/** Compares at the server whose URI is the argument. */
async function main([, , uri]: readonly string[]): Promise<void> {
  const client = await MongoClient.connect(uri);
  try {
    await compareReaders(client.db('reader'));
  } finally {
    await client.close();
  }
}

void main(process.argv);

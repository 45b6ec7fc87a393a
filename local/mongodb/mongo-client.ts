import os from 'node:os';
import { MongoClient, MongoClientOptions } from 'mongodb';

/** A client that works in Jest too: by itself the driver imports `os` dynamically, which Jest's modules cannot, and then no server takes its greeting. */
export function createMongoClient(uri: string, options: MongoClientOptions = {}): MongoClient {
  return new MongoClient(uri, { runtimeAdapters: { os }, ...options });
}

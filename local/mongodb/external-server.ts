import { randomUUID } from 'node:crypto';
import { Db, MongoClient, MongoClientOptions } from 'mongodb';
import { messageOf } from '../errors';
import { createMongoClient } from './mongo-client';
import { MongoServer } from './mongo-server';
import { MongoUnavailable } from './mongo-unavailable';

/** Somebody else's server: it is used, never stopped or disturbed. */
export class ExternalServer implements MongoServer {
  /** @throws MongoUnavailable when the server does not answer, or not to us. */
  static async connect(uri: string): Promise<ExternalServer> {
    try {
      return await ExternalServer.greet(uri);
    } catch (error) {
      throw new MongoUnavailable(`The server of MONGODB_URI cannot be used: ${messageOf(error)}`);
    }
  }

  private static async greet(uri: string): Promise<ExternalServer> {
    const client = createMongoClient(uri);
    try {
      const { version } = await client.db('admin').command({ buildInfo: 1 });
      const [address] = client.options.hosts;
      return new ExternalServer(uri, String(version), address?.host ?? '', address?.port ?? 0);
    } finally {
      await client.close();
    }
  }

  private readonly clients: MongoClient[] = [];
  private readonly databases: Db[] = [];

  private constructor(readonly uri: string, readonly version: string, readonly host: string, readonly port: number) {}

  get connectTo(): { host: string; port: number } {
    return { host: this.host, port: this.port };
  }

  uriFor(): string {
    throw refusal('known under another name');
  }

  client(options?: MongoClientOptions): MongoClient {
    const client = createMongoClient(this.uri, options);
    this.clients.push(client);
    return client;
  }

  newDatabase(label: string): Db {
    const database = this.client().db(`${label}-${randomUUID()}`);
    this.databases.push(database);
    return database;
  }

  async restart(): Promise<void> {
    throw refusal('restarted');
  }

  async kill(): Promise<void> {
    throw refusal('killed');
  }

  async start(): Promise<void> {
    throw refusal('started');
  }

  async failCommand(): Promise<void> {
    throw refusal('made to fail');
  }

  async clearFailPoints(): Promise<void> {
    throw refusal('made to fail');
  }

  async close(): Promise<void> {
    await Promise.all(this.databases.splice(0).map(async (database) => database.dropDatabase()));
    await Promise.all(this.clients.splice(0).map(async (client) => client.close()));
  }
}

function refusal(what: string): Error {
  return new Error(`The server of MONGODB_URI belongs to somebody else: it is never ${what}`);
}

import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Db, MongoClient, MongoClientOptions, MongoNetworkError } from 'mongodb';
import { createMongoClient } from './mongo-client';
import { CommandFailure, MongoServer, MongoServerOptions, MongoUser } from './mongo-server';
import { MongodBinary } from './mongod-binary';
import { MongodProcess } from './mongod-process';

const REPLICA_SET = 'rs0';
const PRIMARY_LIMIT_MILLISECONDS = 20_000;

/** A server that lives no longer than its user wants. */
export class OwnServer implements MongoServer {
  static async start(binary: MongodBinary, options: MongoServerOptions): Promise<OwnServer> {
    const { replicaSet = false, tls, administrator, publicAddress } = options;
    if (publicAddress !== undefined && !(replicaSet && tls !== undefined)) throw new Error('publicAddress needs replicaSet and tls');
    const mongod = await MongodProcess.start({
      binary, tls, replicaSet: replicaSet ? REPLICA_SET : undefined, authentication: administrator !== undefined,
    });
    const server = new OwnServer(binary.version, mongod, options);
    try {
      await server.prepare();
    } catch (error) {
      await server.close();
      throw error;
    }
    return server;
  }

  readonly host = '127.0.0.1';
  private readonly clients: MongoClient[] = [];

  private constructor(readonly version: string, private readonly mongod: MongodProcess, private readonly options: MongoServerOptions) {}

  get port(): number {
    return this.mongod.port;
  }

  get connectTo(): { host: string; port: number } {
    return { host: this.host, port: this.port };
  }

  get uri(): string {
    return this.uriFor(`${this.host}:${this.port}`);
  }

  uriFor(address: string, user: MongoUser | undefined = this.options.administrator, authenticationDatabase = 'admin'): string {
    const parameters = new URLSearchParams({
      ...(this.options.replicaSet === true ? { replicaSet: REPLICA_SET } : {}),
      ...(this.options.tls === undefined ? {} : { tls: 'true' }),
      ...(user === undefined ? {} : { authSource: authenticationDatabase }),
    });
    const login = user === undefined ? '' : `${encodeURIComponent(user.name)}:${encodeURIComponent(user.password)}@`;
    return `mongodb://${login}${address}/${parameters.size === 0 ? '' : `?${parameters}`}`;
  }

  client(options: MongoClientOptions = {}): MongoClient {
    const client = createMongoClient(this.uri, { ...this.trust(), ...options });
    this.clients.push(client);
    return client;
  }

  newDatabase(label: string): Db {
    return this.client().db(`${label}-${randomUUID()}`);
  }

  async restart(): Promise<void> {
    await this.asAdministrator(async (client) => {
      try {
        await client.db('admin').command({ shutdown: 1, force: true, timeoutSecs: 1 });
      } catch (error) {
        // It hangs up instead of an answer.
        if (!(error instanceof MongoNetworkError)) throw error;
      }
    });
    await this.mongod.ended();
    await this.start();
  }

  async kill(): Promise<void> {
    await this.mongod.kill();
  }

  async start(): Promise<void> {
    await this.mongod.start();
    await this.asAdministrator(untilWritable);
  }

  async failCommand(failure: CommandFailure): Promise<void> {
    const { commands, times, errorCode, closeConnection, delayMilliseconds, appName } = failure;
    await this.setFailPoint(times === undefined ? 'alwaysOn' : { times }, {
      failCommands: commands,
      ...(errorCode === undefined ? {} : { errorCode }),
      ...(closeConnection === undefined ? {} : { closeConnection }),
      ...(delayMilliseconds === undefined ? {} : { blockConnection: true, blockTimeMS: delayMilliseconds }),
      ...(appName === undefined ? {} : { appName }),
    });
  }

  async clearFailPoints(): Promise<void> {
    await this.setFailPoint('off');
  }

  async close(): Promise<void> {
    await Promise.all(this.clients.splice(0).map(async (client) => client.close()));
    await this.mongod.close();
  }

  private async setFailPoint(mode: 'off' | 'alwaysOn' | { times: number }, data?: object): Promise<void> {
    await this.asAdministrator(async (client) => {
      await client.db('admin').command({ configureFailPoint: 'failCommand', mode, ...(data === undefined ? {} : { data }) });
    });
  }

  /** Makes the replica set and its administrator. Until there is a user, a client on this machine may do both without being one. */
  private async prepare(): Promise<void> {
    const { replicaSet, administrator, publicAddress } = this.options;
    const client = createMongoClient(`mongodb://${this.host}:${this.port}/`, { ...this.trust(), tls: this.options.tls !== undefined, directConnection: true });
    try {
      const admin = client.db('admin');
      if (replicaSet === true) {
        const horizons = publicAddress === undefined ? {} : { horizons: { public: publicAddress } };
        const members = [{ _id: 0, host: `${this.host}:${this.port}`, ...horizons }];
        await admin.command({ replSetInitiate: { _id: REPLICA_SET, members } });
        await untilWritable(client);
      }
      if (administrator !== undefined) {
        await admin.command({ createUser: administrator.name, pwd: administrator.password, roles: ['root'] });
      }
    } finally {
      await client.close();
    }
  }

  /** With a client of its own, because the others may be waiting for the server. */
  private async asAdministrator(act: (client: MongoClient) => Promise<void>): Promise<void> {
    if (!this.mongod.running) throw new Error('The MongoDB server is not running');
    const client = createMongoClient(this.uri, { ...this.trust(), directConnection: true });
    try {
      await act(client);
    } finally {
      await client.close();
    }
  }

  private trust(): MongoClientOptions {
    return this.options.tls === undefined ? {} : { tlsCAFile: this.mongod.caFile };
  }
}

/** A member of a replica set must first be elected, even by itself alone. */
async function untilWritable(client: MongoClient): Promise<void> {
  const deadline = performance.now() + PRIMARY_LIMIT_MILLISECONDS;
  for (;;) {
    const { isWritablePrimary } = await client.db('admin').command({ hello: 1 });
    if (isWritablePrimary === true) return;
    if (performance.now() > deadline) throw new Error('The MongoDB server does not become a primary');
    await delay(20);
  }
}

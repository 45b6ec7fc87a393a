import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoInstance } from 'mongodb-memory-server-core';
import { MongodBinary } from './mongod-binary';
import { Certificates } from '../http/certificates';
import { onExit } from '../on-exit';

export interface MongodProcessOptions {
  readonly binary: MongodBinary;
  /** Name of the replica set; absent: none. */
  readonly replicaSet?: string;
  /** Only TLS, with this certificate. */
  readonly tls?: Certificates;
  /** Whether clients must be users. */
  readonly authentication: boolean;
}

const LAUNCH_LIMIT_MILLISECONDS = 30_000;

/** The process of a mongod, on a loopback port of its own and with a data folder that is gone afterwards. It may be killed and started again. */
export class MongodProcess {
  static async start(options: MongodProcessOptions): Promise<MongodProcess> {
    const folder = mkdtempSync(join(tmpdir(), 'local-mongodb-'));
    const mongod = new MongodProcess(options, folder, await freePort());
    try {
      await mongod.start();
    } catch (error) {
      await mongod.close();
      throw error;
    }
    return mongod;
  }

  /** The certificate authority of the server, for clients. */
  readonly caFile: string;
  private readonly instance: MongoInstance;
  private readonly forgetExit: () => void;

  private constructor(options: MongodProcessOptions, private readonly folder: string, readonly port: number) {
    this.caFile = join(folder, 'ca.pem');
    const dbPath = join(folder, 'data');
    mkdirSync(dbPath);
    this.instance = new MongoInstance({
      instance: {
        port,
        dbPath,
        ip: '127.0.0.1',
        auth: options.authentication,
        args: [...COMMON_ARGUMENTS, ...this.replicaSetArguments(options), ...this.tlsArguments(options)],
        launchTimeout: LAUNCH_LIMIT_MILLISECONDS,
      },
      binary: { systemBinary: options.binary.path, version: options.binary.version },
    });
    this.forgetExit = onExit(() => this.endNow());
  }

  /** Whether it runs. */
  get running(): boolean {
    return this.instance.mongodProcess !== undefined;
  }

  /** Starts it, or starts it again with the same port and data; it then listens. */
  async start(): Promise<void> {
    await this.instance.start();
  }

  /** Kills it. */
  async kill(): Promise<void> {
    const child = this.instance.mongodProcess;
    if (child === undefined) return;
    child.kill('SIGKILL');
    await this.ended();
  }

  /** Waits until it has ended by itself, because it was told to. */
  async ended(): Promise<void> {
    const child = this.instance.mongodProcess;
    if (child === undefined) return;
    if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
    // Ends the process that watches over the server.
    await this.instance.stop();
  }

  /** Kills it and removes its data. */
  async close(): Promise<void> {
    this.forgetExit();
    await this.kill();
    this.removeData();
  }

  private endNow(): void {
    this.instance.mongodProcess?.kill('SIGKILL');
    this.removeData();
  }

  private removeData(): void {
    // A process that is just being killed may still write.
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }

  private replicaSetArguments({ replicaSet, authentication }: MongodProcessOptions): string[] {
    if (replicaSet === undefined) return [];
    const set = ['--replSet', replicaSet];
    return authentication ? [...set, '--keyFile', this.write('members.key', 'onlyOneMember')] : set;
  }

  private tlsArguments({ tls }: MongodProcessOptions): string[] {
    if (tls === undefined) return [];
    return [
      '--tlsMode', 'requireTLS',
      '--tlsCertificateKeyFile', this.write('server.pem', `${tls.certPem}\n${tls.keyPem}`),
      '--tlsCAFile', this.write('ca.pem', tls.caPem),
      '--tlsAllowConnectionsWithoutCertificates',
    ];
  }

  private write(name: string, content: string): string {
    const file = join(this.folder, name);
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  }
}

const COMMON_ARGUMENTS = [
  '--nounixsocket',
  '--quiet',
  '--wiredTigerCacheSizeGB', '0.25',
  '--setParameter', 'diagnosticDataCollectionEnabled=false',
  // Fail points.
  '--setParameter', 'enableTestCommands=1',
];

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

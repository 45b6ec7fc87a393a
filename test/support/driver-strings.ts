/** What the driver by itself makes of connection strings, which its package does not export. */
import dns, { promises } from 'node:dns';
import * as os from 'node:os';
import { MongoClient } from 'mongodb';

interface DriverInternals {
  readonly OPTIONS: Readonly<Record<string, unknown>>;
  /** The hosts behind a name; it puts what the TXT record says into the options. */
  readonly resolveSRVRecord: (options: MongoClient['options']) => Promise<readonly { toString(): string }[]>;
}

const internals = jest.requireActual<DriverInternals>('mongodb/lib/connection_string');

/** Every option that the driver knows, as it spells them. */
export const DRIVER_OPTIONS: readonly string[] = Object.keys(internals.OPTIONS);

/** DNS records of a name. */
export interface DnsRecords {
  readonly srv?: readonly { readonly name: string; readonly port: number }[];
  /** Records, each in the pieces of a TXT record. */
  readonly txt?: readonly (readonly string[])[];
}

const realResolve = promises.resolve;
const realLookup = dns.lookup;

/** From now on, any name has these records, and is one of this machine. */
export function stubDns({ srv = [], txt }: DnsRecords): void {
  Object.assign(promises, {
    resolve: async (_name: string, type: string) => {
      const answer = type === 'SRV' ? srv : txt;
      if (answer === undefined) throw Object.assign(new Error('queryTxt ENODATA'), { code: 'ENODATA' });
      return answer;
    },
  });
  Object.assign(dns, {
    lookup: (_name: string, options: { readonly all?: boolean }, done: (error: null, ...address: unknown[]) => void) => (
      options.all === true ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4)),
  });
}

export function restoreDns(): void {
  Object.assign(promises, { resolve: realResolve });
  Object.assign(dns, { lookup: realLookup });
}

/** The options of a client, with the hosts that it would connect to. */
export type ResolvedOptions = Readonly<Record<string, unknown>>;

/** What a client has in the end, DNS included. */
export async function resolve(client: MongoClient): Promise<ResolvedOptions> {
  const { options } = client;
  const hosts = options.srvHost === undefined ? options.hosts : await internals.resolveSRVRecord(options);
  return { ...options, hosts: hosts.map(String) };
}

/** What the driver makes of a connection string; undefined when it refuses it. */
export async function readByDriver(uri: string): Promise<ResolvedOptions | undefined> {
  try {
    return await resolve(new MongoClient(uri, { runtimeAdapters: { os } }));
  } catch {
    return undefined;
  }
}

import { createSecureContext, SecureContext } from 'node:tls';
import { MongoClient, MongoClientOptions, ReadConcernLevel } from 'mongodb';
import { trustedAuthorities } from './authorities';
import { ConnectionTarget, secretInvalid } from './connection-target';
import { readByDriver, RUNTIME } from './driver-reading';
import type { MongoSourceConfig } from '../../contracts/source-function';

/** Longer than an election usually takes. */
const SELECTION_MILLISECONDS = 10_000;

const CONNECT_MILLISECONDS = 5_000;

/** What lies idle between two invocations longer than this is closed: routers forget connections without a word. */
const IDLE_MILLISECONDS = 60_000;

/** Pages are read one after another; the second connection is for a look at the index while a cursor is open. */
const CONNECTIONS = 2;

/**
 * A client for the source; it connects at its first use.
 *
 * @param appName how the client calls itself, unless the connection string says it
 * @param longestCall milliseconds after which a silent connection is given up
 * @throws SourceError ConnectionSecretInvalid
 */
export function createMongoClient(target: ConnectionTarget, source: MongoSourceConfig, appName: string, longestCall: number): MongoClient {
  const options = clientOptions(target, source, appName, longestCall);
  try {
    return new MongoClient(target.uri, options);
  } catch {
    // What the driver says may show what it was given.
    throw secretInvalid('has options that the driver does not take together with those of the source');
  }
}

/**
 * What goes before the connection string: what the source says, and limits.
 *
 * @throws SourceError ConnectionSecretInvalid where the driver does not take the connection string
 */
export function clientOptions(target: ConnectionTarget, source: MongoSourceConfig, appName: string, longestCall: number): MongoClientOptions {
  const said = readByDriver(target.uri);
  const maxPoolSize = atMost(CONNECTIONS, said.maxPoolSize);
  return {
    ...RUNTIME,
    appName: said.appName ?? appName,
    ...(source.tls ? { tls: true, rejectUnauthorized: true, secureContext: secureContextOf(target, source) } : { tls: false }),
    readPreference: source.readPreference,
    readConcernLevel: Object.values(ReadConcernLevel).find((each) => each === source.readConcern),
    maxPoolSize,
    minPoolSize: Math.min(maxPoolSize, said.minPoolSize),
    maxIdleTimeMS: atMost(IDLE_MILLISECONDS, said.maxIdleTimeMS),
    serverSelectionTimeoutMS: atMost(SELECTION_MILLISECONDS, said.serverSelectionTimeoutMS),
    connectTimeoutMS: atMost(CONNECT_MILLISECONDS, said.connectTimeoutMS),
    socketTimeoutMS: atMost(longestCall, said.socketTimeoutMS ?? 0),
  };
}

/** Zero stands for no limit. */
function atMost(limit: number, said: number): number {
  return said === 0 ? limit : Math.min(limit, said);
}

/** Made once for all connections of a client: it takes a while. */
function secureContextOf({ authorities = [] }: ConnectionTarget, { engine }: MongoSourceConfig): SecureContext | undefined {
  const ca = trustedAuthorities(engine, authorities, process.env);
  return ca && createSecureContext({ ca });
}

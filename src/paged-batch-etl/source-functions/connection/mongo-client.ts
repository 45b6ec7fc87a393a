import * as os from 'node:os';
import { createSecureContext, SecureContext } from 'node:tls';
import { MongoClient, MongoClientOptions, ReadConcern, ReadConcernLevel, ReadPreference } from 'mongodb';
import { trustedAuthorities } from './authorities';
import { ConnectionTarget, secretInvalid } from './connection-target';
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
 * @param longestCall milliseconds after which a silent connection is given up
 * @throws SourceError ConnectionSecretInvalid
 */
export function createMongoClient(target: ConnectionTarget, source: MongoSourceConfig, appName: string, longestCall: number): MongoClient {
  try {
    return new MongoClient(`mongodb${target.srv ? '+srv' : ''}://${target.hosts}/`, clientOptions(target, source, appName, longestCall));
  } catch {
    // What the driver says may show what it was given.
    throw secretInvalid('has a host or options that the driver does not take');
  }
}

/** Everything that matters is said, so that neither defaults nor DNS records nor the environment decide. */
export function clientOptions(target: ConnectionTarget, source: MongoSourceConfig, appName: string, longestCall: number): MongoClientOptions {
  const { credentials, authSource, authMechanism, replicaSet, srvMaxHosts, srvServiceName } = target;
  return {
    appName,
    // By itself the driver would import it at run time, which is nothing for a bundle.
    runtimeAdapters: { os },
    auth: credentials,
    authSource,
    authMechanism,
    replicaSet,
    ...(target.srv && { srvMaxHosts, srvServiceName }),
    ...(source.tls ? { tls: true, rejectUnauthorized: true, secureContext: secureContextOf(target, source) } : { tls: false }),
    readPreference: readPreferenceOf(target, source),
    readConcern: readConcernOf(source),
    retryReads: true,
    // Nothing is written, and DocumentDB knows no retryable writes.
    retryWrites: false,
    directConnection: false,
    compressors: ['none'],
    maxPoolSize: CONNECTIONS,
    maxIdleTimeMS: IDLE_MILLISECONDS,
    serverSelectionTimeoutMS: SELECTION_MILLISECONDS,
    connectTimeoutMS: CONNECT_MILLISECONDS,
    socketTimeoutMS: longestCall,
  };
}

/** Made once for all connections of a client: it takes a while. */
function secureContextOf({ authorities = [] }: ConnectionTarget, { engine }: MongoSourceConfig): SecureContext | undefined {
  const ca = trustedAuthorities(engine, authorities, process.env);
  return ca && createSecureContext({ ca });
}

/** Tags and staleness come with the connection string, because they are about the cluster. */
function readPreferenceOf({ readPreferenceTags, maxStalenessSeconds }: ConnectionTarget, source: MongoSourceConfig): ReadPreference {
  const { mode } = ReadPreference.fromString(source.readPreference);
  return new ReadPreference(mode, readPreferenceTags === undefined ? undefined : [...readPreferenceTags], { maxStalenessSeconds });
}

function readConcernOf({ readConcern }: MongoSourceConfig): ReadConcern | undefined {
  const level = Object.values(ReadConcernLevel).find((each) => each === readConcern);
  return level === undefined ? undefined : new ReadConcern(level);
}

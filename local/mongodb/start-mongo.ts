import { ExternalServer } from './external-server';
import { MongoServer, MongoServerOptions } from './mongo-server';
import { MongoUnavailable } from './mongo-unavailable';
import { findMongod, MongodBinary } from './mongod-binary';
import { OwnServer } from './own-server';

/** Where servers come from; for tests of the choice itself. */
export interface MongoOrigin {
  /** Default: that of the process. */
  readonly env?: NodeJS.ProcessEnv;
  /** Default: `findMongod`. */
  readonly find?: () => MongodBinary;
}

/**
 * A server as wanted: the one that MONGODB_URI names, which is used as it is, or else a mongod started on this machine.
 *
 * @throws MongoUnavailable when there is none.
 */
export async function startMongo(options: MongoServerOptions = {}, origin: MongoOrigin = {}): Promise<MongoServer> {
  const place = choose(options, origin);
  return typeof place === 'string' ? ExternalServer.connect(place) : OwnServer.start(place, options);
}

/** Why there is no such server here, in one sentence; undefined when there is one. */
export function missingMongo(options: MongoServerOptions = {}, origin: MongoOrigin = {}): string | undefined {
  try {
    choose(options, origin);
    return undefined;
  } catch (error) {
    if (error instanceof MongoUnavailable) return error.message;
    throw error;
  }
}

/** The URI of an external server or the binary of an own one. */
function choose(options: MongoServerOptions, { env = process.env, find = findMongod }: MongoOrigin): string | MongodBinary {
  const uri = env.MONGODB_URI;
  if (uri === undefined || uri === '') return find();
  const wanted = Object.entries(options).filter(([, value]) => value !== undefined && value !== false).map(([name]) => name);
  if (wanted.length === 0) return uri;
  throw new MongoUnavailable(`The server of MONGODB_URI is used as it is, but ${wanted.join(', ')} was asked for: unset MONGODB_URI to have one started`);
}

import { ConnectionTarget, secretInvalid } from './connection-target';
import { parseConnectionUri } from './connection-uri';
import { atLeast, matching, nullable, Read, ShapeError } from '../../../private/shape/json-shape';
import type { MongoSourceConfig } from '../../contracts/source-function';

interface PasswordSecret {
  readonly username: string;
  readonly password: string;
  readonly host?: string;
  readonly port?: number;
}

const port: Read<number> = (value, place) => {
  const read = typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : value;
  if (typeof read !== 'number' || !Number.isInteger(read) || read < 1 || read > 65_535) throw new ShapeError(place, 'a port');
  return read;
};

const some = matching(/./s, 'a string that is not empty');

/** As Secrets Manager writes it for databases; it has more members, which say nothing that we need. */
const passwordSecret = atLeast<PasswordSecret>({
  username: some,
  password: some,
  host: nullable(matching(/^(?:[\w.-]+|\[[\da-fA-F:.]+\])$/, 'a host without port')),
  port: nullable(port),
});

const uriSecret = atLeast<{ readonly uri: string }>({ uri: some });

/**
 * Reads a connection secret: a connection string, or JSON, `{ "uri": "mongodb://…" }` or `{ "username": …, "password": …, "host": …, "port": … }`
 * as Secrets Manager writes it for Amazon RDS and DocumentDB. Where the source names its host, that one is taken.
 *
 * @throws SourceError ConnectionSecretInvalid, which shows no content
 */
export function parseConnectionSecret(secret: string, source: MongoSourceConfig): ConnectionTarget {
  const target = parseText(secret.trim(), source);
  return source.host === undefined ? target : { ...target, hosts: source.host, srv: source.srv ?? false };
}

function parseText(secret: string, source: MongoSourceConfig): ConnectionTarget {
  if (/^mongodb(\+srv)?:/.test(secret)) return parseConnectionUri(secret, source);
  const json = parseJson(secret);
  try {
    if (typeof json === 'object' && json !== null && 'uri' in json) return parseConnectionUri(uriSecret(json, '').uri, source);
    return targetOf(passwordSecret(json, ''), source);
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw secretInvalid(`is JSON in which ${error.message.replace('The value', 'everything')}`);
  }
}

function targetOf({ username, password, host, port: number }: PasswordSecret, source: MongoSourceConfig): ConnectionTarget {
  const hosts = source.host ?? host;
  if (hosts === undefined) throw secretInvalid('names no host, and neither does the source');
  return { hosts: number === undefined ? hosts : `${hosts}:${number}`, srv: false, credentials: { username, password } };
}

function parseJson(secret: string): unknown {
  try {
    return JSON.parse(secret);
  } catch {
    throw secretInvalid('is neither a connection string that begins with mongodb:// or mongodb+srv:// nor JSON');
  }
}

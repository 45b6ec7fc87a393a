import { ConnectionTarget, secretInvalid } from './connection-target';
import { readConnectionUri } from './connection-uri';
import { atLeast, matching, nullable, Read, ShapeError, text } from '../../../private/shape/json-shape';
import type { MongoSourceConfig } from '../../contracts/source-function';

interface PasswordSecret {
  readonly username: string;
  readonly password: string;
  readonly host?: string;
  readonly port?: number;
  readonly dbname?: string;
}

const port: Read<number> = (value, place) => {
  const read = typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : value;
  if (typeof read !== 'number' || !Number.isInteger(read) || read < 1 || read > 65_535) throw new ShapeError(place, 'a port');
  return read;
};

const some = matching(/./s, 'a string that is not empty');

/** As Secrets Manager writes it for databases; it has more members, which say nothing that we need: whether there is TLS is for the source to say. */
const passwordSecret = atLeast<PasswordSecret>({
  username: some,
  password: some,
  host: nullable(matching(/^(?:[\w.-]+|\[[\da-fA-F:.]+\])$/, 'a host without port')),
  port: nullable(port),
  dbname: nullable(text),
});

const uriSecret = atLeast<{ readonly uri: string }>({ uri: some });

/**
 * Reads a connection secret: a connection string, or JSON, `{ "uri": "mongodb://…" }` or `{ "username": …, "password": …, "host": …, "port": … }`
 * as Secrets Manager writes it for Amazon RDS and DocumentDB. Where the source names its host, that one is taken.
 *
 * @throws SourceError ConnectionSecretInvalid, which shows no content
 */
export function parseConnectionSecret(secret: string, source: MongoSourceConfig): ConnectionTarget {
  return { uri: readConnectionUri(uriOf(secret.trim(), source), source) };
}

function uriOf(secret: string, source: MongoSourceConfig): string {
  if (/^mongodb(\+srv)?:/.test(secret)) return secret;
  const json = parseJson(secret);
  try {
    if (typeof json === 'object' && json !== null && 'uri' in json) return uriSecret(json, '').uri;
    return uriWith(passwordSecret(json, ''), source);
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw secretInvalid(`is JSON in which ${error.message.replace('The value', 'everything')}`);
  }
}

/** `dbname` is where the functions by which Secrets Manager rotates such a secret log in, as with the database of a connection string. */
function uriWith({ username, password, host, port: number, dbname = '' }: PasswordSecret, source: MongoSourceConfig): string {
  if (host === undefined && source.host === undefined) throw secretInvalid('names no host, and neither does the source');
  // The one of the source is put in its place later, where there is one.
  const address = `${host ?? 'any'}${number === undefined ? '' : `:${number}`}`;
  return `mongodb://${encode(username)}:${encode(password)}@${address}/${encode(dbname)}`;
}

function encode(plain: string): string {
  try {
    return encodeURIComponent(plain);
  } catch {
    throw secretInvalid('has text that is no Unicode');
  }
}

function parseJson(secret: string): unknown {
  try {
    return JSON.parse(secret);
  } catch {
    throw secretInvalid('is neither a connection string that begins with mongodb:// or mongodb+srv:// nor JSON');
  }
}

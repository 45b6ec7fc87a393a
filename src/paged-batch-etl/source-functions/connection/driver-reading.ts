import * as os from 'node:os';
import { MongoClient, MongoClientOptions } from 'mongodb';
import { ConnectionString } from 'mongodb-connection-string-url';
import { KNOWN_OPTIONS } from './connection-options';
import { secretInvalid } from './connection-target';

/** By itself the driver would import it at run time, which is nothing for a bundle. */
export const RUNTIME: MongoClientOptions = { runtimeAdapters: { os } };

/**
 * What a connection string says to the driver, without anything that goes before it.
 *
 * @throws SourceError ConnectionSecretInvalid where the driver does not take it; it shows nothing of the string but names of options
 */
export function readByDriver(uri: string): MongoClient['options'] {
  try {
    return new MongoClient(uri, RUNTIME).options;
  } catch {
    // What the driver says may show what it was given.
    const names = culprits(uri).map((name) => KNOWN_OPTIONS.get(name.toLowerCase())?.name);
    const what = names.length === 0 ? 'a host, a database or options' : `a connection string with ${names.join(', ')}`;
    throw secretInvalid(`has ${what} that the driver does not take`);
  }
}

/** Options that the driver does not take each by itself, or else those that do not go together: without one of them, it takes the others. */
function culprits(uri: string): string[] {
  const parsed = new ConnectionString(uri, { looseValidation: true });
  const names = [...new Set(parsed.searchParams.keys())];
  const isTakenWith = (kept: readonly string[]) => isTaken(without(parsed, names.filter((name) => !kept.includes(name))));
  if (!isTakenWith([])) return [];
  const alone = names.filter((name) => !isTakenWith([name]));
  return alone.length > 0 ? alone : names.filter((name) => isTakenWith(names.filter((other) => other !== name)));
}

function without(parsed: ConnectionString, names: readonly string[]): string {
  const copy = parsed.clone();
  for (const name of names) copy.searchParams.delete(name);
  return copy.toString();
}

function isTaken(uri: string): boolean {
  try {
    return new MongoClient(uri, RUNTIME) !== undefined;
  } catch {
    return false;
  }
}

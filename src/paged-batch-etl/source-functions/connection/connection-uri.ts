import { ConnectionString } from 'mongodb-connection-string-url';
import { FOREIGN_OPTIONS, KNOWN_OPTIONS, OptionRule } from './connection-options';
import { secretInvalid } from './connection-target';
import type { MongoSourceConfig } from '../../contracts/source-function';
import type { SourceError } from '../source-error';

/** A name, an IPv4 address, or an IPv6 address in brackets, with or without port. There are no sockets of Unix beside the function. */
const HOST = /^(?:[\w.-]+|\[[\da-fA-F:.]+\])(?::\d{1,5})?$/;

type Options = ConnectionString['searchParams'];

/**
 * The connection string that the driver is to read: with the hosts of the source, where that names some, and with options that the source takes.
 *
 * What is not taken is refused here, by name: the driver would let options switch the verification of certificates off, and its messages may show
 * what they are about. What is taken is left to the driver, which so reads it as it always does, together with the DNS records of the name.
 *
 * @throws SourceError ConnectionSecretInvalid, which shows nothing of the string but names of options
 */
export function readConnectionUri(text: string, source: MongoSourceConfig): string {
  const uri = parse(text);
  if (uri.hash !== '') throw refusal('with a # that is not percent-encoded');
  if (!uri.hosts.every((host) => HOST.test(host))) throw refusal('with malformed hosts');
  checkNames(uri.searchParams);
  checkTls(uri.searchParams, source);
  checkReadPreference(uri.searchParams, source);
  // It is a file of whoever wrote the string; its certificates are trusted without it.
  if (uri.searchParams.has('tlsCAFile')) uri.searchParams.delete('tlsCAFile');
  const { scheme, hosts } = source.host === undefined
    ? { scheme: uri.protocol, hosts: uri.hosts.join() }
    : { scheme: source.srv === true ? 'mongodb+srv:' : 'mongodb:', hosts: source.host };
  return `${scheme}//${loginOf(uri)}${hosts}${uri.pathname}${uri.search}`;
}

function parse(text: string): ConnectionString {
  try {
    return new ConnectionString(text);
  } catch {
    throw refusal('that is malformed, or has a user or a password with characters to be percent-encoded');
  }
}

/** User and password as they are, percent-encoded. */
function loginOf({ username, password }: ConnectionString): string {
  if (username === '') return '';
  return password === '' ? `${username}@` : `${username}:${password}@`;
}

function checkNames(options: Options): void {
  for (const name of new Set(options.keys())) {
    const option = KNOWN_OPTIONS.get(name.toLowerCase()) ?? FOREIGN_OPTIONS.get(name.toLowerCase());
    if (option === undefined) throw refusal(`with an option that this source does not know${/^[a-z_]{1,40}$/i.test(name) ? `: ${name}` : ''}`);
    checkValues(option.name, valuesOf(options, name));
    checkRule(option.name, option.rule, options.get(name) ?? '');
  }
}

/** In all spellings of the name: of several, the driver reads but one. */
function valuesOf(options: Options, name: string): string[] {
  const spelt = [...options].filter(([other]) => other.toLowerCase() === name.toLowerCase());
  if (spelt.some(([other]) => other !== spelt[0][0])) throw refusal(`with ${spelt[0][0]} in several spellings`);
  return spelt.map(([, value]) => value);
}

function checkValues(name: string, values: readonly string[]): void {
  // An empty list of tags stands for any member.
  if (name === 'readPreferenceTags') return;
  if (values.length > 1) throw refusal(`with ${name} more than once`);
  if (values[0] === '') throw refusal(`with an empty ${name}`);
}

function checkRule(name: string, rule: OptionRule, value: string): void {
  if (rule.use === 'refused') throw refusal(`with ${name}, which this source does not take: ${rule.why}`);
  if (rule.use === 'someValues' && !rule.values.test(value)) {
    throw refusal(`with ${name} with a value other than ${rule.told}, which this source does not take: ${rule.why}`);
  }
}

/** Certificates are always verified, and by authorities that the source names or everybody trusts: nothing in a connection string changes that. */
function checkTls(options: Options, { engine, tls }: MongoSourceConfig): void {
  for (const name of ['tls', 'ssl']) {
    const value = options.get(name);
    if (value !== null && value !== `${tls}`) {
      throw refusal(`with ${name}=${tls ? 'false' : 'true'}, or neither true nor false, but the source is defined ${tls ? 'with' : 'without'} TLS`);
    }
  }
  // The file that AWS tells DocumentDB's users to download.
  if (options.has('tlsCAFile') && engine !== 'documentDb') {
    throw refusal('with tlsCAFile, which this source does not take: give it the certificates as certificateAuthority');
  }
  if (!tls && options.get('authMechanism')?.toUpperCase() === 'PLAIN') {
    throw refusal('with authMechanism=PLAIN, by which anyone on the way could read the password, because the source is defined without TLS');
  }
}

/** The driver passes over them there, and would read the primary. */
function checkReadPreference(options: Options, source: MongoSourceConfig): void {
  if ((source.readPreference ?? options.get('readPreference') ?? 'primary') !== 'primary') return;
  const name = ['readPreferenceTags', 'maxStalenessSeconds'].find((each) => options.has(each));
  if (name !== undefined) throw refusal(`with ${name}, which is for secondaries, but the primary is to be read: choose another readPreference`);
}

/** @param why what is wrong with it; it never shows any of its content */
function refusal(why: string): SourceError {
  return secretInvalid(`has a connection string ${why}`);
}

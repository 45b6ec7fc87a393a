import * as ipaddr from 'ipaddr.js';
import { DeliveryError } from './delivery-error';
import { ALWAYS_REFUSED, CallbackRules, PRIVATE_BLOCKS } from '../../contracts/deliver';
import { DeliveryErrorName } from '../../contracts/error-names';
import { MAX_CALLBACK_URL_LENGTH } from '../../contracts/submit-query';

/** Names that stand for something inside a network: special-use domains (RFC 6761, 6762, 7686, 8375, 9476, ICANN's `.internal`) and habits. */
const INTERNAL_SUFFIXES: readonly string[] = [
  'alt', 'arpa', 'corp', 'home', 'internal', 'intranet', 'invalid', 'lan', 'local', 'localdomain', 'localhost', 'onion', 'private',
];

/** As ipaddr.js reads it. */
type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

const [PRIVATE_RANGES, REFUSED_RANGES] = [PRIVATE_BLOCKS, ALWAYS_REFUSED].map((blocks) => blocks.map((block): Range => ipaddr.parseCIDR(block)));

/** All of IPv6 that is ever assigned to the public; ipaddr.js calls also unassigned space unicast, `::7f00:1` among it. */
const PUBLIC_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Checks all of a callback URL that can be known without resolving its host.
 *
 * The text itself is looked at as well as what `URL` makes of it: where parsers differ, an attacker finds one that does as he likes.
 */
export function checkCallbackUrl(text: string, rules: CallbackRules): URL {
  if (text.length > MAX_CALLBACK_URL_LENGTH) throw notAllowed(`is longer than ${MAX_CALLBACK_URL_LENGTH} characters`);
  if (!/^[!-[\]-~]+$/.test(text)) throw notAllowed('has characters that no URL has');
  if (!/^https:\/\/[^/?#]/i.test(text)) throw notAllowed('does not begin with https:// and a host');
  if (authorityOf(text).includes('@')) throw notAllowed('has user information');
  const url = parseUrl(text);
  if (url.port !== '') throw notAllowed('has a port other than 443');
  checkHost(url.hostname, rules);
  return url;
}

/** Refuses the addresses of a host unless every one of them is public or in a listed range: the connection may use any. */
export function checkAddresses(addresses: readonly string[], { privateAddresses = [] }: CallbackRules): void {
  const ranges = privateAddresses.map((range) => ipaddr.parseCIDR(range));
  if (addresses.every((address) => isPublic(address) || isListed(address, ranges))) return;
  throw notAllowed(`has a host with an address that is ${ranges.length === 0 ? 'not public' : 'neither public nor in a listed range'}`);
}

function checkHost(host: string, { hosts }: CallbackRules): void {
  if (host.startsWith('[') || ipaddr.isValid(host)) throw notAllowed('has an IP address for a host');
  const labels = host.split('.');
  if (labels.includes('')) throw notAllowed('has a host with an empty label');
  if (labels.length < 2) throw notAllowed('has a host without a domain');
  if (INTERNAL_SUFFIXES.includes(labels[labels.length - 1])) throw notAllowed('has a host that is not public');
  if (hosts !== undefined && !hosts.some((rule) => matches(host, rule.toLowerCase()))) throw notAllowed('has a host that is not on the list');
}

/** `*.example.com` stands for every subdomain, at any depth, but not for `example.com`. */
function matches(host: string, rule: string): boolean {
  return rule.startsWith('*.') ? host.endsWith(rule.slice(1)) : host === rule;
}

/** An address, that of IPv4 where it is one in IPv6; undefined for what is none. */
function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  // ipaddr.js takes `::8.8.8.8`, as Node.js writes `::808:808`, for an IPv4 address too; it is one that nobody has.
  if (!ipaddr.isValid(text) || /^::\d+\./.test(text)) return undefined;
  return ipaddr.process(text);
}

function isPublic(address: string): boolean {
  const parsed = parseAddress(address);
  return parsed !== undefined && parsed.range() === 'unicast' && (parsed instanceof ipaddr.IPv4 || parsed.match(PUBLIC_IPV6));
}

/** In a listed range. Nothing but private addresses can be listed, whatever the ranges say, and of these not what AWS serves there. */
function isListed(address: string, ranges: readonly Range[]): boolean {
  const parsed = parseAddress(address);
  return parsed !== undefined && isIn(parsed, PRIVATE_RANGES) && !isIn(parsed, REFUSED_RANGES) && isIn(parsed, ranges);
}

function isIn(address: ipaddr.IPv4 | ipaddr.IPv6, ranges: readonly Range[]): boolean {
  return ipaddr.subnetMatch(address, { listed: [...ranges] }, 'other') === 'listed';
}

function authorityOf(text: string): string {
  return text.slice('https://'.length).split(/[/?#]/, 1)[0];
}

function parseUrl(text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw notAllowed('is malformed');
  }
}

function notAllowed(why: string): DeliveryError {
  return new DeliveryError(DeliveryErrorName.CALLBACK_URL_NOT_ALLOWED, `The callback URL ${why}`);
}

import { isIP } from 'node:net';
import { Token } from 'aws-cdk-lib';
import { InvalidPropError, refuseToken } from '../../private/synth/validation';
import { ALWAYS_REFUSED, PRIVATE_BLOCKS } from '../contracts/deliver';

const EVERY_RANGE = 'every range in privateAddresses of CallbackPolicy.hosts';

/** A range of addresses: those that begin with the same bits. */
interface Range {
  /** All bits of the address that was written, as digits: 32 or 128 of them. */
  readonly bits: string;
  /** How many of them count. */
  readonly prefix: number;
}

/**
 * Refuses what is no range of private addresses, or has an address in it that no callback may reach.
 *
 * @returns the ranges in lower case, each once
 */
export function checkPrivateRanges(ranges: readonly string[]): string[] {
  const isToken = Token.isUnresolved(ranges) || ranges.some((range) => Token.isUnresolved(range));
  refuseToken('privateAddresses of CallbackPolicy.hosts', isToken, 'write the ranges out: they are checked, lest one opens more than was meant');
  if (ranges.length === 0) {
    throw new InvalidPropError('privateAddresses of CallbackPolicy.hosts', [], 'a list of at least one range', 'leave it out to allow public addresses only');
  }
  ranges.forEach(checkRange);
  return [...new Set(ranges.map((range) => range.toLowerCase()))];
}

function checkRange(text: string): void {
  const range = parseRange(text);
  if (range === undefined) {
    throw new InvalidPropError(EVERY_RANGE, text, 'a range in CIDR notation', 'such as 10.20.0.0/16; a single address is a range too, such as 10.20.0.7/32');
  }
  if (range.bits !== firstOf(range)) {
    throw new InvalidPropError(EVERY_RANGE, text, 'a range that is written with its first address', `if you mean all of the range, write ${textOf(range)}`);
  }
  if (!PRIVATE_BLOCKS.some((block) => contains(blockOf(block), range))) {
    throw new InvalidPropError(
      EVERY_RANGE, text, `within one of ${PRIVATE_BLOCKS.join(', ')}`,
      'public addresses are allowed anyhow; loopback, link-local and other special addresses never are',
    );
  }
  const refused = ALWAYS_REFUSED.find((block) => contains(blockOf(block), range) || contains(range, blockOf(block)));
  if (refused === undefined) return;
  throw new InvalidPropError(EVERY_RANGE, text, `apart from ${refused}`, 'AWS serves metadata and credentials there: list only the ranges that your receivers are in');
}

/** Whether all of the second range lies in the first. */
function contains(outer: Range, inner: Range): boolean {
  return outer.bits.length === inner.bits.length && outer.prefix <= inner.prefix && inner.bits.startsWith(outer.bits.slice(0, outer.prefix));
}

/** One of our own, which is one. */
function blockOf(text: string): Range {
  const range = parseRange(text);
  if (range === undefined) throw new Error(`${text} is no range`);
  return range;
}

function parseRange(text: string): Range | undefined {
  const [, address, digits] = /^([\da-fA-F.:]+)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  const family = isIP(address ?? '');
  if (family === 0) return undefined;
  const bits = family === 4 ? digitsOf(address.split('.').map(Number), 8) : digitsOf(groupsOf(address), 16);
  const prefix = Number(digits);
  return prefix > bits.length ? undefined : { bits, prefix };
}

/** The eight groups of an IPv6 address, however it is written. */
function groupsOf(address: string): number[] {
  // As `URL` writes it: in hexadecimal throughout, and shortened in one place at most.
  const [before, after = []] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = Array<string>(8 - before.length - after.length).fill('0');
  return [...before, ...zeros, ...after].map((group) => Number.parseInt(group, 16));
}

function digitsOf(parts: readonly number[], size: number): string {
  return parts.map((part) => part.toString(2).padStart(size, '0')).join('');
}

/** The first address of a range. */
function firstOf({ bits, prefix }: Range): string {
  return bits.slice(0, prefix).padEnd(bits.length, '0');
}

function textOf(range: Range): string {
  const bits = firstOf(range);
  const isIPv4 = bits.length === 32;
  const parts = (bits.match(isIPv4 ? /.{8}/g : /.{16}/g) ?? []).map((part) => Number.parseInt(part, 2));
  const address = isIPv4 ? parts.join('.') : new URL(`http://[${parts.map((part) => part.toString(16)).join(':')}]`).hostname.slice(1, -1);
  return `${address}/${range.prefix}`;
}

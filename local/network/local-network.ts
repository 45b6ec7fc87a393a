import { join } from 'node:path';

/**
 * The internet as functions of the local cloud see it: these names and nothing else. Any other name is unknown, any other address
 * unreachable, loopback excepted (the local services listen there, and whoever knows their ports can close the others). Private addresses (RFC 1918, RFC 6598,
 * RFC 4193) are reached from VPCs only.
 */
export type LocalNetwork = Readonly<Record<string, LocalHost>>;

/** A host that functions can resolve. */
export interface LocalHost {
  /** What the name resolves to, IPv4 or IPv6. Any address may be given, such as 169.254.169.254 to try out a guard. */
  readonly addresses: readonly string[];
  /** What it resolves to from the second look-up of an invocation on, as an attacker's name server would have it. Default: the same. */
  readonly laterAddresses?: readonly string[];
  /** Port the host listens on; default: 443. */
  readonly port?: number;
  /** Whether functions that are in no VPC reach it too, although its address is private: on AWS they never do. Default: false. */
  readonly fromAnywhere?: boolean;
  /** Where a connection to one of the addresses and that port really goes; absent: refused. */
  readonly connectTo?: { readonly host: string; readonly port: number };
}

/** From where a function sees it. */
export interface NetworkPlace {
  /** Whether the function is in a VPC: then it reaches hosts with private addresses too. */
  readonly inVpc: boolean;
  /** Whether it can connect to IPv6 addresses. */
  readonly ipv6: boolean;
}

/** Module for a child process: `install()` puts the local network in place of the real one, and answers `{ use(network, loopbackPorts?, place?) }`. */
export const LOCAL_NETWORK_MODULE = join(__dirname, 'local-network.cjs');

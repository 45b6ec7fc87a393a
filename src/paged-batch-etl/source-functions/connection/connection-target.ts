import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { SourceError } from '../source-error';

/** Where to connect to, and as whom. */
export interface ConnectionTarget {
  /** Hosts with or without ports, separated by commas; of a DNS seed list, its name. */
  readonly hosts: string;
  /** The host is a DNS seed list. */
  readonly srv: boolean;
  /** Absent for a server that asks nobody. */
  readonly credentials?: { readonly username: string; readonly password: string };
  readonly authSource?: string;
  readonly authMechanism?: 'SCRAM-SHA-256' | 'SCRAM-SHA-1';
  readonly replicaSet?: string;
  readonly srvMaxHosts?: number;
  readonly srvServiceName?: string;
  readonly maxStalenessSeconds?: number;
  readonly readPreferenceTags?: ReadonlyArray<Record<string, string>>;
  /** Certificates in PEM that are trusted beside those that Node trusts anyway. */
  readonly authorities?: readonly string[];
}

/** What a secret is for, in words. */
export type SecretRole = 'connection secret' | 'secret of the certificate authority';

/** @param why what is wrong with it; it never shows any of its content */
export function secretInvalid(why: string, role: SecretRole = 'connection secret'): SourceError {
  return new SourceError(PagedBatchEtlErrorName.CONNECTION_SECRET_INVALID, `The ${role} ${why}`);
}

import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { SourceError } from '../source-error';

/** Where to connect to, how, as whom, and whom to trust. */
export interface ConnectionTarget {
  /** A connection string with no option but those that the source takes. It has the password in it: it is for the driver alone. */
  readonly uri: string;
  /** Certificates in PEM that are trusted beside those that Node trusts anyway. */
  readonly authorities?: readonly string[];
}

/** What a secret is for, in words. */
export type SecretRole = 'connection secret' | 'secret of the certificate authority';

/** @param why what is wrong with it; it never shows any of its content */
export function secretInvalid(why: string, role: SecretRole = 'connection secret'): SourceError {
  return new SourceError(PagedBatchEtlErrorName.CONNECTION_SECRET_INVALID, `The ${role} ${why}`);
}

import { parseAuthorities } from './authorities';
import { parseConnectionSecret } from './connection-secret';
import { ConnectionTarget, secretInvalid, SecretRole } from './connection-target';
import { errorCode } from '../../../private/runtime/error-code';
import { memberOf } from '../../../private/runtime/member-of';
import { ReadSecret } from '../../../private/runtime/secret-reader';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { MongoSourceConfig } from '../../contracts/source-function';
import { SourceError } from '../source-error';

/** Texts of the secrets of a source. */
export interface SourceSecrets {
  readonly connection: string;
  /** Absent where the source names no authority. */
  readonly certificateAuthority?: string;
}

/** @throws SourceError ConnectionSecretInvalid, SourceUnavailable */
export type ReadSourceSecrets = () => Promise<SourceSecrets>;

export function sourceSecretsReader(connection: ReadSecret, certificateAuthority?: ReadSecret): ReadSourceSecrets {
  return async () => {
    const [connectionText, authorityText] = await Promise.all([
      textOf(connection, 'connection secret'), certificateAuthority && textOf(certificateAuthority, 'secret of the certificate authority'),
    ]);
    return { connection: connectionText, certificateAuthority: authorityText };
  };
}

/** Whether none of the secrets was rotated. */
export function areSame(one: SourceSecrets, other: SourceSecrets): boolean {
  return one.connection === other.connection && one.certificateAuthority === other.certificateAuthority;
}

/**
 * What the secrets say: where to connect to, as whom, and whom to trust.
 *
 * @throws SourceError ConnectionSecretInvalid, which shows no content
 */
export function parseSourceSecrets({ connection, certificateAuthority }: SourceSecrets, source: MongoSourceConfig): ConnectionTarget {
  const target = parseConnectionSecret(connection, source);
  return certificateAuthority === undefined ? target : { ...target, authorities: parseAuthorities(certificateAuthority) };
}

async function textOf(readSecret: ReadSecret, role: SecretRole): Promise<string> {
  let secret: string | undefined;
  try {
    secret = await readSecret('AWSCURRENT');
  } catch (error) {
    throw new SourceError(
      isPassing(error) ? PagedBatchEtlErrorName.SOURCE_UNAVAILABLE : PagedBatchEtlErrorName.CONNECTION_SECRET_INVALID,
      `The ${role} could not be read${errorCode(error)}`,
    );
  }
  if (secret === undefined || secret.trim() === '') throw secretInvalid('has no text', role);
  return secret;
}

/** Whether Secrets Manager may answer the next time: it was too busy, or could not be reached. What the caller did wrong has a status of 4xx. */
function isPassing(error: unknown): boolean {
  const status = memberOf(memberOf(error, '$metadata'), 'httpStatusCode');
  return typeof status !== 'number' || status >= 500 || status === 429 || /Throttl|TooManyRequests|LimitExceeded/.test(String(memberOf(error, 'name')));
}

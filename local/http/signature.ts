import { timingSafeEqual } from 'node:crypto';
import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { ALGORITHM_IDENTIFIER, createScope, getSigningKey, SignatureV4Base } from '@smithy/signature-v4';
import { ReceivedRequest } from './received-request';
import { SignatureClaim } from './signature-claim';
import { Credentials } from '../account/credentials';

/** Whether the request, with this payload hash, was signed as it claims by the owner of the secret. */
export async function signatureMatches(
  request: ReceivedRequest, claim: SignatureClaim, credentials: Credentials, payloadHash: string,
): Promise<boolean> {
  const expected = await new Resigner(claim, credentials).sign(request, claim, payloadHash);
  return expected.length === claim.signature.length && timingSafeEqual(Buffer.from(expected), Buffer.from(claim.signature));
}

/** Signs a received request again, over exactly the headers its signer named: the package's own signer chooses the headers itself. */
class Resigner extends SignatureV4Base {
  constructor(claim: SignatureClaim, private readonly credentials: Credentials) {
    const { region, service } = claim.scope;
    // S3 alone takes the path as it is; every other service encodes it once more.
    super({ credentials, region, service, sha256: Sha256, uriEscapePath: service !== 's3' });
  }

  async sign(request: ReceivedRequest, claim: SignatureClaim, payloadHash: string): Promise<string> {
    const { date, region, service } = claim.scope;
    const canonicalRequest = this.createCanonicalRequest(toHttpRequest(request), canonicalHeaders(request, claim.signedHeaders), payloadHash);
    const scope = createScope(date, region, service);
    const stringToSign = await this.createStringToSign(claim.longDate, scope, canonicalRequest, ALGORITHM_IDENTIFIER);
    const hash = new Sha256(await getSigningKey(Sha256, this.credentials, date, region, service));
    hash.update(stringToSign);
    return Buffer.from(await hash.digest()).toString('hex');
  }
}

function toHttpRequest(request: ReceivedRequest): HttpRequest {
  // Without a prototype, so that a parameter called __proto__ is covered by the signature like any other.
  const query: Record<string, string | string[]> = Object.create(null);
  for (const { name, value } of request.query) {
    const earlier = query[name];
    query[name] = earlier === undefined ? value : [earlier, value].flat();
  }
  return new HttpRequest({ method: request.method, path: request.path, query });
}

function canonicalHeaders(request: ReceivedRequest, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, (request.headers[name] ?? '').trim().replace(/[ \t]+/g, ' ')]));
}

import type { GetObjectCommandInput, HeadObjectCommandInput } from '@aws-sdk/client-s3';
import type { AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import { DeliveryError, dependency } from './delivery-error';
import type { LinkConfig } from './link-config';
import { memberOf } from '../../../private/runtime/member-of';
import { ResultLink } from '../../contracts/callback';
import { DeliveryErrorName } from '../../contracts/error-names';
import { SHORTEST_RESULT_RETENTION_DAYS } from '../../contracts/result-link';
import { QueryExecution } from '../../contracts/workflow-state';

/** The shortest session that AssumeRole gives, in seconds. */
const SHORTEST_SESSION_SECONDS = 900;

/** A link with less life than this is none: the receiver may be busy. */
const SHORTEST_LINK_SECONDS = 60;

const DAY_MILLISECONDS = 86_400_000;

export interface LinkCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export interface LinkSession {
  readonly credentials: LinkCredentials;
  /** When the credentials end, and with them every link they signed. */
  readonly expiration: Date;
}

/** The calls to AWS that a link takes. They throw the SDK's errors. */
export interface LinkCloud {
  assumeRole(request: AssumeRoleCommandInput): Promise<LinkSession>;
  /** Answers the `x-amz-expiration` header. */
  headObject(credentials: LinkCredentials, request: HeadObjectCommandInput): Promise<string | undefined>;
  signGetObject(
    credentials: LinkCredentials, request: GetObjectCommandInput, validity: { readonly signingDate: Date; readonly expiresIn: number },
  ): Promise<string>;
}

/** What has to be known of a query that wrote one object. */
export type LinkedQuery = Pick<QueryExecution, 'QueryExecutionId' | 'ResultConfiguration'> & { readonly Status: Pick<QueryExecution['Status'], 'CompletionDateTime'> };

interface ResultObject {
  readonly bucket: string;
  readonly key: string;
  readonly extension: string;
}

/**
 * Signs a link to the result of a query that wrote one object.
 *
 * A link dies with the credentials that signed it, so it is signed by a session made for it and for nothing but that object. It counts from the
 * start of that session, which makes its life exactly what was asked, unless the object is deleted earlier.
 */
export async function makeResultLink(
  queryId: string, query: LinkedQuery, config: LinkConfig, cloud: LinkCloud, now: number,
): Promise<ResultLink> {
  const object = locateResult(query.ResultConfiguration?.OutputLocation, [config.resultLocation, ...config.formerResultLocations ?? []]);
  const sessionSeconds = Math.max(SHORTEST_SESSION_SECONDS, config.linkExpirySeconds);
  const { credentials, expiration } = await dependency('STS AssumeRole', async () => cloud.assumeRole({
    RoleArn: config.linkRoleArn,
    RoleSessionName: `query-${queryId}`.slice(0, 64),
    DurationSeconds: sessionSeconds,
    Policy: sessionPolicy(object, config),
  }));
  const request = { Bucket: object.bucket, Key: object.key, ExpectedBucketOwner: config.resultBucketOwner };
  const age = now - (query.Status.CompletionDateTime ?? now);
  const objectExpiry = await readExpiry(() => cloud.headObject(credentials, request), age);

  const signedAt = expiration.getTime() - sessionSeconds * 1000;
  const expiresIn = Math.min(config.linkExpirySeconds, Math.floor((objectExpiry - signedAt) / 1000));
  if (expiresIn < SHORTEST_LINK_SECONDS) throw resultExpired();
  const url = await dependency('S3 presigning', async () => cloud.signGetObject(credentials, {
    ...request,
    ResponseContentDisposition: `attachment; filename="${query.QueryExecutionId}.${object.extension}"`,
    ResponseCacheControl: 'no-store',
  }, { signingDate: new Date(signedAt), expiresIn }));
  return { PresignedUrl: url, ExpiredIn: expiresIn, ExpiresAt: signedAt + expiresIn * 1000 };
}

/** The object is taken from Athena's answer, for a reused result is another query's; it must be a result file right under a prefix of ours. */
function locateResult(outputLocation: string = '', resultLocations: readonly string[]): ResultObject {
  for (const location of resultLocations) {
    const name = outputLocation.startsWith(location) ? outputLocation.slice(location.length) : '';
    const extension = /^[\w-]{1,128}\.(csv|txt)$/.exec(name)?.[1];
    if (extension === undefined) continue;
    const { bucket, prefix } = splitLocation(location);
    return { bucket, key: prefix + name, extension };
  }
  throw new DeliveryError(DeliveryErrorName.RESULT_NOT_DELIVERABLE, 'The result is not one object under a result location');
}

function splitLocation(location: string): { readonly bucket: string; readonly prefix: string } {
  const path = location.slice('s3://'.length);
  const slash = path.indexOf('/');
  return { bucket: path.slice(0, slash), prefix: path.slice(slash + 1) };
}

/** What the session may do at most: read this one object. */
function sessionPolicy({ bucket, key }: ResultObject, { linkRoleArn, resultKeyArn, resultKeyAlias }: LinkConfig): string {
  const partition = linkRoleArn.split(':')[1];
  const readObject = { Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:${partition}:s3:::${bucket}/${literally(key)}` };
  const ofAlias = resultKeyAlias === undefined ? {} : { Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': resultKeyAlias } } };
  const decrypt = { Effect: 'Allow', Action: 'kms:Decrypt', Resource: resultKeyArn, ...ofAlias };
  return JSON.stringify({ Version: '2012-10-17', Statement: resultKeyArn === undefined ? [readObject] : [readObject, decrypt] });
}

/** In a policy `*`, `?` and `$` have a meaning; a prefix may hold them. */
function literally(key: string): string {
  return key.replace(/[*?$]/g, (character) => `\${${character}}`);
}

/** When the object will be deleted, epoch milliseconds; `Infinity` when no rule of the bucket says so. */
async function readExpiry(head: () => Promise<string | undefined>, age: number): Promise<number> {
  const header = await dependency('S3 HeadObject', async () => {
    try {
      return await head();
    } catch (error) {
      if (isGone(httpStatus(error), age)) throw resultExpired();
      throw error;
    }
  });
  const expiry = Date.parse(/expiry-date="([^"]+)"/.exec(header ?? '')?.[1] ?? '');
  return Number.isNaN(expiry) ? Infinity : expiry;
}

/**
 * Whether HEAD says that the object is gone. Without s3:ListBucket, S3 says 403 instead of 404, as it does for a missing right: of an object
 * too young to have expired, a 403 tells of rights, which can be granted while the delivery is retried.
 */
function isGone(status: unknown, age: number): boolean {
  return status === 404 || (status === 403 && age >= SHORTEST_RESULT_RETENTION_DAYS * DAY_MILLISECONDS);
}

/** The status that the SDK's errors carry as `$metadata.httpStatusCode`. */
function httpStatus(error: unknown): unknown {
  return memberOf(memberOf(error, '$metadata'), 'httpStatusCode');
}

function resultExpired(): DeliveryError {
  return new DeliveryError(DeliveryErrorName.RESULT_EXPIRED, 'The result is gone, or about to go');
}

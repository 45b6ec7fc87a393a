import type { GetObjectCommandInput, HeadObjectCommandInput, ListObjectsV2CommandInput, ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import type { AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import { DeliveryError, dependency } from './delivery-error';
import { Download } from './download';
import type { LinkConfig } from './link-config';
import { memberOf } from '../../../private/runtime/member-of';
import { DeliveryErrorName } from '../../contracts/error-names';

/** The shortest session that AssumeRole gives, in seconds. */
const SHORTEST_SESSION_SECONDS = 900;

/** A link with less life than this is none: the receiver may be busy. */
const SHORTEST_LINK_SECONDS = 60;

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

export interface LinkValidity {
  readonly signingDate: Date;
  readonly expiresIn: number;
}

/** The calls to AWS that links take. They throw the SDK's errors. */
export interface LinkCloud {
  assumeRole(request: AssumeRoleCommandInput): Promise<LinkSession>;
  /** Answers the `x-amz-expiration` header. */
  headObject(credentials: LinkCredentials, request: HeadObjectCommandInput): Promise<string | undefined>;
  listObjects(credentials: LinkCredentials, request: ListObjectsV2CommandInput): Promise<Pick<ListObjectsV2CommandOutput, 'Contents' | 'IsTruncated'>>;
  /** The bytes that the range of the request asks for; fewer, or none, at the end of the object. */
  readRange(credentials: LinkCredentials, request: GetObjectCommandInput): Promise<Uint8Array>;
  signGetObject(credentials: LinkCredentials, request: GetObjectCommandInput, validity: LinkValidity): Promise<string>;
}

/** Where an object lies, or objects whose keys begin alike. */
export interface Place {
  readonly bucket: string;
  readonly key: string;
}

/** Whether an object is gone, when S3 says that it is missing (404) or that there is no right to read it (403). */
type IsGone = (status: 403 | 404) => boolean | Promise<boolean>;

/** A statement of a session's policy, for a partition of AWS. */
export type Allowance = (partition: string) => object;

export function mayRead({ bucket, key }: Place): Allowance {
  return (partition) => ({ Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:${partition}:s3:::${bucket}/${literally(key)}` });
}

/** To read every object whose key begins like this, and to list them: only so, S3 tells that an object is missing. */
export function mayReadUnder({ bucket, key }: Place): readonly Allowance[] {
  return [
    (partition) => ({ Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:${partition}:s3:::${bucket}/${literally(key)}*` }),
    (partition) => ({
      Effect: 'Allow', Action: 's3:ListBucket', Resource: `arn:${partition}:s3:::${bucket}`, Condition: { StringLike: { 's3:prefix': `${literally(key)}*` } },
    }),
  ];
}

/**
 * A session of the role that signs links, for one query and for no more than it is allowed here.
 *
 * A link dies with the credentials that signed it. So it is signed by a session made for it, and counts from the start of that session, which makes its life
 * exactly what was asked, unless the object is deleted earlier.
 */
export class SigningSession {
  public static async open(queryId: string, allowed: readonly Allowance[], config: LinkConfig, cloud: LinkCloud): Promise<SigningSession> {
    const seconds = Math.max(SHORTEST_SESSION_SECONDS, config.linkExpirySeconds);
    const session = await dependency('STS AssumeRole', async () => cloud.assumeRole({
      RoleArn: config.linkRoleArn,
      RoleSessionName: `query-${queryId}`.slice(0, 64),
      DurationSeconds: seconds,
      Policy: sessionPolicy(allowed, config),
    }));
    return new SigningSession(session, seconds, config, cloud);
  }

  private constructor(
    private readonly session: LinkSession, private readonly seconds: number, private readonly config: LinkConfig, private readonly cloud: LinkCloud,
  ) {}

  /**
   * When the object will be deleted, epoch milliseconds; `Infinity` when no rule of the bucket says so.
   *
   * @throws DeliveryError ResultExpired if it is gone
   */
  public async readExpiry(place: Place, isGone: IsGone): Promise<number> {
    const header = await this.unlessGone('S3 HeadObject', isGone, () => this.cloud.headObject(this.session.credentials, this.request(place)));
    const expiry = Date.parse(/expiry-date="([^"]+)"/.exec(header ?? '')?.[1] ?? '');
    return Number.isNaN(expiry) ? Infinity : expiry;
  }

  /** Bytes of an object from one place on; fewer than asked for, or none, at its end. Throws as `readExpiry` does. */
  public async readRange(place: Place, from: number, length: number): Promise<Uint8Array> {
    const request = { ...this.request(place), Range: `bytes=${from}-${from + length - 1}` };
    const isGone = async () => !await this.exists(place);
    return this.unlessGone('S3 GetObject', isGone, () => this.cloud.readRange(this.session.credentials, request));
  }

  /** Objects whose keys begin alike, in order of their keys, as many as S3 tells at once. */
  public async list({ bucket, key }: Place, startAfter?: string, most?: number): ReturnType<LinkCloud['listObjects']> {
    return dependency('S3 ListObjectsV2', () => this.cloud.listObjects(this.session.credentials, {
      Bucket: bucket, Prefix: key, StartAfter: startAfter, MaxKeys: most, ExpectedBucketOwner: this.config.resultBucketOwner,
    }));
  }

  /** Whether there is an object. A listing says so for certain, while of what is missing HEAD says 403 where it takes a right to be missing. */
  public async exists(place: Place): Promise<boolean> {
    // Of all keys that begin so, this one comes first.
    const { Contents = [] } = await this.list(place, undefined, 1);
    return Contents[0]?.Key === place.key;
  }

  /**
   * How long links to an object can work.
   *
   * @throws DeliveryError ResultExpired if that is too short for a link
   */
  public validity(objectExpiry: number): LinkValidity {
    const signedAt = this.session.expiration.getTime() - this.seconds * 1000;
    const expiresIn = Math.min(this.config.linkExpirySeconds, Math.floor((objectExpiry - signedAt) / 1000));
    if (expiresIn < SHORTEST_LINK_SECONDS) throw resultExpired();
    return { signingDate: new Date(signedAt), expiresIn };
  }

  /** Signs a link to one object, which is saved as a file of this name. */
  public async sign(place: Place, { name, contentType }: Download, validity: LinkValidity): Promise<string> {
    return dependency('S3 presigning', async () => this.cloud.signGetObject(this.session.credentials, {
      ...this.request(place),
      ResponseContentDisposition: `attachment; filename="${name}"`,
      ResponseContentType: contentType,
      ResponseCacheControl: 'no-store',
    }, validity));
  }

  private request({ bucket, key }: Place): { readonly Bucket: string; readonly Key: string; readonly ExpectedBucketOwner: string } {
    return { Bucket: bucket, Key: key, ExpectedBucketOwner: this.config.resultBucketOwner };
  }

  private async unlessGone<T>(call: string, isGone: IsGone, read: () => Promise<T>): Promise<T> {
    return dependency(call, async () => {
      try {
        return await read();
      } catch (error) {
        const status = httpStatus(error);
        if ((status === 403 || status === 404) && await isGone(status)) throw resultExpired();
        throw error;
      }
    });
  }
}

/** What a link says of how long it works. */
export function linkLife({ signingDate, expiresIn }: LinkValidity): { readonly ExpiredIn: number; readonly ExpiresAt: number } {
  return { ExpiredIn: expiresIn, ExpiresAt: signingDate.getTime() + expiresIn * 1000 };
}

/** The bucket, and the key or the beginning of keys, of an S3 URI; undefined where it is none. */
export function placeOf(uri: string): Place | undefined {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.*)$/s.exec(uri) ?? [];
  return bucket === undefined ? undefined : { bucket, key };
}

/** In a policy `*`, `?` and `$` have a meaning; a prefix may hold them. */
export function literally(key: string): string {
  return key.replace(/[*?$]/g, (character) => `\${${character}}`);
}

/** What the session may do at most. */
function sessionPolicy(allowed: readonly Allowance[], { linkRoleArn, resultKeyArn, resultKeyAlias }: LinkConfig): string {
  const partition = linkRoleArn.split(':')[1];
  const ofAlias = resultKeyAlias === undefined ? {} : { Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': resultKeyAlias } } };
  const decrypt = { Effect: 'Allow', Action: 'kms:Decrypt', Resource: resultKeyArn, ...ofAlias };
  const Statement = [...allowed.map((statement) => statement(partition)), ...resultKeyArn === undefined ? [] : [decrypt]];
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

/** The status that the SDK's errors carry as `$metadata.httpStatusCode`. */
function httpStatus(error: unknown): unknown {
  return memberOf(memberOf(error, '$metadata'), 'httpStatusCode');
}

export function resultExpired(): DeliveryError {
  return new DeliveryError(DeliveryErrorName.RESULT_EXPIRED, 'The result is gone, or about to go');
}

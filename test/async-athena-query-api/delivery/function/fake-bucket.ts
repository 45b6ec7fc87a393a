import { NOW, serviceError, workingCloud } from './harness';
import { LinkCloud } from '../../../../src/async-athena-query-api/delivery/function/link-session';

export interface FakeBucketOptions {
  /** Keys, and what the objects hold. */
  readonly objects: Readonly<Record<string, Uint8Array | string>>;
  /** How many keys a listing tells at once. */
  readonly pageSize?: number;
  /** Characters of a link beside the key. */
  readonly linkLength?: number;
  /** The `x-amz-expiration` header of every object. */
  readonly expiration?: string;
}

/** What a session may do, by its policy. */
interface Allowed {
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: { readonly StringLike: { readonly 's3:prefix': string } };
}

export interface FakeBucket extends LinkCloud {
  /** Policies of the sessions, in order. */
  readonly policies: string[];
  /** What was read and listed. */
  readonly calls: string[];
}

/** A bucket that does for a session what its policy allows, and nothing else: so is a link that works one that is allowed. */
export function fakeBucket({ objects, pageSize = 1_000, linkLength = 1_200, expiration }: FakeBucketOptions): FakeBucket {
  const cloud = workingCloud(NOW);
  const policies: string[] = [];
  const calls: string[] = [];
  const stored = new Map(Object.entries(objects).map(([key, body]) => [key, Buffer.from(body)]));
  const keys = [...stored.keys()].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
  const may = (sessionToken: string, action: string, arn: string, prefix?: string) => {
    const { Statement }: { Statement: Allowed[] } = JSON.parse(policies[Number(sessionToken)]);
    const allowed = Statement.some(({ Action, Resource, Condition }) => (
      Action === action && matches(Resource, arn) && (Condition === undefined || (prefix !== undefined && matches(Condition.StringLike['s3:prefix'], prefix)))
    ));
    if (!allowed) throw serviceError('AccessDenied', 403);
  };
  /** Without the right to list, S3 does not tell what is missing from what must not be read. */
  const object = (sessionToken: string, bucket = '', key = '') => {
    may(sessionToken, 's3:GetObject', `arn:aws:s3:::${bucket}/${key}`);
    const body = bucket === 'results-bucket' ? stored.get(key) : undefined;
    if (body === undefined) throw serviceError('AccessDenied', 403);
    return body;
  };
  return {
    policies,
    calls,
    assumeRole: async (request) => {
      policies.push(request.Policy ?? '');
      const session = await cloud.assumeRole(request);
      return { ...session, credentials: { ...session.credentials, sessionToken: String(policies.length - 1) } };
    },
    headObject: async ({ sessionToken }, { Bucket, Key }) => {
      calls.push(`HEAD ${Key}`);
      object(sessionToken, Bucket, Key);
      return expiration;
    },
    listObjects: async ({ sessionToken }, { Bucket, Prefix = '', StartAfter, MaxKeys = pageSize }) => {
      calls.push(`LIST ${Prefix}`);
      may(sessionToken, 's3:ListBucket', `arn:aws:s3:::${Bucket}`, Prefix);
      const after = StartAfter === undefined ? Buffer.alloc(0) : Buffer.from(StartAfter);
      const found = keys.filter((key) => key.startsWith(Prefix) && Buffer.compare(Buffer.from(key), after) > 0);
      return {
        Contents: found.slice(0, MaxKeys).map((Key) => ({ Key, Size: stored.get(Key)?.length, LastModified: new Date(NOW) })),
        IsTruncated: found.length > MaxKeys,
      };
    },
    readRange: async ({ sessionToken }, { Bucket, Key, Range = '' }) => {
      calls.push(`GET ${Key}`);
      const [, from, last] = /^bytes=(\d+)-(\d+)$/.exec(Range) ?? [];
      return object(sessionToken, Bucket, Key).subarray(Number(from), Number(last) + 1);
    },
    signGetObject: async ({ sessionToken }, { Bucket = '', Key = '' }) => {
      object(sessionToken, Bucket, Key);
      return `https://${Bucket}.example.com/${encodeURIComponent(Key)}?${'x'.repeat(linkLength)}`;
    },
  };
}

/** The key that a link of the bucket is to. */
export function keyOf(link: string): string {
  return decodeURIComponent(/^https:\/\/[^/]+\/([^?]*)/.exec(link)?.[1] ?? '');
}

/** As IAM compares: `*` is anything, `${*}` is an asterisk. */
function matches(pattern: string, text: string): boolean {
  const expression = pattern.replace(/\$\{([*?$])\}|[*?]|[^*?$]+/g, (part, character?: string) => {
    if (character !== undefined) return `\\${character}`;
    if (part === '*') return '.*';
    return part === '?' ? '.' : part.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  });
  return new RegExp(`^${expression}$`, 's').test(text);
}

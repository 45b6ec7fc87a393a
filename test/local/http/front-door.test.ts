import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { Sha256 } from '@aws-crypto/sha256-js';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import * as fc from 'fast-check';
import { send } from './raw-request';
import { Account, createAccount, environment, openFrontDoor } from './small-cloud';
import { Credentials } from '../../../local/account/credentials';
import { AwsService, ServiceError } from '../../../local/aws/service';
import { FrontDoor } from '../../../local/http/front-door';
import { HttpAnswer, HttpService, VerifiedRequest } from '../../../local/http/http-service';
import { JsonObject } from '../../../local/json';

/** Keeps objects by path and remembers what it was asked: enough to see what the front door lets through. */
class ToyS3 implements HttpService {
  readonly name = 's3';
  readonly requests: VerifiedRequest[] = [];
  readonly objects = new Map<string, Buffer>();

  async handleHttp(request: VerifiedRequest): Promise<HttpAnswer> {
    this.requests.push(request);
    if (request.method === 'PUT') {
      this.objects.set(request.path, request.body);
      return { statusCode: 200 };
    }
    const found = this.objects.get(request.path);
    if (found === undefined) throw new ServiceError('NoSuchKey', 'The specified key does not exist.', 404, { Key: request.path });
    return { statusCode: 200, headers: { 'content-length': String(found.length) }, body: request.method === 'HEAD' ? undefined : found };
  }
}

class Echo implements AwsService {
  readonly name = 'states';

  async call(operation: string, input: JsonObject): Promise<JsonObject> {
    if (operation === 'Refuse') throw new ServiceError('ExecutionAlreadyExists', 'It does', 400, { Extra: 1 });
    if (operation !== 'Echo') throw new Error(`does not implement ${operation}`);
    return input;
  }
}

describe('the front door', () => {
  let account: Account;
  let door: FrontDoor;
  let ca: string;
  let s3: ToyS3;
  let key: Credentials;
  let faults: Error[];
  let clientOf: (credentials: Credentials, region?: string) => S3Client;

  beforeAll(async () => {
    account = createAccount();
    s3 = new ToyS3();
    key = account.credentials.issueForRole({
      role: account.roles.create({ name: 'R', trustPolicy: { Statement: [] } }), sessionName: 'session', durationSeconds: 43200,
    });
    const opened = await openFrontDoor(account, {
      services: [{ service: new Echo(), protocol: { kind: 'json', version: '1.0', targetPrefix: 'AWSStepFunctions', errorNamespace: 'com.amazonaws.states' } }],
      httpServices: [s3],
      unsigned: 's3',
    });
    ({ door, faults, caPem: ca } = opened);
    clientOf = (credentials, region = environment.region) => new S3Client({ ...opened.client, region, forcePathStyle: true, credentials });
  });

  afterAll(() => door.close());

  beforeEach(() => {
    s3.requests.length = 0;
    s3.objects.clear();
    faults.length = 0;
  });

  describe('for signed requests of the S3 client', () => {
    const body = Buffer.from('a,b\n1,2\n');

    test('tells the service who calls, and gives it the body without its framing', async () => {
      const client = clientOf(key);
      const Key = 'results/a b+c é*(1)\'!~/=.csv';
      await client.send(new PutObjectCommand({ Bucket: 'bucket', Key, Body: body }));
      const [put] = s3.requests;
      expect(put.body.equals(body)).toBe(true);
      expect(put.headers).toMatchObject({ 'x-amz-checksum-crc32': expect.any(String) });
      expect(put.headers['content-encoding']).toBeUndefined();
      expect(put.context).toMatchObject({ caller: { arn: 'arn:aws:sts::111122223333:assumed-role/R/session' }, secureTransport: true });
      const got = await client.send(new GetObjectCommand({ Bucket: 'bucket', Key }));
      expect(await got.Body?.transformToString()).toBe('a,b\n1,2\n');
      const head = await client.send(new HeadObjectCommand({ Bucket: 'bucket', Key }));
      expect(head.ContentLength).toBe(8);
    });

    test('takes streams in several chunks', async () => {
      const large = Buffer.alloc(300_000, 'xyz');
      const stream = Readable.from([large.subarray(0, 100_000), large.subarray(100_000)]);
      await clientOf(key).send(new PutObjectCommand({ Bucket: 'bucket', Key: 'large', Body: stream, ContentLength: large.length }));
      expect(s3.objects.get('/bucket/large')?.equals(large)).toBe(true);
    });

    test.each<[string, () => S3Client, string, number]>([
      ['an unknown key', () => clientOf({ ...key, accessKeyId: 'ASIAUNKNOWN' }), 'InvalidAccessKeyId', 403],
      ['a wrong secret', () => clientOf({ ...key, secretAccessKey: 'wrong' }), 'SignatureDoesNotMatch', 403],
      ['a wrong session token', () => clientOf({ ...key, sessionToken: 'other' }), 'InvalidToken', 400],
      ['no session token', () => clientOf({ ...key, sessionToken: undefined }), 'InvalidToken', 400],
      ['another region', () => clientOf(key, 'us-east-1'), 'AuthorizationHeaderMalformed', 400],
    ])('refuses %s', async (_, client, name, status) => {
      const call = client().send(new GetObjectCommand({ Bucket: 'bucket', Key: 'k' }));
      await expect(call).rejects.toMatchObject({ name, $metadata: { httpStatusCode: status } });
      expect(s3.requests).toEqual([]);
    });

    test.each([[16 * 60_000, false], [-16 * 60_000, false], [14 * 60_000, true], [-14 * 60_000, true]])('with a clock %i ms off: let in %s', async (offset, lets) => {
      const { target, headers } = await signedGet({ offset });
      const { text } = await send({ port: door.port, ca, method: 'GET', target, headers });
      expect(text).toContain(lets ? 'NoSuchKey' : 'RequestTimeTooSkewed');
    });

    test('refuses an expired session', async () => {
      const role = account.roles.find('arn:aws:iam::111122223333:role/R');
      if (role === undefined) throw new Error('no role');
      const short = account.credentials.issueForRole({ role, sessionName: 'short', durationSeconds: -1 });
      await expect(clientOf(short).send(new GetObjectCommand({ Bucket: 'bucket', Key: 'k' }))).rejects.toMatchObject({ name: 'ExpiredToken' });
    });

    test('answers a service error in the shape of S3', async () => {
      await expect(clientOf(key).send(new GetObjectCommand({ Bucket: 'bucket', Key: 'none' })))
        .rejects.toMatchObject({ name: 'NoSuchKey', message: 'The specified key does not exist.', $metadata: { httpStatusCode: 404 } });
    });
  });

  /** A signed GET as it goes over the wire. */
  async function signedGet(options: { offset?: number; path?: string; headers?: Record<string, string> } = {}) {
    const host = `localhost:${door.port}`;
    const signer = new SignatureV4({ credentials: key, region: environment.region, service: 's3', sha256: Sha256, uriEscapePath: false });
    const path = options.path ?? '/bucket/results/a.csv';
    const query = { 'versionId': '17', 'response-content-type': 'text/csv' };
    const signed = await signer.sign(
      new HttpRequest({ method: 'GET', path, query, headers: { host, 'x-amz-meta-a': 'b', ...options.headers } }),
      { signingDate: new Date(account.clock.now() + (options.offset ?? 0)) },
    );
    return { target: `${path}?versionId=17&response-content-type=text%2Fcsv`, headers: signed.headers };
  }

  /** Another printable character at this place. */
  function flip(text: string, place: number, by: number): string {
    const index = place % text.length;
    const code = 33 + ((text.charCodeAt(index) - 33 + 1 + (by % 93)) % 94);
    return text.slice(0, index) + String.fromCharCode(code) + text.slice(index + 1);
  }

  async function refuses(target: string, headers: Readonly<Record<string, string>>, method = 'GET', body?: Buffer) {
    const { status } = await send({ port: door.port, ca, method, target, headers, body });
    expect(status).toBeGreaterThanOrEqual(400);
    // A URL whose question mark is gone is a request of nobody, for an object of another name.
    expect(s3.requests.filter(({ context }) => context.caller.arn !== undefined)).toEqual([]);
  }

  describe('against tampering', () => {
    const place = fc.nat(10_000);

    test('lets the untouched request in, so that the following tests mean something', async () => {
      const { target, headers } = await signedGet();
      expect((await send({ port: door.port, ca, method: 'GET', target, headers })).text).toContain('NoSuchKey');
      expect(s3.requests).toHaveLength(1);
    });

    test('refuses a changed character of path or query', async () => {
      const { target, headers } = await signedGet();
      await fc.assert(fc.asyncProperty(place, place, async (where, by) => {
        // The leading slash is HTTP's, and a hash never leaves the client.
        const changed = `/${flip(target.slice(1), where, by)}`;
        fc.pre(!changed.includes('#') && decoded(changed) !== decoded(target));
        await refuses(changed, headers);
      }), { numRuns: 150 });
    });

    test('refuses a changed character of any header that says something', async () => {
      const { target, headers } = await signedGet();
      const names = Object.keys(headers);
      await fc.assert(fc.asyncProperty(fc.constantFrom(...names), place, place, async (name, where, by) => {
        await refuses(target, { ...headers, [name]: flip(headers[name], where, by) });
      }), { numRuns: 150 });
    });

    test.each([['x-amz-meta-c', 'd'], ['x-amz-acl', 'public-read'], ['x-amz-security-token2', 'x']])('refuses an added header %s', async (name, value) => {
      const { target, headers } = await signedGet();
      await refuses(target, { ...headers, [name]: value });
    });

    test.each(['&x=1', '&__proto__=1', '&x-amz-signature=1', '&X-Amz-Signature=1'])('refuses an added parameter %s', async (added) => {
      const { target, headers } = await signedGet();
      await refuses(target + added, headers);
    });

    test('refuses another method and a body that was not signed', async () => {
      const { target, headers } = await signedGet();
      await refuses(target, headers, 'DELETE');
      await refuses(target, headers, 'GET', Buffer.from('x'));
    });

    test('refuses a changed byte of a signed or checksummed body', async () => {
      const body = Buffer.from('id,name\n1,one\n');
      const put = async (sent: Buffer, hash: string, extra: Record<string, string>) => {
        const { target, headers } = await signedPut({ 'x-amz-content-sha256': hash, ...extra });
        return send({ port: door.port, ca, method: 'PUT', target, headers, body: sent });
      };
      const sha256 = createHash('sha256').update(body);
      const checksum = sha256.copy().digest('base64');
      expect((await put(body, sha256.copy().digest('hex'), {})).status).toBe(200);
      expect((await put(body, 'UNSIGNED-PAYLOAD', { 'x-amz-checksum-sha256': checksum })).status).toBe(200);
      s3.requests.length = 0;
      const hex = sha256.digest('hex');
      await fc.assert(fc.asyncProperty(fc.nat(body.length - 1), fc.integer({ min: 1, max: 255 }), async (index, mask) => {
        const changed = Buffer.from(body);
        changed[index] = (changed[index] + mask) % 256;
        expect((await put(changed, hex, {})).text).toContain('XAmzContentSHA256Mismatch');
        expect((await put(changed, 'UNSIGNED-PAYLOAD', { 'x-amz-checksum-sha256': checksum })).text).toContain('BadDigest');
        expect(s3.requests).toEqual([]);
      }), { numRuns: 40 });
    });
  });

  async function signedPut(headers: Record<string, string>) {
    const signer = new SignatureV4({ credentials: key, region: environment.region, service: 's3', sha256: Sha256, uriEscapePath: false });
    const signed = await signer.sign(
      new HttpRequest({ method: 'PUT', path: '/bucket/k', headers: { host: `localhost:${door.port}`, ...headers } }),
      { signingDate: new Date(account.clock.now()) },
    );
    return { target: '/bucket/k', headers: signed.headers };
  }

  test('reads trailing checksums, and refuses a body that does not fit them', async () => {
    const upload = async (frame: string, length: number) => {
      const { target, headers } = await signedPut({
        'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
        'content-encoding': 'aws-chunked',
        'x-amz-trailer': 'x-amz-checksum-crc32',
        'x-amz-decoded-content-length': String(length),
      });
      return send({ port: door.port, ca, method: 'PUT', target, headers, body: Buffer.from(frame) });
    };
    // CRC-32 of "hello" is 0x3610a686.
    const trailer = 'x-amz-checksum-crc32:NhCmhg==\r\n\r\n';
    expect(await upload(`3\r\nhel\r\n2\r\nlo\r\n0\r\n${trailer}`, 5)).toMatchObject({ status: 200 });
    expect(s3.objects.get('/bucket/k')?.toString()).toBe('hello');
    expect((await upload(`5\r\nhellO\r\n0\r\n${trailer}`, 5)).text).toContain('BadDigest');
    expect((await upload(`5\r\nhello\r\n0\r\n${trailer}`, 6)).text).toContain('IncompleteBody');
    expect((await upload('5\r\nhello\r\n0\r\n\r\n', 5)).text).toContain('MalformedTrailerError');
    expect((await upload('5\r\nhel', 5)).text).toContain('IncompleteBody');
    expect((await upload(`5\r\nhello\r\n0\r\n${trailer}more`, 5)).text).toContain('IncompleteBody');
  });

  describe('for presigned URLs', () => {
    const presign = (seconds: number, now = account.clock.now()) => getSignedUrl(
      clientOf(key),
      new GetObjectCommand({ Bucket: 'bucket', Key: 'results/a.csv', ResponseContentDisposition: 'attachment; filename="r.csv"', ExpectedBucketOwner: '111122223333' }),
      { expiresIn: seconds, signingDate: new Date(now) },
    );
    const fetchUrl = (url: string, headers: Record<string, string> = {}) => {
      const { pathname, search, host } = new URL(url);
      return send({ port: door.port, ca, method: 'GET', target: pathname + search, headers: { host, ...headers } });
    };

    test('serves the object until the very end, and not a millisecond longer', async () => {
      s3.objects.set('/bucket/results/a.csv', Buffer.from('data'));
      const url = await presign(60);
      expect(await fetchUrl(url)).toEqual({ status: 200, text: 'data' });
      const signedAt = Math.floor(account.clock.now() / 1000) * 1000;
      expect(s3.requests[0]).toMatchObject({ presigned: { signedAt, expiresAt: signedAt + 60_000 }, path: '/bucket/results/a.csv' });
      expect(s3.requests[0].query).toContainEqual({ name: 'response-content-disposition', value: 'attachment; filename="r.csv"' });
      await account.clock.sleep(signedAt + 60_000 - 1 - account.clock.now());
      expect((await fetchUrl(url)).status).toBe(200);
      await account.clock.sleep(1);
      const late = await fetchUrl(url);
      expect(late.status).toBe(403);
      expect(late.text).toContain('<Code>AccessDenied</Code><Message>Request has expired</Message>');
    });

    test('refuses a URL that is not valid yet', async () => {
      expect((await fetchUrl(await presign(3600, account.clock.now() + 16 * 60_000))).text).toContain('Request is not valid yet');
    });

    test.each(['0', '604801', '-1', '60.5', ''])('refuses a life of %p seconds', async (life) => {
      const url = (await presign(60)).replace('X-Amz-Expires=60', `X-Amz-Expires=${life}`);
      expect((await fetchUrl(url)).text).toContain('AuthorizationQueryParametersError');
    });

    test('refuses any changed character', async () => {
      const url = await presign(600);
      const start = url.indexOf('/bucket') + 1;
      await fc.assert(fc.asyncProperty(fc.nat(10_000), fc.nat(10_000), async (where, by) => {
        const changed = url.slice(0, start) + flip(url.slice(start), where, by);
        fc.pre(!changed.includes('#') && decoded(changed) !== decoded(url));
        await refuses(changed.slice(start - 1), { host: `localhost:${door.port}` });
      }), { numRuns: 200 });
    });

    test.each(['&x-amz-signature=1', '&X-AMZ-SIGNATURE=1', '&X-Amz-Expires=9', '&x-amz-expires=9', '&x=1', '&__proto__=1'])('refuses an added %s', async (added) => {
      expect((await fetchUrl(await presign(600) + added)).status).toBeGreaterThanOrEqual(400);
      expect(s3.requests).toEqual([]);
    });

    test('refuses to be combined with an Authorization header or an x-amz header', async () => {
      const url = await presign(600);
      expect((await fetchUrl(url, { 'x-amz-meta-a': 'b' })).text).toContain('not signed: x-amz-meta-a');
      const { headers } = await signedGet();
      expect((await fetchUrl(url, { authorization: headers.authorization })).text).toContain('only one way of signing');
    });
  });

  test('passes unsigned requests on as nobody, to the one service that may get them', async () => {
    await send({ port: door.port, ca, method: 'GET', target: '/bucket/k', headers: {} });
    expect(s3.requests.map(({ context }) => context.caller)).toEqual([{}]);
    const json = await send({ port: door.port, ca, method: 'POST', target: '/', headers: { 'x-amz-target': 'AWSStepFunctions.Echo' }, body: Buffer.from('{}') });
    expect(json.text).toContain('MissingAuthenticationTokenException');
  });

  describe('for JSON operations', () => {
    async function call(operation: string, body: string, options: { path?: string; tamper?: string; offset?: number } = {}) {
      const host = `localhost:${door.port}`;
      const signer = new SignatureV4({ credentials: key, region: environment.region, service: 'states', sha256: Sha256 });
      const path = options.path ?? '/';
      const headers = { host, 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AWSStepFunctions.${operation}` };
      const signed = await signer.sign(new HttpRequest({ method: 'POST', path, headers, body }), { signingDate: new Date(account.clock.now() + (options.offset ?? 0)) });
      const answer = await send({ port: door.port, ca, method: 'POST', target: path, headers: signed.headers, body: Buffer.from(options.tamper ?? body) });
      return { status: answer.status, body: JSON.parse(answer.text) };
    }

    test('answers what the service answers', async () => {
      expect(await call('Echo', '{"a":[1,"é"]}')).toEqual({ status: 200, body: { a: [1, 'é'] } });
    });

    test('answers errors in the shape of the protocol', async () => {
      const refused = { status: 400, body: { __type: 'com.amazonaws.states#ExecutionAlreadyExists', message: 'It does', Extra: 1 } };
      expect(await call('Refuse', '{}')).toEqual(refused);
      expect(await call('Echo', '{')).toMatchObject({ status: 400, body: { __type: 'com.amazonaws.states#SerializationException' } });
      expect(await call('Echo', '[]')).toMatchObject({ status: 400, body: { __type: 'com.amazonaws.states#SerializationException' } });
      expect(faults).toEqual([]);
    });

    test('reports what the local cloud does not implement as a fault', async () => {
      expect(await call('Bogus', '{}')).toEqual({ status: 500, body: { __type: 'InternalFailure', message: 'does not implement Bogus' } });
      expect(faults.map(({ message }) => message)).toEqual(['does not implement Bogus']);
      expect(await call('Echo', '{}', { path: '/elsewhere' })).toMatchObject({ status: 500 });
    });

    test('refuses a changed body and a clock that is six minutes off', async () => {
      expect((await call('Echo', '{"a":1}', { tamper: '{"a":2}' })).status).toBe(400);
      expect(await call('Echo', '{}', { offset: -6 * 60_000 })).toMatchObject({ body: { __type: 'InvalidSignatureException' } });
    });
  });

  test('holds virtual time while a request is served', async () => {
    let woken = false;
    const seen: boolean[] = [];
    jest.spyOn(s3, 'handleHttp').mockImplementationOnce(async () => {
      void account.clock.sleep(1000).then(() => {
        woken = true;
      });
      await new Promise((resolve) => setTimeout(resolve, 50));
      seen.push(woken);
      return { statusCode: 200 };
    });
    await send({ port: door.port, ca, method: 'GET', target: '/bucket/k', headers: {} });
    expect(seen).toEqual([false]);
    await account.clock.sleep(1000);
    expect(woken).toBe(true);
  });
});

/** Two spellings of the same URL are the same request. */
function decoded(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch {
    return target;
  }
}

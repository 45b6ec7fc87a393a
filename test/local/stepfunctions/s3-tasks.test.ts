import { single } from './support';
import { JsonObject, JsonValue } from '../../../local/json';
import { S3Operations } from '../../../local/s3/operations';
import { StepFunctionsService } from '../../../local/stepfunctions/service';
import { environment } from '../http/small-cloud';
import { allow, createDataAccount, DataAccount } from '../s3/data-cloud';

const OBJECTS = 'arn:aws:s3:::data/*';

let account: DataAccount;
let machines = 0;

beforeAll(() => {
  account = createDataAccount();
  account.store.createBucket({
    name: 'data',
    arn: 'arn:aws:s3:::data',
    ownerAccount: environment.accountId,
    region: environment.region,
    encryption: { algorithm: 'AES256' },
    lifecycle: [],
    publicAccess: { blockPublicPolicy: true, restrictPublicBuckets: true },
  });
});

afterAll(() => account.store.close());

/** A Task that calls S3 with a role that has these rights; answers how its execution ends. */
async function task(action: string, parameters: JsonObject, rights: JsonObject[] = [allow('s3:*', ['arn:aws:s3:::data', OBJECTS])]) {
  const name = `machine-${++machines}`;
  const { context } = account.session(name, ...rights);
  const states = new StepFunctionsService({
    environment,
    clock: account.clock,
    authorize: async () => undefined,
    assumeRole: async () => context.caller,
    targets: { services: [new S3Operations(account.s3)] },
  });
  const definition = JSON.stringify(single({ Type: 'Task', Resource: `arn:aws:states:::aws-sdk:s3:${action}`, Parameters: parameters }));
  const { arn } = await states.createStateMachine({ name, roleArn: `arn:aws:iam::${environment.accountId}:role/${name}`, definition });
  const { executionArn } = await states.call('StartExecution', { stateMachineArn: arn }, { caller: {} });
  await states.ended(String(executionArn));
  const { status, output, error, cause } = await states.call('DescribeExecution', { executionArn }, { caller: {} });
  const result: JsonValue = output === undefined ? null : JSON.parse(String(output));
  return { status, result, error, cause };
}

async function put(key: string, text: string): Promise<void> {
  await account.s3.put({ bucket: 'data', key, body: Buffer.from(text), context: account.adminContext });
}

const keys = () => account.store.bucket('data')?.list('').map(({ key }) => key);

describe('objects', () => {
  test('are written and read, as text or as the text of a JSON', async () => {
    const written = await task('putObject', { Bucket: 'data', Key: 'json', Body: 'plain', ContentType: 'text/plain' });
    expect(written).toMatchObject({ status: 'SUCCEEDED', result: { ETag: expect.stringMatching(/^"[0-9a-f]{32}"$/), ServerSideEncryption: 'AES256' } });
    const { result } = await task('getObject', { Bucket: 'data', Key: 'json' });
    expect(result).toMatchObject({ Body: 'plain', ContentLength: 5, ContentType: 'text/plain', LastModified: '2030-05-01T12:00:00Z' });
    await task('putObject', { 'Bucket': 'data', 'Key': 'json', 'Body.$': '$' });
    expect((await task('getObject', { Bucket: 'data', Key: 'json' })).result).toMatchObject({ Body: '{}' });
    expect((await task('headObject', { Bucket: 'data', Key: 'json' })).result).toEqual(expect.not.objectContaining({ Body: expect.anything() }));
    expect((await task('deleteObject', { Bucket: 'data', Key: 'json' })).status).toBe('SUCCEEDED');
    expect(keys()).toEqual([]);
  });

  test('errors have the names of AWS: those of the model their own, all others that of the service', async () => {
    expect(await task('getObject', { Bucket: 'data', Key: 'missing' })).toMatchObject({
      error: 'S3.NoSuchKeyException', cause: expect.stringMatching(/^The specified key does not exist\. \(Service: S3, Status Code: 404, Request ID: [^,]+, Extended Request ID: /),
    });
    expect(await task('getObject', { Bucket: 'absent', Key: 'k' })).toMatchObject({ error: 'S3.NoSuchBucketException' });
    await put('taken', 'x');
    expect(await task('putObject', { Bucket: 'data', Key: 'taken', Body: 'y', IfNoneMatch: '*' }))
      .toMatchObject({ error: 'S3.S3Exception', cause: expect.stringContaining('Status Code: 412') });
    const { error, cause } = await task('getObject', { Bucket: 'data', Key: 'taken' }, [allow('s3:PutObject', OBJECTS)]);
    expect([error, cause]).toEqual(['S3.S3Exception', expect.stringContaining('s3:GetObject')]);
    expect(await task('headObject', { Bucket: 'data', Key: 'missing' }, [allow('s3:GetObject', OBJECTS)]))
      .toMatchObject({ error: 'S3.S3Exception', cause: expect.stringContaining('Status Code: 403') });
    await account.s3.delete({ bucket: 'data', key: 'taken', context: account.adminContext });
  });
});

describe('a range of an object', () => {
  test.each([
    ['bytes=2-4', 'cde', 'bytes 2-4/10'], ['bytes=7-', 'hij', 'bytes 7-9/10'], ['bytes=-2', 'ij', 'bytes 8-9/10'], ['bytes=8-99', 'ij', 'bytes 8-9/10'],
  ])('%s is what of it is answered, with its place', async (Range, Body, ContentRange) => {
    await put('range', 'abcdefghij');
    const { result } = await task('getObject', { Bucket: 'data', Key: 'range', Range });
    expect(result).toMatchObject({ Body, ContentRange, ContentLength: Body.length, AcceptRanges: 'bytes' });
    expect((await task('getObject', { Bucket: 'data', Key: 'range' })).result).toEqual(expect.not.objectContaining({ ContentRange: expect.anything() }));
  });

  test('that the object does not have is refused, and one within a character is not guessed at', async () => {
    await put('range', 'ä');
    expect(await task('getObject', { Bucket: 'data', Key: 'range', Range: 'bytes=2-3' })).toMatchObject({ error: 'S3.S3Exception', cause: expect.stringContaining('Status Code: 416') });
    expect(await task('getObject', { Bucket: 'data', Key: 'range', Range: 'bytes=0-0' }))
      .toMatchObject({ error: 'LocalCloud.InternalError', cause: expect.stringContaining('bytes that are no UTF-8') });
    await account.s3.delete({ bucket: 'data', key: 'range', context: account.adminContext });
  });

  test('of 256 KiB, as the string that it is in the state, is too much', async () => {
    // In a string, each of the quotation marks takes two bytes; other members of the answer need some room, too.
    await put('quotes', '"'.repeat(131_072));
    await put('text', 'x'.repeat(261_000));
    const of = async (Key: string, last: number) => task('getObject', { Bucket: 'data', Key, Range: `bytes=0-${last}` });
    expect(await of('quotes', 131_071)).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
    expect((await of('quotes', 130_000)).status).toBe('SUCCEEDED');
    expect((await of('text', 260_999)).status).toBe('SUCCEEDED');
    for (const key of ['quotes', 'text']) await account.s3.delete({ bucket: 'data', key, context: account.adminContext });
  });
});

describe('deleteObjects', () => {
  const parameters = (names: string[], more: JsonObject = {}) => ({ Bucket: 'data', Delete: { Objects: names.map((Key) => ({ Key })), ...more } });

  test('deletes with the rights of the role, key by key, and succeeds even where some cannot be deleted', async () => {
    for (const key of ['mine/a', 'mine/b', 'other']) await put(key, 'x');
    const mine = [allow('s3:DeleteObject', 'arn:aws:s3:::data/mine/*')];
    expect((await task('deleteObjects', parameters(['mine/a', 'other', 'mine/c']), mine)).result).toEqual({
      Deleted: [{ Key: 'mine/a' }, { Key: 'mine/c' }],
      Errors: [{ Key: 'other', Code: 'AccessDenied', Message: expect.stringContaining('s3:DeleteObject') }],
    });
    expect(await task('deleteObjects', parameters(['mine/b'], { Quiet: true }), mine)).toMatchObject({ status: 'SUCCEEDED', result: {} });
    expect(keys()).toEqual(['other']);
    expect(await task('deleteObjects', parameters([]))).toMatchObject({ error: 'S3.S3Exception', cause: expect.stringContaining('Status Code: 400') });
  });
});

describe('when the machine is created', () => {
  test('what AWS does not know is refused in its words, and what is not implemented by name', async () => {
    await expect(task('deleteObjects', { Bucket: 'data' })).rejects.toThrow("The field 'Delete' is required but was missing");
    await expect(task('deleteObjects', { Bucket: 'data', Delete: { Objects: [{ Name: 'k' }] } })).rejects.toThrow("The field 'Key' is required");
    await expect(task('getObject', { Bucket: 'data', Key: 'k', Color: 'red' })).rejects.toThrow("The field 'Color' is not supported by Step Functions");
    await expect(task('putObject', { Bucket: 'data', Key: 'k', ACL: 'private' })).rejects.toThrow('does not implement ACL of the Resource');
    await expect(task('copyObject', { Bucket: 'data', Key: 'k', CopySource: 'data/a' })).rejects.toThrow('does not implement the Resource');
  });
});

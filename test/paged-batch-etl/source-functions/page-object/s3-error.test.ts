import { ServerResponse } from 'node:http';
import { OUTAGE_SOURCE_ERRORS, RETRIED_SOURCE_ERRORS } from '../../../../src/paged-batch-etl/contracts/error-names';
import { storeError } from '../../../../src/paged-batch-etl/source-functions/page-object/s3-error';
import { bucketOpener } from '../../../../src/paged-batch-etl/source-functions/page-object/s3-page-store';
import { TimeLeft } from '../../../../src/paged-batch-etl/source-functions/time-left';
import { StubCall, useAwsStub } from '../../../support/aws-stub';
import { outcomeOf, serviceError, withTimeLeft } from '../harness';

function refuseAs(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>confidential</Message></Error>`);
}

const stub = useAwsStub((_call, response) => response.end());

const open = (milliseconds = 60_000) => bucketOpener()(
  { name: 'pages', prefix: '', pageBytes: 1, batch: { bytes: 1, textBytes: 1 } }, new TimeLeft(withTimeLeft(milliseconds)),
);

/** Answers of the service one after the other; the last one is repeated. */
function answering(...answers: ((response: ServerResponse, call: StubCall) => unknown)[]): void {
  let count = 0;
  stub().answer = (call, response) => void answers[Math.min(count++, answers.length - 1)](response, call);
}

describe('what passes by itself is told as that, and a run waits for it', () => {
  test.each<[string, number | undefined]>([
    ['SlowDown', 503], ['InternalError', 500], ['ServiceUnavailable', 503], ['RequestTimeout', 400], ['ThrottlingException', 400],
    ['KMS.ThrottlingException', 400], ['NoSuchUpload', 404], ['OperationAborted', 409], ['ExpiredToken', 400], ['TimeoutError', undefined],
    ['AbortError', undefined],
  ])('%s with status %s', (code, status) => {
    const error = storeError(serviceError(code, status), 'store a page');
    expect(error).toMatchObject({ name: 'PageBucketUnavailable', message: expect.stringContaining(`was not available to store a page (${code})`) });
    expect(error.message).not.toContain('Told by the service');
    expect(OUTAGE_SOURCE_ERRORS).toContain(error.name);
  });
});

describe('what somebody has to do something about is final, and says what', () => {
  test.each<[string, number, RegExp]>([
    ['AccessDenied', 403, /\(AccessDenied\); the role of the source function may/],
    ['403', 403, /\(403\); the role of the source function may/],
    ['NoSuchBucket', 404, /; there is no such bucket$/],
    ['KMS.DisabledException', 400, /\(KMS\.DisabledException\); its key has to be enabled/],
    ['InvalidRequest', 400, /\(InvalidRequest\)$/],
    ['user:name@host', 400, /refused to store a page \(400\)$/],
  ])('%s with status %d', (code, status, message) => {
    const error = storeError(serviceError(code, status), 'store a page');
    expect(error).toMatchObject({ name: 'PageBucketRefused', message: expect.stringMatching(message) });
    expect(RETRIED_SOURCE_ERRORS).not.toContain(error.name);
  });

  test('a mistake of ours is none of the bucket', () => {
    const mistake = new TypeError('ours');
    expect(storeError(mistake, 'store a page')).toBe(mistake);
  });
});

describe('a call', () => {
  test('is tried again where S3 is too busy, and succeeds', async () => {
    answering((response) => refuseAs(response, 503, 'SlowDown'), (response) => refuseAs(response, 500, 'InternalError'), (response) => response.end('{}'));
    expect(await open().readText('page.json')).toMatchObject({ text: '{}' });
    expect(stub().calls).toHaveLength(3);
  });

  test('is given up after five attempts', async () => {
    answering((response) => refuseAs(response, 500, 'InternalError'));
    expect((await outcomeOf(() => open().put('a', Buffer.from('a')))).name).toBe('PageBucketUnavailable');
    expect(stub().calls).toHaveLength(5);
  });

  test('that is never answered ends within the time of the invocation', async () => {
    answering(() => undefined);
    const { name, message } = await outcomeOf(() => open(2_000).put('a', Buffer.from('a')));
    expect([name, message]).toEqual(['PageBucketUnavailable', expect.stringContaining('gateway endpoint')]);
  });

  test('is not begun where no time is left', async () => {
    expect(await outcomeOf(() => open(100).put('a', Buffer.from('a')))).toEqual({
      name: 'PageBucketUnavailable', message: 'Too little time was left to store a page: the bucket of pages was slow, or the timeout of the source is too short',
    });
    expect(stub().calls).toEqual([]);
  });

  test('that is refused is not tried again', async () => {
    answering((response) => refuseAs(response, 403, 'AccessDenied'));
    expect((await outcomeOf(() => open().readText('a'))).name).toBe('PageBucketRefused');
    expect(stub().calls).toHaveLength(1);
  });
});

test('a record goes to the bucket under its precondition, and all ways to be refused are told apart', async () => {
  const outcomes: string[] = [];
  const cases: [number, string][] = [[412, 'PreconditionFailed'], [409, 'ConditionalRequestConflict'], [404, 'NoSuchKey']];
  for (const [status, code] of cases) {
    answering((response) => refuseAs(response, status, code));
    outcomes.push(await open().putIf('page.json', Buffer.from('{}'), 'absent'));
  }
  answering((response) => response.end());
  outcomes.push(await open().putIf('page.json', Buffer.from('{}'), { etag: '"e"' }));
  expect(outcomes).toEqual(['refused', 'conflict', 'refused', 'stored']);
  expect(stub().calls.map(({ headers }) => headers['if-none-match'] ?? headers['if-match'])).toEqual(['*', '*', '*', '"e"']);
  answering((response) => refuseAs(response, 404, 'NoSuchBucket'));
  expect((await outcomeOf(() => open().putIf('page.json', Buffer.from('{}'), 'absent'))).name).toBe('PageBucketRefused');
});

describe('an upload that S3 does not know anymore when it is completed', () => {
  const complete = () => open().completeUpload('a', 'upload', [{ number: 1, etag: '"e"' }]);

  test('is complete where the object is there: the first answer got lost', async () => {
    answering((response) => refuseAs(response, 404, 'NoSuchUpload'), (response) => response.end());
    await complete();
    expect(stub().calls.map(({ method }) => method)).toEqual(['POST', 'HEAD']);
  });

  test('is lost where it is not', async () => {
    answering((response) => refuseAs(response, 404, 'NoSuchUpload'), (response) => response.writeHead(404).end());
    expect((await outcomeOf(complete)).name).toBe('PageBucketUnavailable');
  });
});

test('parts and objects have checksums', async () => {
  answering((response) => {
    response.setHeader('etag', '"e"');
    response.end('<InitiateMultipartUploadResult><UploadId>upload</UploadId></InitiateMultipartUploadResult>');
  });
  const store = open();
  await store.put('a', Buffer.from('a'));
  const uploadId = await store.startUpload('b');
  await store.uploadPart({ key: 'b', uploadId, number: 1, body: Buffer.from('b') });
  const [put, start, part] = stub().calls.map(({ headers }) => headers);
  expect([uploadId, start['x-amz-checksum-algorithm']]).toEqual(['upload', 'CRC32']);
  expect([put, part].map((headers) => headers['x-amz-checksum-crc32'])).toEqual([expect.any(String), expect.any(String)]);
});

test('a call ends with the time of the invocation also in the pause between two attempts', async () => {
  answering((response) => refuseAs(response, 503, 'SlowDown'));
  // Pauses after being refused for load come to several seconds.
  expect((await outcomeOf(() => open(1_900).put('a', Buffer.from('a')))).name).toBe('PageBucketUnavailable');
  expect(stub().calls.length).toBeLessThan(5);
});

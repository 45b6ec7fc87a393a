import fc from 'fast-check';
import { CALLBACK_URL, DeployedApi } from './deployed-api';
import { ApiAnswer, postUnsigned } from '../../local/client/api-client';
import { fcRuns, fcTimeout } from '../support/fc-runs';

const GOOD = { Query: 'SELECT 1', CallbackUrl: CALLBACK_URL };
const MEGABYTE = 1_048_576;

describe('a request', () => {
  let api: DeployedApi;

  beforeAll(async () => {
    api = await DeployedApi.start();
  });
  afterEach(() => api.assertNoFaults());
  afterAll(async () => api.close());

  /** Makes a request that must be refused in our own words, without a trace. */
  async function expectRefusal(request: () => Promise<ApiAnswer>, status: number, Code: string): Promise<void> {
    const before = await api.executions();
    const answer = await request();
    expect([answer.status, answer.body]).toEqual([status, { Code, Message: expect.stringMatching(/^[A-Z][\w ,:;.\-/]+\.$/) }]);
    expect(await api.executions()).toBe(before);
  }

  test('is accepted with the id that the callback carries, and nothing else', async () => {
    const { status, body } = await api.client.postJson(GOOD);
    expect(status).toBe(202);
    expect(body).toEqual({ QueryId: expect.stringMatching(/^[\da-f-]{36}$/) });
    const { callbacks: [callback] } = await api.ended(String(body.QueryId));
    expect(callback.body.QueryId).toBe(body.QueryId);
    expect(callback.headers['webhook-id']).toBe(body.QueryId);
  });

  test('runs a second query when it is repeated', async () => {
    const [first, second] = [await api.run('SELECT 1'), await api.run('SELECT 1')];
    expect(first.queryId).not.toBe(second.queryId);
    expect(first.callbacks[0].body.QueryExecutionId).not.toBe(second.callbacks[0].body.QueryExecutionId);
  });

  test('is refused without a signature', async () => {
    await expectRefusal(() => postUnsigned(api.url, GOOD, api.cloud.certificates.caPem), 403, 'Refused');
  });

  test('is refused with a wrong or an unknown key', async () => {
    const { analyst } = api;
    const wrong = api.clientOf({ ...analyst, secretAccessKey: `${analyst.secretAccessKey}x` });
    await expectRefusal(() => wrong.postJson(GOOD), 403, 'Refused');
    const unknown = api.clientOf({ ...analyst, accessKeyId: 'AKIAAAAAAAAAAAAAAAAA' });
    await expectRefusal(() => unknown.postJson(GOOD), 403, 'Refused');
  });

  test('is refused to a user who may not submit', async () => {
    const guest = api.clientOf(api.cloud.credentials.issueForUser(api.cloud.users.create('guest', [])));
    await expectRefusal(() => guest.postJson(GOOD), 403, 'AccessDenied');
  });

  test.each([
    ['no body', ''],
    ['no JSON', 'SELECT 1'],
    ['a list', '[]'],
    ['no members', '{}'],
    ['no CallbackUrl', '{"Query":"SELECT 1"}'],
    ['no Query', `{"CallbackUrl":"${CALLBACK_URL}"}`],
    ['another member', JSON.stringify({ ...GOOD, WorkGroup: 'primary' })],
    ['a Query that is a number', JSON.stringify({ ...GOOD, Query: 1 })],
    ['an empty Query', JSON.stringify({ ...GOOD, Query: '' })],
    ['a Query of 200,001 characters', JSON.stringify({ ...GOOD, Query: `SELECT '${'a'.repeat(199_992)}'` })],
    ['a CallbackUrl of 2,049 characters', JSON.stringify({ ...GOOD, CallbackUrl: CALLBACK_URL.padEnd(2_049, 'a') })],
    ...[
      'http://hooks.example.com/athena', 'https://user:pass@hooks.example.com/', 'https://hooks.example.com:8443/', 'https://169.254.169.254/latest',
      'https://[::1]/', 'https://2130706433/', 'https://localhost/', 'https://hooks.example.com/a b', 'https://hooks.example.com\\@evil.example/',
      'https://hooks.example.com/\n', 'hooks.example.com', 'file:///etc/passwd',
    ].map((CallbackUrl) => [`the CallbackUrl ${JSON.stringify(CallbackUrl)}`, JSON.stringify({ ...GOOD, CallbackUrl })]),
  ])('is refused with %s', async (_, body) => {
    // Each takes a token, and refused requests do not make time pass.
    await api.cloud.clock.sleep(1_000);
    await expectRefusal(() => api.client.post(body), 400, 'BadRequestBody');
  });

  test.each(['text/plain', 'application/x-amz-json-1.0', 'application/xml'])('is refused with the content type %s', async (contentType) => {
    // What passed through as it is would choose the state machine and its input.
    const body = JSON.stringify({ stateMachineArn: api.workflow, input: '{}' });
    await expectRefusal(() => api.client.post(body, contentType), 415, 'UnsupportedMediaType');
  });

  test('may hold 200,000 characters of SQL', async () => {
    const text = 'it is long '.repeat(20_000).slice(0, 200_000 - "SELECT '' AS x".length);
    const { callbacks: [callback] } = await api.run(`SELECT '${text}' AS x`);
    expect(await api.download(api.linkOf(callback))).toEqual({ status: 200, body: `"x"\n"${text}"\n` });
  });

  test.each([
    ['three bytes a character', '€'.repeat(90_000)],
    ['four bytes a character', '😀'.repeat(70_000)],
    ['quotes, which JSON escapes', '"'.repeat(140_000)],
    ['just above what the workflow can take', 'é'.repeat(114_700)],
  ])('is refused when its SQL is within 200,000 characters but too large in bytes: %s', async (_, text) => {
    await expectRefusal(() => api.client.postJson({ ...GOOD, Query: `SELECT '${text}'` }), 413, 'QueryTooLarge');
  });

  test('may hold as many bytes of SQL as fit, and the workflow has room for all it adds', async () => {
    const text = 'é'.repeat(113_500);
    const { callbacks: [callback], end } = await api.run(`SELECT '${text}' AS x`, CALLBACK_URL.padEnd(2_048, 'a'));
    expect(end.type).toBe('ExecutionSucceeded');
    expect(await api.download(api.linkOf(callback))).toEqual({ status: 200, body: `"x"\n"${text}"\n` });
  });

  test('is refused above 10 MiB', async () => {
    await expectRefusal(() => api.client.postJson({ ...GOOD, Query: 'a'.repeat(10 * MEGABYTE) }), 413, 'RequestTooLarge');
  });

  test('is refused when too many come at once, and accepted again a moment later', async () => {
    await api.cloud.clock.sleep(10_000);
    await api.cloud.clock.hold(async () => {
      for (let count = 0; count < 20; count++) expect((await api.client.post('{}')).status).toBe(400);
      await expectRefusal(() => api.client.postJson(GOOD), 429, 'Throttled');
    });
    await api.cloud.clock.sleep(100);
    const { end } = await api.run('SELECT 1');
    expect(end.type).toBe('ExecutionSucceeded');
  });

  test('brings any text to the engine and back, byte for byte', async () => {
    // SQL has no place for NUL.
    const anyCharacter = fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }).filter((character) => character !== '\0');
    const awkward = fc.constantFrom(
      "'", "''", '"', '\\', "\\'", '\\"', "\\\\'", '\n', '\r\n', '\t', '\b', '\f', '\x01', '\x1f', '\x7f', '\x85', '\u2028', '\u2029', '\ufeff',
      '😀', '👩‍👩‍👧', 'é', 'e\u0301', '$', '$x', '${x}', '$!{x}', '$$', '$.Query', '$input.body', '$util.escapeJavaScript("x")',
      '#', '##', '#set($a = 1)', '#if(true)', '#*', '*#', '#end', '@@', '--', '/*', '*/', ';', '?', '%', '{{', '}}', '\\u0027', '\\n', '&#39;',
      '<', '>', '=', '/', 'States.Format', '{}', '[]', ' ',
    );
    await fc.assert(fc.asyncProperty(fc.array(fc.oneof(awkward, anyCharacter), { maxLength: 30 }), async (parts) => {
      // The binding of the local engine loses a byte order mark at the beginning of a value: nothing of ours is to blame.
      const text = parts.join('').replace(/^\ufeff+/, '');
      const { callbacks: [callback] } = await api.run(`SELECT '${text.replaceAll("'", "''")}' AS x`);
      expect(callback.body.State.State).toBe('SUCCEEDED');
      const { body } = await api.download(api.linkOf(callback));
      expect(body).toBe(`"x"\n"${text.replaceAll('"', '""')}"\n`);
    }), { numRuns: fcRuns(150) });
  }, fcTimeout(150));
});

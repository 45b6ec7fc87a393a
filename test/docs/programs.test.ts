/** The programs that the pages show for callers and receivers, as they stand there: they call a deployed API, and verify what it sends. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { emptyFolder } from '../../projenrc/tools/repository';
import { headersOfTestVector, seedOfTestVector, TEST_VECTOR } from '../../projenrc/tools/tables/test-vector';
import { ED25519, publicKeyOf } from '../../src/async-athena-query-api/delivery/function/ed25519';
import { signatureHeaders } from '../../src/async-athena-query-api/delivery/function/signature';
import { DeployedApi } from '../end-to-end/deployed-api';
import { textOf } from '../support/doc-pages';
import { whyNoPython } from '../support/python';

const PAGES = ['docs/async-athena-query-api/http-api.md', 'docs/async-athena-query-api/callbacks.md'];

/** How long a program may hang. */
const TIMEOUT_MILLISECONDS = 120_000;

/** What receivers keep newest callbacks with is theirs: here it tells what it was given. */
const STUBS: Readonly<Record<string, string>> = {
  'keep-newest.mjs': 'export async function keepNewest(...kept) { globalThis.kept = kept; }',
  'keep_newest.py': 'kept = []\ndef keep_newest(*args):\n    kept.append(args)\n',
};

/** Programs by the name in their first line. */
const PROGRAMS: Readonly<Record<string, string>> = Object.fromEntries(PAGES.flatMap((page) => (
  [...textOf(page).matchAll(/^```(?:js|python)\n((?:\/\/|#) ([\w.-]+)\n.*?)^```$/gms)].map(([, text, name]) => [name, text]))));

interface Language {
  readonly name: string;
  readonly missing?: string;
  readonly command: readonly [command: string, ...args: string[]];
  /** Programs that print what a call of a function gives, with its arguments as JSON in the last argument. */
  readonly submitQuery: string;
  readonly lookAtQuery: string;
  readonly freshLink: string;
  readonly cancelQuery: string;
  readonly receive: string;
  readonly sign: string;
  readonly verify: string;
}

const LANGUAGES: readonly Language[] = [
  {
    name: 'Node.js',
    command: [process.execPath, '--input-type=module', '--eval'],
    submitQuery: callQueriesInNode('submitQuery'),
    lookAtQuery: callQueriesInNode('lookAtQuery'),
    freshLink: callQueriesInNode('freshLink'),
    cancelQuery: callQueriesInNode('cancelQuery'),
    receive: `import { handler } from './receiver.mjs';
      const answer = await handler(...JSON.parse(process.argv[1]));
      console.log(JSON.stringify({ ...answer, kept: globalThis.kept ?? null }));`,
    sign: "import { sign } from './sign.mjs'; console.log(JSON.stringify(sign(...JSON.parse(process.argv[1]))));",
    verify: "import { isGenuine } from './verify.mjs'; console.log(JSON.stringify(isGenuine(...JSON.parse(process.argv[1]))));",
  },
  {
    name: 'Python',
    missing: whyNoPython('botocore', 'cryptography', 'standardwebhooks'),
    command: ['python3', '-c'],
    submitQuery: callQueriesInPython('submit_query'),
    lookAtQuery: callQueriesInPython('look_at_query'),
    freshLink: callQueriesInPython('fresh_link'),
    cancelQuery: callQueriesInPython('cancel_query'),
    receive: `import json, sys; from receiver import handler; from keep_newest import kept
answer = handler(*json.loads(sys.argv[1]), None)
print(json.dumps({**answer, "kept": kept[0] if kept else None}))`,
    sign: 'import json, sys; from sign import sign; print(json.dumps(sign(*json.loads(sys.argv[1]))))',
    verify: 'import json, sys; from verify import is_genuine; print(json.dumps(is_genuine(*json.loads(sys.argv[1]))))',
  },
];

function callQueriesInNode(name: string): string {
  return `import { ${name} } from './queries.mjs'; console.log(JSON.stringify(await ${name}(...JSON.parse(process.argv[1]))));`;
}

function callQueriesInPython(name: string): string {
  return `import json, sys; from queries import ${name}; print(json.dumps(${name}(*json.loads(sys.argv[1]))))`;
}

test('the pages have these programs', () => {
  expect(Object.keys(PROGRAMS).sort()).toEqual([
    'keep-newest.mjs', 'queries.mjs', 'queries.py', 'receiver.mjs', 'receiver.py', 'sign.mjs', 'sign.py', 'verify.mjs', 'verify.py',
  ]);
});

describe.each(LANGUAGES)('in $name', ({ name, missing, command: [command, ...args], submitQuery, lookAtQuery, freshLink, cancelQuery, receive, sign, verify }) => {
  if (missing !== undefined) {
    process.stderr.write(`The programs in ${name} are skipped: ${missing}\n`);
    test.skip(`nothing is tried: ${missing}`, () => {});
    return;
  }

  const folder = emptyFolder(`programs-${name}`);
  const run = async (program: string, parameters: readonly unknown[], env: Readonly<Record<string, string>> = {}): Promise<unknown> => {
    const { stdout } = await promisify(execFile)(command, [...args, program, JSON.stringify(parameters)], {
      cwd: folder,
      env: { PATH: process.env.PATH, PYTHONPATH: [folder, process.env.PYTHONPATH].join(delimiter), PYTHONDONTWRITEBYTECODE: '1', ...env },
      timeout: TIMEOUT_MILLISECONDS,
    });
    return JSON.parse(stdout);
  };

  beforeAll(() => {
    for (const [file, text] of Object.entries({ ...PROGRAMS, ...STUBS })) writeFileSync(join(folder, file), text);
  });

  describe('against a deployed API', () => {
    let api: DeployedApi;
    let env: Readonly<Record<string, string>>;

    beforeAll(async () => {
      api = await DeployedApi.start();
      const authority = join(folder, 'authority.pem');
      writeFileSync(authority, api.cloud.certificates.caPem);
      const { accessKeyId, secretAccessKey, sessionToken } = api.analyst;
      env = {
        QUERIES_URL: api.url,
        AWS_REGION: api.cloud.environment.region,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        ...sessionToken !== undefined && { AWS_SESSION_TOKEN: sessionToken },
        NODE_EXTRA_CA_CERTS: authority,
        SSL_CERT_FILE: authority,
        NO_PROXY: '127.0.0.1',
      };
    });
    afterAll(async () => api.close());

    test('a caller submits a query, and a receiver takes its callback', async () => {
      const queryId = await run(submitQuery, ["SELECT 'it''s 5 €' AS answer", 'https://hooks.example.com/athena'], env);
      const { callbacks: [callback] } = await api.ended(String(queryId));
      expect(callback.body).toMatchObject({ QueryId: queryId, State: { State: 'SUCCEEDED' } });
      expect((await api.download(api.linkOf(callback))).body).toBe('"answer"\n"it\'s 5 €"\n');

      // In virtual time the callback may be of another hour than the receiver's.
      const secret = await api.signingSecret();
      const now = Math.floor(Date.now() / 1_000);
      const headers = signatureHeaders([Buffer.from(secret, 'base64')], String(queryId), now * 1_000, callback.rawBody);
      const event = { body: callback.rawBody, headers, isBase64Encoded: false };
      const received = await run(receive, [event], { SIGNING_SECRET: `whsec_${secret}` });
      expect(received).toEqual({ statusCode: 204, kept: [queryId, now, callback.body] });
    });

    test('a caller sends a request twice, looks at its query, and downloads its result by a fresh link', async () => {
      const request = ['SELECT 7 AS answer', 'https://hooks.example.com/athena', 'once-and-again'];
      const queryId = String(await run(submitQuery, request, env));
      const { callbacks } = await api.ended(queryId);
      await expect(run(submitQuery, request, env)).resolves.toBe(queryId);
      await expect(run(lookAtQuery, [queryId], env)).resolves.toMatchObject({ QueryId: queryId, State: 'SUCCEEDED', Delivery: 'DELIVERED' });
      const link = String(await run(freshLink, [queryId], env));
      expect(link).not.toBe(api.linkOf(callbacks[0]));
      expect(await api.download(link)).toEqual({ status: 200, body: '"answer"\n"7"\n' });
      expect(callbacks).toHaveLength(1);
      await expect(run(cancelQuery, [queryId], env)).rejects.toThrow(/409 QueryEnded: The query has ended/);
    });

    test('a caller cancels a query', async () => {
      api.cloud.athena.delayQueries({ queued: 600_000 });
      const queryId = await api.cloud.clock.pace(1, async () => {
        const waiting = api.next(({ type, details }) => type === 'WaitStateEntered' && details.state === 'Wait');
        const id = await run(submitQuery, ['SELECT 1', 'https://hooks.example.com/athena'], env);
        await waiting;
        await expect(run(cancelQuery, [id], env)).resolves.toEqual({ QueryId: id });
        return String(id);
      });
      api.cloud.athena.delayQueries({});
      const { callbacks } = await api.ended(queryId);
      expect(callbacks.map(({ body }) => body.State.State)).toEqual(['CANCELLED']);
    });

    test('a caller is told why a request is refused', async () => {
      await expect(run(submitQuery, ['SELECT 1', 'http://hooks.example.com/'], env)).rejects.toThrow(/400 BadRequestBody: The body must be/);
    });
  });

  describe('a receiver', () => {
    const { secret, queryId, body, seconds } = TEST_VECTOR;
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    const now = Date.now();
    const good = { body, headers: signatureHeaders([key], queryId, now, body), isBase64Encoded: false };
    const status = async (event: object): Promise<unknown> => run(receive, [event], { SIGNING_SECRET: secret });

    test('accepts what is signed with its secret, also in base64 and beside a signature of another secret', async () => {
      const accepted = { statusCode: 204, kept: [queryId, Math.floor(now / 1_000), JSON.parse(body)] };
      expect(await status(good)).toEqual(accepted);
      expect(await status({ ...good, body: Buffer.from(body).toString('base64'), isBase64Encoded: true })).toEqual(accepted);
      expect(await status({ ...good, headers: signatureHeaders([Buffer.alloc(32, 7), key], queryId, now, body) })).toEqual(accepted);
    });

    test.each<[string, object]>([
      ['another body', { ...good, body: body.replace('CANCELLED', 'SUCCEEDED') }],
      ['the same JSON in other bytes', { ...good, body: JSON.stringify(JSON.parse(body), undefined, 1) }],
      ['another secret', { ...good, headers: signatureHeaders([Buffer.alloc(32, 7)], queryId, now, body) }],
      ['a callback of more than five minutes ago', { ...good, headers: signatureHeaders([key], queryId, now - 10 * 60_000, body) }],
      ['bytes that are no text', { ...good, body: Buffer.from([0xff, 0xfe]).toString('base64'), isBase64Encoded: true }],
      ['no signature', { ...good, headers: {} }],
    ])('answers 401 to %s', async (_, event) => {
      expect(await status(event)).toEqual({ statusCode: 401, kept: null });
    });

    test('finds the signature of the test vector', async () => {
      expect(await run(sign, [secret, queryId, seconds, body])).toBe(headersOfTestVector()['webhook-signature']);
    });
  });

  describe('a receiver with public keys', () => {
    const { queryId, body } = TEST_VECTOR;
    const [seed, other] = [seedOfTestVector(), Buffer.alloc(32, 7)];
    const now = Date.now();
    const headers = signatureHeaders([seed], queryId, now, body, ED25519);

    test('accepts what one of its keys has signed, also beside a signature of another key', async () => {
      expect(await run(verify, [[publicKeyOf(seed)], headers, body])).toBe(true);
      const both = signatureHeaders([Buffer.alloc(32, 8), seed], queryId, now, body, ED25519);
      expect(await run(verify, [[publicKeyOf(other), publicKeyOf(seed)], both, body])).toBe(true);
    });

    test.each<[string, unknown[]]>([
      ['another body', [[publicKeyOf(seed)], headers, body.replace('CANCELLED', 'SUCCEEDED')]],
      ['another key', [[publicKeyOf(other)], headers, body]],
      ['a callback of more than five minutes ago', [[publicKeyOf(seed)], signatureHeaders([seed], queryId, now - 10 * 60_000, body, ED25519), body]],
      ['a signature with a shared secret', [[publicKeyOf(seed)], signatureHeaders([seed], queryId, now, body), body]],
      ['a signature that is none', [[publicKeyOf(seed)], { ...headers, 'webhook-signature': 'v1a,AAAA' }, body]],
      ['no headers', [[publicKeyOf(seed)], {}, body]],
    ])('refuses %s', async (_, parameters) => {
      expect(await run(verify, parameters)).toBe(false);
    });
  });
});

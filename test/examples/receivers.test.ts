/** The example receivers as processes, behind a host of the local cloud's internet that the delivery function calls back. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, RequestListener } from 'node:http';
import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { ReceiverCommand, ReceiverProcess } from './receiver-process';
import { Receiver } from '../../local/network/receiver';
import { emptyFolder, ROOT } from '../../projenrc/tools/repository';
import { AsyncAthenaQueryApi, QueryableData, SigningKeys } from '../../src';
import { ED25519 } from '../../src/async-athena-query-api/delivery/function/ed25519';
import { signatureHeaders } from '../../src/async-athena-query-api/delivery/function/signature';
import { DeployedApi } from '../end-to-end/deployed-api';
import { whyNoPython } from '../support/python';

const RECEIVERS = join(ROOT, 'examples/receivers');
const OTHER_KEY = Buffer.alloc(32, 7);

const LANGUAGES = [
  {
    language: 'TypeScript',
    address: '93.184.216.35',
    missing: undefined,
    command: process.execPath,
    args: ['--import', require.resolve('tsx'), join(RECEIVERS, 'typescript/receiver.ts')],
  },
  {
    language: 'Python',
    address: '93.184.216.36',
    missing: whyNoPython('botocore', 'cryptography', 'standardwebhooks'),
    command: 'python3',
    args: [join(RECEIVERS, 'python/receiver.py')],
  },
];

const hostOf = (language: string) => `${language.toLowerCase()}.example.com`;

let api: DeployedApi;
/** The same with a key in place of a secret. */
let keyed: DeployedApi;
let key: Buffer;

beforeAll(async () => {
  api = await DeployedApi.start({
    cloud: { hosts: LANGUAGES.map(({ language }) => hostOf(language)) },
    queries: () => ({ linkExpiry: Duration.minutes(1) }),
    customise: (stack) => {
      const queries = new AsyncAthenaQueryApi(stack, 'Keyed', {
        database: stack.database.ref,
        queryableData: [QueryableData.glueTables({ database: stack.database.ref, tables: ['trips'], bucket: stack.data, prefix: 'trips/' })],
        signingKeys: SigningKeys.ed25519(),
      });
      queries.grantInvoke(stack.analysts);
      stack.exportValue(queries.queriesUrl, { name: 'KeyedUrl' });
      stack.exportValue(queries.signingKeysUrl, { name: 'SigningKeysUrl' });
    },
  });
  keyed = api.sibling('Keyed', 'ExportKeyedUrl');
  key = Buffer.from(await api.signingSecret(), 'base64');
});
afterAll(async () => {
  api.assertNoFaults();
  await api.close();
});

test('the receiver in TypeScript names versions of the packages that it is tried with', () => {
  const read = (path: string) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
  const named: Record<string, string> = read('examples/receivers/typescript/package.json').dependencies;
  const major = (version: string) => Number(version.split('.')[0]);
  const tried = Object.keys(named).map((name) => [name, major(read(`node_modules/${name}/package.json`).version)]);
  expect(Object.entries(named).map(([name, version]) => [name, major(version)])).toEqual(tried);
});

describe.each(LANGUAGES)('the receiver in $language', ({ language, address, missing, command, args }) => {
  if (missing !== undefined) {
    process.stderr.write(`The receiver in ${language} is skipped: ${missing}\n`);
    test.skip(`nothing is tried: ${missing}`, () => {});
    return;
  }

  const folder = emptyFolder(`receiver-${language}`);
  const callbackUrl = `https://${hostOf(language)}/athena`;
  let options: ReceiverCommand;
  let receiver: ReceiverProcess;
  let front: Receiver;
  let number = 0;

  beforeAll(async () => {
    const authority = join(folder, 'authority.pem');
    writeFileSync(authority, api.cloud.certificates.caPem);
    const { accessKeyId, secretAccessKey } = api.analyst;
    options = {
      command,
      args,
      folder,
      env: {
        PATH: process.env.PATH,
        QUERIES_URL: api.url,
        AWS_REGION: api.cloud.environment.region,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        SIGNING_SECRET: await api.signingSecret(),
        SIGNING_KEYS_URL: api.deployment.localUrl('ExportSigningKeysUrl'),
        NODE_EXTRA_CA_CERTS: authority,
        SSL_CERT_FILE: authority,
        NO_PROXY: '127.0.0.1',
        PYTHONDONTWRITEBYTECODE: '1',
      },
    };
    receiver = await ReceiverProcess.start(options);
    // What stands before it in production: it has the certificate.
    front = await Receiver.start({
      ...api.cloud.certificates,
      script: async ({ body, headers }) => {
        const signed = Object.entries(headers).filter(([name]) => name.startsWith('webhook-')).map(([name, value]) => [name, String(value)]);
        return { status: await receiver.post(body, Object.fromEntries(signed)) };
      },
    });
    api.cloud.connectHost(hostOf(language), { addresses: [address], connectTo: front.connectTo });
  });
  afterAll(async () => {
    await receiver?.kill();
    await front?.close();
  });

  /** Runs a query up to the end of its delivery; answers with what the receiver got. */
  async function delivered(asked: DeployedApi, sql: string): Promise<{ queryId: string; body: string; headers: Record<string, string> }> {
    const queryId = await asked.submit(sql, callbackUrl);
    expect((await asked.ended(queryId)).end.type).toBe('ExecutionSucceeded');
    const [request] = front.requests.filter(({ headers }) => headers['webhook-id'] === queryId);
    const headers = Object.entries(request.headers).filter(([name]) => name.startsWith('webhook-')).map(([name, value]) => [name, String(value)]);
    return { queryId, body: request.body, headers: Object.fromEntries(headers) };
  }

  /** The files that it has of a query, by name. */
  function filesOf(queryId: string): Record<string, string> {
    const results = join(folder, 'results', queryId);
    return Object.fromEntries(readdirSync(results).map((name) => [name, readFileSync(join(results, name), 'utf8')]));
  }

  /** Posts a callback that is signed now, with an id of its own. */
  async function post(callback: object, id = `id-${++number}`): Promise<string> {
    const body = JSON.stringify(callback);
    expect(await receiver.post(body, signatureHeaders([key], id, Date.now(), body))).toBe(204);
    return id;
  }

  /** A host that links can lead to. */
  async function withHost<T>(listener: RequestListener, use: (url: string) => Promise<T>): Promise<T> {
    const server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const local = server.address();
      if (local === null || typeof local === 'string') throw new Error('The server has no port');
      return await use(`http://127.0.0.1:${local.port}`);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  test('downloads the result of a callback that is signed with the secret', async () => {
    const { queryId } = await delivered(api, "SELECT 'it''s 5 €' AS answer");
    await receiver.said(new RegExp(`^${queryId}: saved 1 file`));
    expect(Object.values(filesOf(queryId))).toEqual(['"answer"\n"it\'s 5 €"\n']);
    expect(Object.keys(filesOf(queryId))).toEqual([expect.stringMatching(/^1-[\w-]+\.csv$/)]);
  });

  test('downloads the result of a callback that is signed by the key, of which it knows the address', async () => {
    const { queryId } = await delivered(keyed, 'SELECT count(*) AS trips FROM trips');
    await receiver.said(new RegExp(`^${queryId}: saved 1 file`));
    expect(Object.values(filesOf(queryId))).toEqual(['"trips"\n"3"\n']);
  });

  test('takes a callback without a result, and says what became of the query', async () => {
    const { queryId } = await delivered(api, 'SELECT nothing FROM trips');
    await expect(receiver.said(new RegExp(`^${queryId}:`))).resolves.toMatch(/: FAILED, .*nothing/);
  });

  test('drops repeats, also those of one moment', async () => {
    const { queryId, body, headers } = await delivered(api, 'SELECT 1 AS one');
    await receiver.said(new RegExp(`^${queryId}: saved`));
    expect(await receiver.post(body, headers)).toBe(204);
    await receiver.said(new RegExp(`^${queryId}: a repeat, dropped`));

    const id = `id-${++number}`;
    const callback = { QueryId: 'together', State: { State: 'CANCELLED' } };
    await Promise.all(Array.from({ length: 8 }, async () => post(callback, id)));
    await receiver.said(new RegExp(`^${id}: CANCELLED`));
    const later = await post(callback);
    await receiver.said(new RegExp(`^${later}: CANCELLED`));
    const said = receiver.lines.filter((line) => line.startsWith(`${id}:`)).sort();
    expect(said).toEqual([`${id}: CANCELLED, without a result`, ...Array.from({ length: 7 }, () => `${id}: a repeat, dropped`)]);
  });

  test('refuses what is forged or old, and keeps nothing of it', async () => {
    const { queryId, body } = await delivered(api, 'SELECT 2 AS two');
    const id = `id-${++number}`;
    const now = Date.now();
    const good = signatureHeaders([key], id, now, body);
    const forged: Record<string, readonly [string, Record<string, string>]> = {
      'another secret': [body, signatureHeaders([OTHER_KEY], id, now, body)],
      'another key': [body, signatureHeaders([OTHER_KEY], id, now, body, ED25519)],
      'another body': [body.replace('SUCCEEDED', 'CANCELLED'), good],
      'another id': [body, { ...good, 'webhook-id': `${id}0` }],
      'another time': [body, { ...good, 'webhook-timestamp': String(Number(good['webhook-timestamp']) + 1) }],
      'a callback of ten minutes ago': [body, signatureHeaders([key], id, now - 600_000, body)],
      'a callback of the future': [body, signatureHeaders([key], id, now + 600_000, body)],
      'no signature': [body, {}],
      'no signature in the header': [body, { ...good, 'webhook-signature': 'v1 v1a,AAAA' }],
    };
    const answers = await Promise.all(Object.entries(forged).map(async ([name, request]) => [name, await receiver.post(...request)]));
    expect(answers).toEqual(Object.keys(forged).map((name) => [name, 401]));

    // Nothing is kept under these ids, so what is genuine is new.
    expect(receiver.lines.filter((line) => line.startsWith(id))).toEqual([]);
    expect(await receiver.post(body, good)).toBe(204);
    await receiver.said(new RegExp(`^${id}: saved 1 file`));
    expect(receiver.lines.filter((line) => line.startsWith(id))).toHaveLength(1);
    expect(Object.values(filesOf(queryId))).toEqual(['"two"\n"2"\n']);
  });

  test('asks for a fresh link when the one of the callback has expired', async () => {
    const queryId = await api.submit('SELECT 3 AS three');
    const { callbacks: [callback] } = await api.ended(queryId);
    await api.cloud.clock.sleep(90_000);
    expect((await api.download(api.linkOf(callback))).status).toBe(403);
    const id = await post(callback.body);
    await receiver.said(new RegExp(`^${id}: saved 1 file`));
    expect(Object.values(filesOf(queryId))).toEqual(['"three"\n"3"\n']);
  });

  test('does not use a link after its time, nor what came before a connection broke', async () => {
    const queryId = await api.submit('SELECT 4 AS four');
    const { callbacks: [{ body }] } = await api.ended(queryId);
    let asked = 0;
    await withHost((_, response) => {
      asked += 1;
      response.writeHead(200, { 'content-length': 100 }).write('"half of it', () => response.destroy());
    }, async (url) => {
      const result = (ExpiresAt: number) => ({ ...body, QueryResult: { PresignedUrl: `${url}/x.csv`, ExpiredIn: 3_600, ExpiresAt } });
      const old = await post(result(Date.now() - 1_000));
      await receiver.said(new RegExp(`^${old}: saved 1 file`));
      expect(asked).toBe(0);
      const broken = await post({ ...result(Date.now() + 3_600_000) });
      await receiver.said(new RegExp(`^${broken}: saved 1 file`));
      expect(asked).toBe(1);
    });
    const files = Object.entries(filesOf(queryId)).filter(([name]) => !name.endsWith('.part'));
    expect(files.map(([, text]) => text)).toEqual(['"four"\n"4"\n']);
  });

  test('gives up where there is no result any more', async () => {
    const id = await post({ QueryId: 'no-such-query', State: { State: 'SUCCEEDED' }, QueryResult: { PresignedUrl: 'https://127.0.0.1/', ExpiresAt: 0 } });
    await receiver.said(new RegExp(`^${id}: the API answered 404 NoSuchQuery`));
  });

  test('downloads every file of a list', async () => {
    await withHost((request, response) => response.end(`content of ${request.url}`), async (url) => {
      const Files = ['/a/x.parquet', '/b/x.parquet', '/y.parquet?X-Amz-Signature=z'].map((path) => ({ PresignedUrl: url + path, SizeInBytes: 1 }));
      const id = await post({ QueryId: 'files', State: { State: 'SUCCEEDED' }, QueryResult: { Files, FileCount: 3, ExpiresAt: Date.now() + 3_600_000 } });
      await receiver.said(new RegExp(`^${id}: saved 3 file`));
    });
    expect(filesOf('files')).toEqual({
      '1-x.parquet': 'content of /a/x.parquet',
      '2-x.parquet': 'content of /b/x.parquet',
      '3-y.parquet': 'content of /y.parquet?X-Amz-Signature=z',
    });
  });

  test('takes a list without a link', async () => {
    const id = await post({ QueryId: 'nothing', State: { State: 'SUCCEEDED' }, QueryResult: { Files: [], FileCount: 0 } });
    await receiver.said(new RegExp(`^${id}: saved 0 file`));
  });

  test('goes on after its end with what it has accepted', async () => {
    let restarted = false;
    let reached = () => {};
    const hangs = new Promise<void>((resolve) => {
      reached = resolve;
    });
    await withHost((_, response) => (restarted ? void response.end('late') : reached()), async (url) => {
      const id = await post({ QueryId: 'late', State: { State: 'SUCCEEDED' }, QueryResult: { PresignedUrl: `${url}/l.csv`, ExpiresAt: Date.now() + 3_600_000 } });
      await hangs;
      await receiver.kill();
      restarted = true;
      receiver = await ReceiverProcess.start(options);
      await receiver.said(new RegExp(`^${id}: saved 1 file`));
      expect(receiver.lines.filter((line) => !line.startsWith(id))).toEqual([expect.stringMatching(/^listening/)]);
      await post({ QueryId: 'late', State: { State: 'SUCCEEDED' } }, id);
      await receiver.said(new RegExp(`^${id}: a repeat, dropped`));
    });
    expect(filesOf('late')).toEqual({ '1-l.csv': 'late' });
  });
});

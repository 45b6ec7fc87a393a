/** The functions of docs/paged-batch-etl/page-transport.md that read a large item, as they stand there, against something that answers ranges as S3 does. */
import { execFile, execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { emptyFolder } from '../../projenrc/tools/repository';
import { textOf } from '../support/doc-pages';

const PAGE = 'docs/paged-batch-etl/page-transport.md';

/** How long a program may hang. */
const TIMEOUT_MILLISECONDS = 120_000;

const PROGRAMS: Readonly<Record<string, string>> = Object.fromEntries(
  [...textOf(PAGE).matchAll(/^```(?:js|python)\n((?:\/\/|#) ([\w.-]+)\n.*?)^```$/gms)].map(([, text, name]) => [name, text]));

const ITEM = { _id: 7, text: 'größer als eine Zeile' };
const TEXT = Buffer.from(JSON.stringify(ITEM));
const OBJECT = Buffer.concat([Buffer.from('{"before":"…"}'), TEXT, Buffer.from('{"after":1}')]);
const LARGE = {
  itemIdentifier: '7',
  idempotencyKey: 'k',
  itemAt: { Bucket: 'bucket', Key: 'pages/a.jsonl.items', Offset: Buffer.byteLength('{"before":"…"}'), Length: TEXT.length },
};

interface Language {
  readonly name: string;
  readonly file: string;
  readonly command: readonly [command: string, ...args: string[]];
  /** A program that prints the item of an entry, which is JSON in the last argument. */
  readonly program: string;
  readonly missing?: string;
}

const LANGUAGES: readonly Language[] = [
  {
    name: 'JavaScript',
    file: 'item-of.mjs',
    command: [process.execPath, '--input-type=module', '--eval'],
    program: "import { itemOf } from './item-of.mjs'; console.log(JSON.stringify(await itemOf(JSON.parse(process.argv[1]))));",
  },
  {
    name: 'Python',
    file: 'item_of.py',
    command: ['python3', '-c'],
    program: 'import json, sys; from item_of import item_of; print(json.dumps(item_of(json.loads(sys.argv[1]))))',
    missing: whyNoBoto(),
  },
];

function whyNoBoto(): string | undefined {
  try {
    execFileSync('python3', ['-c', 'import boto3'], { stdio: 'pipe' });
    return undefined;
  } catch {
    return 'there is no Python with boto3';
  }
}

let server: Server;
const asked: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    asked.push(String(request.url).replace(/\?.*/, ''));
    const part = OBJECT.subarray(Number(first), Number(last) + 1);
    response.writeHead(206, { 'content-range': `bytes ${first}-${last}/${OBJECT.length}`, 'content-length': part.length });
    response.end(part);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
});
afterAll(async () => new Promise((resolve) => server.close(resolve)));

test('the page has these programs', () => {
  expect(Object.keys(PROGRAMS)).toEqual(LANGUAGES.map(({ file }) => file));
});

describe.each(LANGUAGES)('$name', ({ name, file, command: [command, ...args], program, missing }) => {
  if (missing !== undefined) process.stderr.write(`The program in ${name} is skipped: ${missing}\n`);
  const run = missing === undefined ? test : test.skip;

  const itemOf = async (entry: object): Promise<unknown> => {
    const folder = emptyFolder(`item-of-${name}`);
    writeFileSync(join(folder, file), PROGRAMS[file]);
    const port = (server.address() as AddressInfo).port;
    const env = {
      ...process.env,
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
    };
    const options = { cwd: folder, env, timeout: TIMEOUT_MILLISECONDS };
    const { stdout } = await promisify(execFile)(command, [...args, program, JSON.stringify(entry)], options);
    return JSON.parse(stdout);
  };

  run('an item that stands in its entry is taken from there', async () => {
    expect(await itemOf({ item: { a: 1 } })).toEqual({ a: 1 });
  }, TIMEOUT_MILLISECONDS);

  run('a large one is read from S3, and only its bytes', async () => {
    asked.length = 0;
    expect(await itemOf(LARGE)).toEqual(ITEM);
    expect(asked).toEqual(['/bucket/pages/a.jsonl.items']);
  }, TIMEOUT_MILLISECONDS);
});

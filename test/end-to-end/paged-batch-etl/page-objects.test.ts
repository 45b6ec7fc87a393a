/** Pages that travel through S3: every item is processed under one key, whatever is killed, stopped or redriven, with exactly the rights of the roles. */
import { join } from 'node:path';
import { Duration, Size } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { DeployedEtl, Filled, OWN_SERVER } from './deployed-etl';
import { JobsStack, PROCESS } from './jobs-stack';
import { TEST_HOST } from './remote-functions';
import { ServiceError } from '../../../local/aws/service';
import { memberOf } from '../../../local/json';
import { ItemProcessor, PagedBatchEtlErrors as Errors, PageSource, PageTransport, RunContinuation } from '../../../src';
import { defaultRuntime } from '../../../src/private/synth/node-runtime';
import { describeWhereMongo } from '../../support/mongo';
import { needlessPermissions } from '../permission-removal';

/** Of 100 KB each, so that nine or ten of them are a page of 1 MiB. */
const ITEMS = 24;
const PAGES = 3;
const TEXT = `${'ä'.repeat(10_000)}${'x'.repeat(80_000)}`;

/** A function that reads large items where they are. */
const LARGE = 'Large';

const SOURCE = 'Fetch';

const succeeded = { status: 'SUCCEEDED', output: { items: ITEMS, pages: PAGES } };

const options = (deletePages = false) => ({
  transport: PageTransport.s3({ maxPageBytes: Size.mebibytes(1), deletePages }),
  continuation: RunContinuation.supervised({ pagesPerSegment: 2 }),
});

function largeItems(stack: JobsStack): LambdaFunction {
  return new LambdaFunction(stack, LARGE, {
    runtime: defaultRuntime(),
    handler: 'index.handler',
    code: Code.fromAsset(join(__dirname, 'relay-objects')),
    timeout: Duration.seconds(30),
    environment: { TEST_URL: `https://${TEST_HOST}/${LARGE}` },
  });
}

function define(stack: JobsStack): void {
  const handler = stack.relay(PROCESS);
  stack.etl('Batches', { ...options(true), processor: ItemProcessor.perBatch({ handler }), encryptionKey: new Key(stack, 'Key') });
  stack.etl('Items', { ...options(), processor: ItemProcessor.perItem({ handler }) });
  stack.etl('Machines', { ...options(), processor: ItemProcessor.stateMachine({ stateMachine: stack.relayMachine(PROCESS) }) });
  const reader = largeItems(stack);
  stack.etl('Documents', { ...options(), processor: ItemProcessor.perItem({ handler: reader }), encryptionKey: new Key(stack, 'DocumentsKey') }).grantReadPages(reader);
  stack.etl('Custom', { ...options(), source: PageSource.custom({ handler: stack.relay(SOURCE) }), parameters: {}, processor: ItemProcessor.perItem({ handler }) });
}

describeWhereMongo('pages that travel through S3', () => {
  let etl: DeployedEtl;
  let filled: Filled;
  beforeAll(async () => {
    etl = await DeployedEtl.start({ define });
    filled = await etl.fill(Array.from({ length: ITEMS }, (_, number) => ({ number, text: TEXT })));
  });
  beforeEach(() => {
    etl.functions.reset();
    etl.cloud.s3.duringWrite = undefined;
  });
  afterEach(() => etl.assertNoFaults());
  afterAll(async () => etl?.close());

  const bucketOf = (construct: string) => etl.physicalId('AWS::S3::Bucket', `${construct}Pages`);

  /** Keys of the objects that a run left, by the end of their names. */
  async function keysOf(construct: string, arn: string, end: string): Promise<string[]> {
    const folder = `pages/${arn.slice(arn.lastIndexOf(':') + 1)}/`;
    const objects = etl.cloud.s3.store.bucket(bucketOf(construct))?.list(folder) ?? [];
    return objects.map(({ key }) => key).filter((key) => key.endsWith(end) && !key.includes('/results/'));
  }

  /** Everything was processed, each item under one key; answers how often each was. */
  function expectComplete(items = etl.processed(), identifiers: readonly string[] = filled.identifiers): Map<string, number> {
    const keys = new Map<string, Set<string>>();
    const counts = new Map<string, number>();
    for (const { itemIdentifier, idempotencyKey } of items) {
      keys.set(itemIdentifier, (keys.get(itemIdentifier) ?? new Set()).add(idempotencyKey));
      counts.set(itemIdentifier, (counts.get(itemIdentifier) ?? 0) + 1);
    }
    expect(new Set(keys.keys())).toEqual(new Set(identifiers));
    for (const each of keys.values()) expect(each.size).toBe(1);
    return counts;
  }

  /** Does something in the middle of the first write of a record. */
  function duringCommit(work: () => Promise<void>): void {
    let isFirst = true;
    etl.cloud.s3.duringWrite = async ({ key }) => {
      if (!isFirst || !key.endsWith('/page.json')) return;
      isFirst = false;
      await work();
    };
  }

  const killSource = async (construct: string) => etl.cloud.lambda.killProcesses(etl.physicalId('AWS::Lambda::Function', `${construct}Source`));

  describe.each(['Batches', 'Items', 'Machines'])('%s', (construct) => {
    test('processes every item once', async () => {
      const run = await etl.run(construct, filled.input);
      expect(run).toMatchObject(succeeded);
      expect([...expectComplete().values()]).toEqual(Array.from({ length: ITEMS }, () => 1));
      // A machine's input comes back with its output, so less fits into it.
      const text = construct === 'Machines' ? undefined : TEXT;
      expect(etl.processed().map(({ item }) => memberOf(item, 'text'))).toEqual(Array.from({ length: ITEMS }, () => text));
      const left = construct === 'Batches' ? 0 : PAGES;
      expect((await Promise.all(['/page.json', '.index.jsonl'].map(async (end) => keysOf(construct, run.arn, end)))).map(({ length }) => length)).toEqual([left, left]);
    });

    test.each([['before', 1], ['after', 0]])('reads on where the source function is killed just %s its page is fixed', async (when, reads) => {
      duringCommit(async () => {
        await killSource(construct);
        if (when === 'before') throw new ServiceError('InternalError', 'the connection is gone', 500);
      });
      const run = await etl.run(construct, filled.input);
      expect(run).toMatchObject(succeeded);
      expect(etl.errorsOf(run)).toHaveLength(1);
      expectComplete();
      const log = etl.cloud.logs.lines(etl.sourceLog(construct)).map(({ message }) => message);
      const lines = log.filter((line) => line.includes(run.arn)).map((line) => JSON.parse(line));
      expect(lines.filter(({ Outcome }) => Outcome === 'ReadBefore')).toHaveLength(1 - reads);
      expect(lines.filter(({ Outcome }) => Outcome === 'Read')).toHaveLength(PAGES - 1 + reads);
    });

    test('goes on with the same pages after the run was stopped and redriven, whatever has changed in the collection meanwhile', async () => {
      let arn = '';
      let isStopped = false;
      etl.functions.behave(PROCESS, async ({ run }) => {
        if (memberOf(run, 'page') !== 1 || isStopped) return null;
        isStopped = true;
        await etl.stop(arn);
        return null;
      });
      arn = await etl.start(construct, filled.input);
      const stopped = await etl.ended(arn);
      expect(stopped.status).toBe('ABORTED');
      const before = await keysOf(construct, arn, '.jsonl');
      // What is in the first page is gone for a reader, but not for the run; unless its page is, which the segment that was stopped had processed.
      const isGone = construct === 'Batches';
      const { jobs } = etl;
      const [first] = await jobs.find({ runDate: { $gte: new Date(filled.begin) } }).sort({ runDate: 1, _id: 1 }).limit(1).toArray();
      await jobs.deleteOne({ _id: first._id });
      try {
        await expect(etl.redrive(stopped)).resolves.toMatchObject({ status: 'SUCCEEDED', output: { items: isGone ? ITEMS - 1 : ITEMS } });
      } finally {
        await jobs.insertOne(first);
      }
      expectComplete();
      if (!isGone) expect((await keysOf(construct, arn, '.jsonl')).filter((key) => before.includes(key))).toEqual(before);
    });
  });

  test('a large document is read by the processor where it is, with the rights of grantReadPages', async () => {
    const large = await etl.fill([{ text: 'small' }, { text: 'ü'.repeat(150_000) }, { text: 'small' }, { text: 'x'.repeat(3_000_000) }]);
    const run = await etl.run('Documents', large.input);
    expect(run).toMatchObject({ status: 'SUCCEEDED', output: { items: 4 } });
    expectComplete(etl.processed(LARGE), large.identifiers);
    const texts = new Map(etl.functions.calls(LARGE).map((call) => [String(call.itemIdentifier), [String(memberOf(call.item, 'text')).length, call.isLarge]]));
    expect(large.identifiers.map((identifier) => texts.get(identifier))).toEqual([[5, false], [150_000, true], [5, false], [3_000_000, true]]);
  });

  test('a custom source fills pages with one answer after another', async () => {
    etl.functions.behave(SOURCE, ({ cursor }) => {
      const page = Number(cursor ?? 0);
      return { items: [0, 1, 2].map((n) => ({ itemIdentifier: `${page}-${n}`, item: { page } })), cursor: `${page + 1}`, done: page === 4 };
    });
    const run = await etl.run('Custom', {});
    expect(run).toMatchObject({ status: 'SUCCEEDED', output: { items: 15, pages: 1 } });
    expectComplete(etl.processed(), Array.from({ length: 15 }, (_, n) => `${Math.floor(n / 3)}-${n % 3}`));
    expect(etl.functions.calls(SOURCE).map(({ cursor }) => cursor)).toEqual([null, '1', '2', '3', '4']);
  });

  test('a bucket that refuses fails the run by name, and a redrive goes on when it does not anymore', async () => {
    const [role] = etl.cloud.roles.list().filter(({ name }) => name.includes('ItemsSourceRole'));
    const policy = (Statement: { [key: string]: string }[]) => etl.cloud.roles.putInlinePolicy(role.name, { name: 'Broken', document: { Version: '2012-10-17', Statement } });
    policy([{ Effect: 'Deny', Action: 's3:PutObject', Resource: '*' }]);
    const failed = await etl.run('Items', filled.input);
    policy([]);
    expect(failed).toMatchObject({ status: 'FAILED', failure: { name: Errors.PAGE_BUCKET_REFUSED, message: expect.stringContaining('AccessDenied') } });
    await expect(etl.redrive(failed)).resolves.toMatchObject(succeeded);
    expectComplete();
  });

  test('the source function needs each right that a run without trouble shows', async () => {
    const tried: string[] = [];
    const needless = await needlessPermissions({
      cloud: etl.cloud,
      roles: etl.cloud.roles.list().filter(({ name }) => name.includes('BatchesSourceRole')),
      // What is deleted or aborted is that of attempts that were outrun, and only a second attempt reads what is encrypted.
      observable: (action) => /^(?:s3:(?!Delete|Abort)|kms:GenerateDataKey)/.test(action),
      works: async (action) => {
        tried.push(action);
        return (await etl.run('Batches', filled.input).catch(() => undefined))?.status === 'SUCCEEDED';
      },
    });
    expect(tried.sort()).toEqual(['kms:GenerateDataKey', 's3:GetObject', 's3:ListBucket', 's3:PutObject']);
    expect(needless).toEqual([]);
  });
}, OWN_SERVER);

/** Runs that keep a ledger: a real table behind its door, written by the deployed function, and each right of that function. */
import { Duration } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { DeployedEtl, Filled, OWN_SERVER } from './deployed-etl';
import { PROCESS } from './jobs-stack';
import { isObject, JsonValue, memberOf } from '../../../local/json';
import { Partitions, RunContinuation, RunLedger, WhenLocked } from '../../../src';
import { describeWhereMongo } from '../../support/mongo';
import { needlessPermissions } from '../permission-removal';

const HOUR = 3_600_000;
const constructs = ['Kept', 'Divided'] as const;

describeWhereMongo('a PagedBatchEtl with a ledger', () => {
  let etl: DeployedEtl;
  let filled: Filled;
  beforeAll(async () => {
    etl = await DeployedEtl.start({
      define: (stack) => {
        const continuation = RunContinuation.supervised({ pagesPerSegment: 2, outageTolerance: Duration.seconds(0) });
        stack.etl('Kept', { batchSize: 2, continuation, ledger: RunLedger.table(), encryptionKey: new Key(stack, 'Key') });
        // In the same table, and yet windows of its own.
        const table = stack.etl('Owner', { ledger: RunLedger.table() }).ledgerTable;
        stack.etl('Divided', { batchSize: 2, continuation, partitions: Partitions.ofTime({ workers: 2 }), ledger: RunLedger.table({ table, whenLocked: WhenLocked.SKIP }) });
      },
    });
    filled = await etl.fill(Array.from({ length: 10 }, () => ({})));
  });
  beforeEach(() => etl.functions.reset());
  afterEach(() => etl.assertNoFaults());
  afterAll(async () => etl?.close());

  /** Items of a table, by their sort keys: those of the run, and that of its window. */
  async function itemsOf(construct: 'Kept' | 'Owner', run: string): Promise<ReadonlyMap<string, JsonValue>> {
    const TableName = etl.physicalId('AWS::DynamoDB::Table', `${construct}Ledger`);
    const { Items } = await etl.cloud.dynamoDb.call('Scan', { TableName }, etl.administrator);
    const ours = (Array.isArray(Items) ? Items : []).filter((item) => JSON.stringify(item).includes(run));
    return new Map(ours.map((item) => [String(memberOf(memberOf(item, 'sk'), 'S')), item]));
  }

  test.each(constructs)('%s: everything is processed once, and the table says so', async (construct) => {
    const run = await etl.run(construct, filled.input);
    expect(run).toMatchObject({ status: 'SUCCEEDED', output: { items: 10 } });
    expect(etl.processed().map(({ itemIdentifier }) => itemIdentifier).sort()).toEqual([...filled.identifiers].sort());
    const items = await itemsOf(construct === 'Kept' ? 'Kept' : 'Owner', run.arn);
    expect(items.get('RUN')).toMatchObject({ status: { S: 'SUCCEEDED' }, items: { N: '10' }, expectedItems: { N: '10' }, expiresAt: { N: expect.any(String) } });
    expect(items.get('WINDOW')).toMatchObject({ status: { S: 'SUCCEEDED' }, lastRun: { S: run.arn } });
    expect(isObject(items.get('RANGE#0000'))).toBe(true);
  });

  test.each(constructs)('%s: while a run is underway, another one reads nothing', async (construct) => {
    let second: Promise<unknown> | undefined;
    etl.functions.behave(PROCESS, async () => {
      second ??= etl.run(construct, filled.input);
      await second;
      return null;
    });
    const first = await etl.run(construct, filled.input);
    expect(first.status).toBe('SUCCEEDED');
    expect(await second).toMatchObject(construct === 'Kept'
      ? { status: 'FAILED', error: 'RunLocked' }
      : { status: 'SUCCEEDED', output: { items: 0, pages: 0, segments: 0, skipped: true } });
    expect(new Set(etl.processed().map(({ idempotencyKey }) => idempotencyKey)).size).toBe(10);
  });

  /** Whether a run takes the window of one that was stopped, whose redrive then does nothing. */
  async function takesOver(): Promise<boolean> {
    let first = '';
    etl.functions.behave(PROCESS, async ({ run }) => {
      if (memberOf(run, 'id') === first) await etl.stop(first);
      return null;
    });
    first = await etl.start('Kept', filled.input);
    const stopped = await etl.ended(first);
    etl.functions.behave(PROCESS, () => null);
    const second = await etl.run('Kept', filled.input);
    const again = await etl.redrive(stopped);
    return second.status === 'SUCCEEDED' && again.failure?.name === 'LockLost';
  }

  test('a stopped run loses its window after five minutes', async () => {
    expect(await takesOver()).toBe(true);
  });

  async function logs(): Promise<boolean> {
    const lines = () => etl.cloud.logs.lines(etl.physicalId('AWS::Logs::LogGroup', 'KeptLedgerKeeperLogs')).length;
    const before = lines();
    await etl.run('Kept', filled.input);
    return lines() > before;
  }

  test('the function has the rights that it needs, and no other', async () => {
    const tried: string[] = [];
    const needless = await needlessPermissions({
      cloud: etl.cloud,
      roles: etl.cloud.roles.list().filter(({ name }) => /KeptLedgerKeeperRole/.test(name)),
      observable: () => true,
      works: async (action) => {
        tried.push(action);
        // A process of the function keeps its session and its log.
        await etl.cloud.clock.sleep(2 * HOUR);
        const works = action.startsWith('logs:') ? logs : takesOver;
        return works().catch(() => false);
      },
    });
    expect(needless).toEqual([]);
    expect(tried.sort()).toEqual([
      'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem', 'kms:Decrypt', 'logs:CreateLogStream', 'logs:PutLogEvents', 'states:DescribeExecution',
    ]);
    await etl.cloud.clock.sleep(2 * HOUR);
    expect(await takesOver()).toBe(true);
  });
}, OWN_SERVER);

/** Backfills: windows of a real server, each by a run of its own. */
import { Duration } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { DeployedEtl, OWN_SERVER, Run } from './deployed-etl';
import { PROCESS } from './jobs-stack';
import { BackfillErrors as Errors, IdempotencyScope } from '../../../src';
import { describeWhereMongo } from '../../support/mongo';

const DAY = 86_400_000;
const DAYS = 5;
const FIRST = Date.UTC(2019, 2, 1);

const WINDOW = { begin: '2019-03-01', end: '2019-03-06', step: Duration.days(1), beginParameter: 'date_begin', endParameter: 'date_end' };

interface Batch {
  readonly items: readonly { readonly item: { readonly day: number } }[];
}

describeWhereMongo('a backfill', () => {
  let etl: DeployedEtl;
  beforeAll(async () => {
    etl = await DeployedEtl.start({
      define: (stack) => {
        const backfilled = stack.etl('Daily', { batchSize: 2 });
        backfilled.addBackfill('March', WINDOW);
        backfilled.addBackfill('Again', WINDOW);
        backfilled.addBackfill('Stopped', WINDOW);
        backfilled.addBackfill('Twice', WINDOW);
        backfilled.addBackfill('Wide', { ...WINDOW, concurrency: 5 });
        const encryptionKey = new Key(stack, 'Key', { enableKeyRotation: true });
        const encrypted = stack.etl('Secret', { batchSize: 2, idempotencyScope: IdempotencyScope.WINDOW, encryptionKey });
        for (const id of ['One', 'Two']) encrypted.addBackfill(id, WINDOW);
      },
    });
    // Three documents a day, one of them at the very first moment, and neighbours on both sides.
    const moments = Array.from({ length: DAYS }, (_, day) => [0, 1, DAY - 1].map((offset) => FIRST + day * DAY + offset)).flat();
    const all = [FIRST - 1, ...moments, FIRST + DAYS * DAY];
    await etl.jobs.insertMany(all.map((time) => ({ runDate: new Date(time), day: Math.floor((time - FIRST) / DAY) })));
  });
  beforeEach(() => etl.functions.reset());
  afterEach(() => etl.assertNoFaults());
  afterAll(async () => etl?.close());

  const backfill = async (construct: string, id: string): Promise<Run> => {
    const stateMachineArn = etl.physicalId('AWS::StepFunctions::StateMachine', `${construct}Backfill${id}Workflow`);
    return etl.ended(String((await etl.cloud.stepFunctions.call('StartExecution', { stateMachineArn }, etl.administrator)).executionArn));
  };
  const days = () => etl.processed().map(({ item }) => Number(item.day));
  const everyDay = Array.from({ length: DAYS }, (_, day) => [day, day, day]).flat();
  const runs = () => etl.executions.filter((arn) => arn.includes('DailyWorkflow'));

  test('processes each document of its windows once, in the order of time, and started again, nothing', async () => {
    const before = runs().length;
    expect(await backfill('Daily', 'March')).toMatchObject({ status: 'SUCCEEDED', output: { windows: DAYS, failed: [] } });
    // In the order of the calls.
    const order = etl.functions.calls<Batch>(PROCESS).flatMap(({ items }) => items.map(({ item }) => item.day));
    expect(order).toEqual(everyDay);
    expect(runs().length - before).toBe(DAYS);
    etl.functions.reset();
    expect(await backfill('Daily', 'March')).toMatchObject({ status: 'SUCCEEDED', output: { windows: DAYS, failed: [] } });
    expect(days()).toEqual([]);
    expect(runs().length - before).toBe(DAYS);
  });

  test('goes on past a window that fails, names it, and started again, redrives its run at the page that failed', async () => {
    let broken = true;
    etl.functions.behave(PROCESS, ({ items }) => {
      // The second page of a day has the last of its three documents.
      if (broken && Array.isArray(items) && items.length === 1 && /"day":[13]\b/.test(JSON.stringify(items))) throw new Error('broken');
      return null;
    });
    const failed = await backfill('Daily', 'Again');
    expect(failed).toMatchObject({ status: 'FAILED', error: Errors.WINDOWS_FAILED });
    const { cause } = await etl.cloud.stepFunctions.call('DescribeExecution', { executionArn: failed.arn }, etl.administrator);
    expect(JSON.parse(String(cause))).toEqual([1, 3].map((day) => ({ begin: `2019-03-0${day + 1}T00:00:00Z`, end: `2019-03-0${day + 2}T00:00:00Z` })));
    const keys = new Map(etl.processed().map(({ itemIdentifier, idempotencyKey }) => [itemIdentifier, idempotencyKey]));
    expect(await backfill('Daily', 'Again')).toMatchObject({ status: 'FAILED', error: Errors.WINDOWS_FAILED });

    broken = false;
    expect(await etl.redrive(failed)).toMatchObject({ status: 'FAILED', error: Errors.WINDOWS_FAILED });

    etl.functions.reset();
    const before = runs().length;
    expect(await backfill('Daily', 'Again')).toMatchObject({ status: 'SUCCEEDED', output: { windows: DAYS, failed: [] } });
    expect(days()).toEqual([1, 3]);
    expect(etl.processed().map(({ itemIdentifier, idempotencyKey }) => keys.get(itemIdentifier) === idempotencyKey)).toEqual([true, true]);
    expect(runs()).toHaveLength(before);
  });

  test('stopped in the middle, its run stops, and started again, it goes on there', async () => {
    const stateMachineArn = etl.physicalId('AWS::StepFunctions::StateMachine', 'DailyBackfillStoppedWorkflow');
    let arn = '';
    etl.functions.behave(PROCESS, async ({ items }) => {
      if (JSON.stringify(items).includes('"day":2')) await etl.stop(arn);
      return null;
    });
    arn = String((await etl.cloud.stepFunctions.call('StartExecution', { stateMachineArn }, etl.administrator)).executionArn);
    expect(await etl.ended(arn)).toMatchObject({ status: 'ABORTED' });
    await etl.cloud.clock.sleep(60_000);
    etl.functions.reset();
    expect(await backfill('Daily', 'Stopped')).toMatchObject({ status: 'SUCCEEDED', output: { windows: DAYS, failed: [] } });
    expect([...new Set(days())]).toEqual([2, 3, 4]);
  });

  test('started twice, both wait for the same runs', async () => {
    const before = runs().length;
    etl.functions.behave(PROCESS, async () => {
      await etl.cloud.clock.sleep(1_000);
      return null;
    });
    const both = await Promise.all([backfill('Daily', 'Twice'), backfill('Daily', 'Twice')]);
    for (const each of both) expect(each).toMatchObject({ status: 'SUCCEEDED', output: { windows: DAYS, failed: [] } });
    expect(days().sort()).toEqual(everyDay);
    expect(runs().length - before).toBe(DAYS);
  });

  test('processes several windows at the same time', async () => {
    let [underway, most] = [0, 0];
    etl.functions.behave(PROCESS, async () => {
      most = Math.max(most, ++underway);
      await etl.cloud.clock.sleep(1_000);
      underway--;
      return null;
    });
    expect(await backfill('Daily', 'Wide')).toMatchObject({ status: 'SUCCEEDED', output: { windows: DAYS, failed: [] } });
    expect(days().sort()).toEqual(everyDay);
    expect(most).toBeGreaterThan(1);
  });

  test('two that run the same windows give each document the same key, where keys hang on windows; and both work with a key of KMS', async () => {
    const keysAfter = async (id: string) => {
      etl.functions.reset();
      expect(await backfill('Secret', id)).toMatchObject({ status: 'SUCCEEDED', output: { windows: DAYS, failed: [] } });
      return etl.processed().map(({ itemIdentifier, idempotencyKey }) => `${itemIdentifier} ${idempotencyKey}`).sort();
    };
    const first = await keysAfter('One');
    expect(first).toHaveLength(3 * DAYS);
    expect(new Set(first.map((each) => each.split(' ')[1])).size).toBe(3 * DAYS);
    expect(await keysAfter('Two')).toEqual(first);
  });
}, OWN_SERVER);

/** A schedule that goes by a watermark, as it is deployed: nothing is left out, somebody is told when nothing arrives, and the planner has the rights that it needs. */
import { Duration } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { DeployedEtl, OWN_SERVER } from './deployed-etl';
import { PROCESS } from './jobs-stack';
import { JsonValue, memberOf } from '../../../local/json';
import { RunContinuation, RunLedger, RunWindow } from '../../../src';
import { describeWhereMongo } from '../../support/mongo';
import { needlessPermissions } from '../permission-removal';

const START = Date.parse('2026-11-23T00:30:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describeWhereMongo('a schedule that goes by a watermark', () => {
  let etl: DeployedEtl;
  beforeAll(async () => {
    etl = await DeployedEtl.start({
      cloud: { startTime: START },
      define: (stack) => {
        const continuation = RunContinuation.supervised({ outageTolerance: Duration.seconds(0) });
        const marked = stack.etl('Marked', { continuation, ledger: RunLedger.table(), encryptionKey: new Key(stack, 'Key') });
        marked.addSchedule('Often', {
          schedule: ScheduleExpression.rate(Duration.minutes(15)),
          window: RunWindow.sinceWatermark({ begin: 'date_begin', end: 'date_end', startAt: '2026-11-23' }),
        });
        marked.addStalenessAlarm('Stale', { after: Duration.hours(2) });
        marked.addStalenessAlarm('Quiet', { after: Duration.hours(2), countEmptyRuns: true });
      },
    });
  });
  beforeEach(() => etl.functions.reset());
  afterEach(() => etl.assertNoFaults());
  afterAll(async () => etl?.close());

  let inserted = 0;
  /** A document of now. */
  const arrives = async () => etl.jobs.insertOne({ runDate: new Date(etl.cloud.clock.now()), number: inserted++ });
  /** Numbers of the documents that were processed, in their order. */
  const processed = () => etl.processed().map(({ item }) => Number(item.number));
  const alarm = (name: string) => etl.cloud.alarms.state(etl.physicalId('AWS::CloudWatch::Alarm', `MarkedStalenessAlarm${name}`));
  const upTo = (count: number, from = 0) => Array.from({ length: count - from }, (_, index) => from + index);

  async function watermark(): Promise<number> {
    const TableName = etl.physicalId('AWS::DynamoDB::Table', 'MarkedLedger');
    const { Items } = await etl.cloud.dynamoDb.call('Scan', { TableName }, etl.administrator);
    const item = (Array.isArray(Items) ? Items : []).find((each: JsonValue) => memberOf(memberOf(each, 'pk'), 'S')?.toString().includes('#WINDOW#schedule-'));
    return Date.parse(String(memberOf(memberOf(item ?? null, 'watermark'), 'S')));
  }

  test('every document is processed once, however long a window becomes', async () => {
    for (let time = 0; time < 8; time++) {
      await arrives();
      await etl.cloud.clock.sleep(7 * MINUTE);
    }
    await etl.cloud.clock.sleep(20 * MINUTE);
    expect(processed()).toEqual(upTo(8));
    expect(etl.cloud.clock.now() - await watermark()).toBeLessThan(17 * MINUTE);
    expect([alarm('Stale'), alarm('Quiet')]).toEqual(['OK', 'OK']);
  });

  test('what failed is covered by the next run that succeeds, and nobody has to redrive anything', async () => {
    const before = inserted;
    etl.functions.behave(PROCESS, () => {
      throw new Error('broken');
    });
    for (let time = 0; time < 4; time++) {
      await arrives();
      await etl.cloud.clock.sleep(15 * MINUTE);
    }
    const held = await watermark();
    await etl.cloud.clock.sleep(15 * MINUTE);
    expect(await watermark()).toBe(held);
    etl.functions.reset();
    await etl.cloud.clock.sleep(50 * MINUTE);
    expect([...new Set(processed())].sort((a, b) => a - b)).toEqual(upTo(inserted, before));
    expect(await watermark()).toBeGreaterThan(held + HOUR);
  });

  test('an alarm goes off when no run finds anything, and another one when none succeeds', async () => {
    await etl.cloud.clock.sleep(3 * HOUR);
    expect([alarm('Stale'), alarm('Quiet')]).toEqual(['ALARM', 'OK']);
    await arrives();
    await etl.cloud.clock.sleep(40 * MINUTE);
    expect([alarm('Stale'), alarm('Quiet')]).toEqual(['OK', 'OK']);
    etl.functions.behave(PROCESS, () => {
      throw new Error('broken');
    });
    await arrives();
    await etl.cloud.clock.sleep(4 * HOUR);
    expect([alarm('Stale'), alarm('Quiet')]).toEqual(['ALARM', 'ALARM']);
    const lag = etl.cloud.metrics.statistics({
      namespace: 'PagedBatchEtl', name: 'WatermarkLag', dimensions: { FunctionName: etl.physicalId('AWS::Lambda::Function', 'MarkedScheduleOftenPlanner') },
    }, { from: etl.cloud.clock.now() - HOUR, to: etl.cloud.clock.now() });
    expect(lag?.maximum).toBeGreaterThan(3 * 3_600);
    etl.functions.reset();
    await etl.cloud.clock.sleep(HOUR);
    expect([alarm('Stale'), alarm('Quiet')]).toEqual(['OK', 'OK']);
  });

  /** Whether a document of now is processed soon, after a run that was stopped. */
  async function goesOn(): Promise<boolean> {
    etl.functions.reset();
    // A process of the planner keeps its session.
    await etl.cloud.clock.sleep(2 * HOUR);
    let stopped = false;
    etl.functions.behave(PROCESS, async ({ run }) => {
      if (!stopped) await etl.stop(String(memberOf(run, 'id')));
      stopped = true;
      return null;
    });
    const number = inserted;
    await arrives();
    await etl.cloud.clock.sleep(HOUR);
    return processed().filter((each) => each === number).length > 1;
  }

  test('the planner has the rights that it needs, and no other', async () => {
    const tried: string[] = [];
    const needless = await needlessPermissions({
      cloud: etl.cloud,
      roles: etl.cloud.roles.list().filter(({ name }) => /MarkedScheduleOftenPlannerRole/.test(name)),
      // The others are those of the planner of any window.
      observable: (action) => !/^(logs|sqs):/.test(action),
      works: async (action) => {
        tried.push(action);
        return goesOn().catch(() => false);
      },
    });
    expect(needless).toEqual([]);
    expect(tried.sort()).toEqual(['dynamodb:GetItem', 'kms:Decrypt', 'states:DescribeExecution', 'states:StartExecution']);
    expect(await goesOn()).toBe(true);
  });
}, OWN_SERVER);

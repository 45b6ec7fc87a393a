/** A customer key for executions and logs, and traces: runs and schedules work, and none does whose machines lack a right to the key. */
import { TimeZone } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { DeployedEtl, Filled, OWN_SERVER } from './deployed-etl';
import { PROCESS } from './jobs-stack';
import { ItemProcessor, RunContinuation, RunWindow } from '../../../src';
import { describeWhereMongo } from '../../support/mongo';
import { needlessPermissions } from '../permission-removal';

const DAY = 24 * 3_600_000;

describeWhereMongo('PagedBatchEtl with a customer key', () => {
  let etl: DeployedEtl;
  let filled: Filled;
  beforeAll(async () => {
    etl = await DeployedEtl.start({
      cloud: { startTime: Date.parse('2020-01-01T12:00:00Z') },
      define: (stack) => {
        const props = { batchSize: 2, encryptionKey: new Key(stack, 'Key'), tracing: true };
        stack.etl('Segmented', { ...props, continuation: RunContinuation.supervised({ pagesPerSegment: 2 }) }).addSchedule('Nightly', {
          schedule: ScheduleExpression.cron({ hour: '4', minute: '0', timeZone: TimeZone.ETC_UTC }),
          window: RunWindow.previousDay({ begin: 'date_begin', end: 'date_end' }),
        });
        stack.etl('Itemised', {
          ...props,
          processor: ItemProcessor.perItem({ handler: stack.relay(PROCESS) }),
          continuation: RunContinuation.supervised({ pagesPerSegment: 2 }),
        });
        stack.etl('Linked', { ...props, continuation: RunContinuation.selfRestart({ pagesPerSegment: 2 }) });
      },
    });
    filled = await etl.fill(Array.from({ length: 6 }, () => ({})));
  });
  afterEach(() => etl.assertNoFaults());
  afterAll(async () => etl?.close());

  const succeeds = async (construct: string) => {
    const run = await etl.run(construct, filled.input).catch(() => undefined);
    return run?.status === 'SUCCEEDED';
  };

  test.each(['Segmented', 'Itemised', 'Linked'])('a run goes from execution to execution: %s', async (construct) => {
    const before = etl.executions.length;
    expect(await succeeds(construct)).toBe(true);
    expect(etl.executions.length - before).toBeGreaterThan(1);
  });

  test('a schedule starts a run, without a right to the key', async () => {
    const before = etl.executions.length;
    await etl.cloud.clock.sleep(DAY + 3_600_000);
    const run = etl.executions.slice(before).find((arn) => arn.includes('SegmentedWorkflow'));
    expect(await etl.ended(String(run))).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('each machine needs each of its rights to it', async () => {
    const tried: string[] = [];
    const needless = await needlessPermissions({
      cloud: etl.cloud,
      roles: etl.cloud.roles.list().filter(({ name }) => /Segmented|Itemised|Linked/.test(name)),
      observable: (action) => action.startsWith('kms:'),
      works: async (action, { name }) => {
        const construct = ['Segmented', 'Itemised', 'Linked'].find((each) => name.includes(each)) ?? '';
        tried.push(`${construct} ${action}`);
        return succeeds(construct);
      },
    });
    const ofOneMachine = ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKey'];
    const machines = ['Itemised', 'Itemised', 'Itemised', 'Linked', 'Segmented', 'Segmented'];
    expect(tried.sort()).toEqual(machines.flatMap((construct) => ofOneMachine.map((action) => `${construct} ${action}`)).sort());
    // That for the log of each machine is asked for when it is made.
    expect(needless).toEqual(machines.map(() => 'kms:GenerateDataKey'));
  });
}, OWN_SERVER);

/** The dashboard shows metrics that are really emitted, and nothing else: each was asked of runs in which everything happens that can. */
import { DeployedEtl, OWN_SERVER } from './deployed-etl';
import { PROCESS } from './jobs-stack';
import { DashboardWidget } from '../../../local/cloudwatch/dashboard/body';
import { JsonValue, memberOf } from '../../../local/json';
import { FailurePolicy, Partitions, RunContinuation } from '../../../src';
import { describeWhereMongo } from '../../support/mongo';

const CONSTRUCTS = ['Divided', 'SelfRestarting'];

describeWhereMongo('the dashboard of PagedBatchEtl', () => {
  let etl: DeployedEtl;
  /** What the runs answered. */
  const failed: Record<string, JsonValue | undefined> = {};

  beforeAll(async () => {
    etl = await DeployedEtl.start({
      define: (stack) => {
        stack.etl('Divided', {
          partitions: Partitions.ofTime({ workers: 2, slices: 1 }),
          continuation: RunContinuation.supervised({ pagesPerSegment: 2 }),
          failurePolicy: FailurePolicy.tolerate(),
        }).addDashboard();
        stack.etl('SelfRestarting', { continuation: RunContinuation.selfRestart({ pagesPerSegment: 2 }) }).addDashboard();
      },
    });
    for (const construct of CONSTRUCTS) {
      const { input } = await etl.fill(Array.from({ length: 20 }, (_, number) => ({ number })));
      // One item of each page fails, and is tolerated.
      if (construct === 'Divided') etl.functions.behave(PROCESS, ({ items }) => ({ batchItemFailures: Array.isArray(items) ? items.slice(0, 1) : [] }));
      const whole = await etl.run(construct, { ...input, batch_size: 3 });
      expect(whole).toMatchObject({ status: 'SUCCEEDED' });
      failed[construct] = memberOf(whole.output ?? null, 'failed');
      let stopped = '';
      etl.functions.behave(PROCESS, async ({ run }) => {
        if (memberOf(run, 'id') === stopped) await etl.stop(stopped);
        return null;
      });
      stopped = await etl.start(construct, input);
      await etl.ended(stopped);
      etl.functions.behave(PROCESS, () => ({ failures: [] }));
      expect(await etl.run(construct, input)).toMatchObject({ status: 'FAILED' });
      etl.functions.reset();
    }
    etl.assertNoFaults();
  });
  afterAll(async () => etl?.close());

  const widgetsOf = (construct: string): readonly DashboardWidget[] => etl.cloud.dashboards.widgets(etl.physicalId('AWS::CloudWatch::Dashboard', `${construct}Dashboard`));

  const shownBy = (construct: string) => widgetsOf(construct).flatMap(({ title, metrics }) => metrics.map(({ metric, statistic }) => (
    { title, name: metric.name, dimensions: metric.dimensions, statistic, value: etl.cloud.metrics.value(metric, statistic) })));

  test.each(CONSTRUCTS)('%s: has no metric without data, and no widget without a metric but that of the alarm', (construct) => {
    expect(shownBy(construct).filter(({ value }) => value === undefined)).toEqual([]);
    expect(widgetsOf(construct).filter(({ metrics }) => metrics.length === 0)).toMatchObject([{ type: 'alarm' }]);
  });

  test.each([
    ['Divided', { ExecutionsStarted: 3, ExecutionsSucceeded: 1, ExecutionsFailed: 1, ExecutionsAborted: 1 }],
    ['SelfRestarting', { ExecutionsStarted: 6, ExecutionsSucceeded: 4, ExecutionsFailed: 1, ExecutionsAborted: 1 }],
  ])('%s: shows how it came out in these runs', (construct, runs) => {
    const shown = shownBy(construct);
    const valueOf = (title: string, name: string) => shown.find((each) => each.title === title && each.name === name)?.value;
    expect(Object.fromEntries(Object.keys(runs).map((name) => [name, valueOf('Runs', name)]))).toEqual(runs);
    const read = [valueOf('Items', 'ItemsRead'), valueOf('Rate', 'ItemsRead'), valueOf('Pages', 'PagesRead'), valueOf('Estimated cost', 'PagesRead')];
    expect(read).toEqual([read[0], read[0], read[2], read[2]]);
    expect(read[0]).toBeGreaterThanOrEqual(20);
    expect(valueOf('Items', 'FailedItems')).toBe(failed[construct]);
    expect(failed[construct] === undefined).toBe(construct !== 'Divided');
    expect(valueOf('Estimated cost', 'Duration')).toBeGreaterThan(0);
    expect(valueOf('Segments', 'ExecutionsStarted')).toBeGreaterThanOrEqual(4);
  });
}, OWN_SERVER);

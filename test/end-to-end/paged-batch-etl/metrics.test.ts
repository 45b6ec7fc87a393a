/** What somebody who looks after runs sees of them: metrics from the log lines of the source function, and the alarm. */
import { CfnOutput } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { DeployedEtl, OWN_SERVER } from './deployed-etl';
import { JobsStack, PROCESS } from './jobs-stack';
import { FunctionError } from './remote-functions';
import { MetricStatistics } from '../../../local/cloudwatch/metric-store';
import { RunContinuation, PagedBatchEtl } from '../../../src';
import { describeWhereMongo } from '../../support/mongo';

const METRICS = {
  PagesRead: (etl: PagedBatchEtl) => etl.metricPagesRead(),
  ItemsRead: (etl: PagedBatchEtl) => etl.metricItemsRead(),
  Lag: (etl: PagedBatchEtl) => etl.metricLag(),
  Started: (etl: PagedBatchEtl) => etl.metricStarted(),
  Succeeded: (etl: PagedBatchEtl) => etl.metricSucceeded(),
  Failed: (etl: PagedBatchEtl) => etl.metricFailed(),
  Aborted: (etl: PagedBatchEtl) => etl.metricAborted(),
} as const;

const constructs = ['Supervised', 'SelfRestarting'];
const START = Date.parse('2020-03-01T00:00:00Z');

describeWhereMongo('the metrics', () => {
  let etl: DeployedEtl;
  beforeAll(async () => {
    etl = await DeployedEtl.start({
      cloud: { startTime: START },
      define: (stack) => {
        define(stack, 'Supervised', RunContinuation.supervised({ pagesPerSegment: 2 }));
        define(stack, 'SelfRestarting', RunContinuation.selfRestart({ pagesPerSegment: 2 }));
      },
    });
  });
  beforeEach(() => etl.functions.reset());
  afterEach(() => {
    etl.assertNoFaults();
    // Among these would be metrics that nobody gets because their line is malformed.
    expect(etl.cloud.warnings).toEqual([]);
  });
  afterAll(async () => etl?.close());

  /** Statistics of a metric under the name that the construct gives it. */
  function statistics(construct: string, name: keyof typeof METRICS): MetricStatistics | undefined {
    return etl.cloud.metrics.statistics(JSON.parse(etl.stack.outputs[`${construct}${name}`]));
  }

  const sums = (construct: string, ...names: (keyof typeof METRICS)[]) => names.map((name) => statistics(construct, name)?.sum);

  test.each(constructs)('%s: count the pages and items that were read, and how far they lag', async (construct) => {
    const filled = await etl.fill(Array.from({ length: 25 }, (_, number) => ({ number })));
    await expect(etl.run(construct, { ...filled.input, batch_size: 10 })).resolves.toMatchObject({ status: 'SUCCEEDED' });
    expect(sums(construct, 'PagesRead', 'ItemsRead')).toEqual([3, 25]);

    const lag = statistics(construct, 'Lag');
    expect(lag?.sampleCount).toBe(3);
    // The last item is of second 24; since the beginning of time here, only moments have passed.
    const least = (START - filled.begin) / 1_000 - 24;
    expect(lag?.minimum).toBeGreaterThanOrEqual(least);
    expect(lag?.minimum).toBeLessThan(least + 3_600);
    expect(lag?.maximum).toBeGreaterThan(lag?.minimum ?? NaN);
  });

  test('leave out the lag of a run that reads nothing', async () => {
    const { input } = await etl.fill([]);
    const before = statistics('Supervised', 'Lag')?.sampleCount;
    await expect(etl.run('Supervised', input)).resolves.toMatchObject({ status: 'SUCCEEDED' });
    expect(statistics('Supervised', 'Lag')?.sampleCount).toBe(before);
  });

  test.each(constructs)('%s: an alarm rises with a run that fails, and falls by itself', async (construct) => {
    const filled = await etl.fill([{}, {}]);
    await etl.run(construct, filled.input);
    expect(etl.alarmState(construct)).toBe('OK');
    const [failed = 0] = sums(construct, 'Failed');
    etl.functions.behave(PROCESS, () => {
      throw new FunctionError('ThresholdUnknown', '');
    });
    const run = await etl.run(construct, filled.input);
    expect(run.status).toBe('FAILED');
    expect(etl.alarmState(construct)).toBe('ALARM');
    expect(sums(construct, 'Failed')).toEqual([failed + 1]);

    await etl.cloud.clock.sleep(600_000);
    expect(etl.alarmState(construct)).toBe('OK');
    etl.functions.reset();
    const [succeeded = 0] = sums(construct, 'Succeeded');
    await expect(etl.redrive(run)).resolves.toMatchObject({ status: 'SUCCEEDED' });
    expect(sums(construct, 'Succeeded')).toEqual([succeeded + 1]);
  });

  test('an alarm rises with a run that is stopped', async () => {
    const filled = await etl.fill([{}]);
    await etl.cloud.clock.sleep(600_000);
    expect(etl.alarmState('Supervised')).toBe('OK');
    let arn = '';
    etl.functions.behave(PROCESS, async () => {
      await etl.stop(arn);
      return null;
    });
    arn = await etl.start('Supervised', filled.input);
    await expect(etl.ended(arn)).resolves.toMatchObject({ status: 'ABORTED' });
    expect(etl.alarmState('Supervised')).toBe('ALARM');
    expect(sums('Supervised', 'Aborted')).toEqual([1]);
  });
}, OWN_SERVER);

/** Makes a construct, and for each of its metrics an output that says under which name it is found. */
function define(stack: JobsStack, id: string, continuation: RunContinuation): void {
  const etl = stack.etl(id, { continuation });
  for (const [name, metricOf] of Object.entries(METRICS)) {
    const { namespace, metricName, dimensions }: Metric = metricOf(etl);
    new CfnOutput(stack, `${id}${name}`, { value: stack.toJsonString({ namespace, name: metricName, dimensions }) });
  }
}

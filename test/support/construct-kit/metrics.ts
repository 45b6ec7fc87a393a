import { App, Duration, Stack } from 'aws-cdk-lib';
import { Alarm, Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { methodsOf } from './methods';
import { Subject, synthesise } from './subject';

type MetricMethods<Name extends string> = Readonly<Record<Name, (options?: MetricOptions) => Metric>>;

/** Method, namespace, name, statistic, and the dimension as the instance has it. */
export type MetricRow<Name extends string, Made> = readonly [
  method: Name,
  namespace: string,
  metricName: string,
  statistic: string,
  dimension: (made: Made) => { readonly Name: string; readonly Value: string },
];

/** Every metric of the construct is what its row says, and can be another statistic over another period. */
export function testMetrics<Name extends string, Made extends Construct & MetricMethods<Name>, Props>(
  subject: Subject<Made, Props>, rows: readonly MetricRow<Name, Made>[],
): void {
  const { stack, made, own } = synthesise(subject, {
    then: (construct, parent) => {
      for (const [name] of rows) new Alarm(parent, name, { metric: construct[name](), threshold: 1, evaluationPeriods: 1 });
    },
  });

  test('every method that answers a metric is tested here', () => {
    expect(methodsOf(made, 'metric')).toEqual(rows.map(([name]) => name).sort());
  });

  test.each(rows)('%s is %s %s', (name, Namespace, MetricName, Statistic, dimension) => {
    const alarm = own.find(({ Type, id }) => Type === 'AWS::CloudWatch::Alarm' && id.replace(/[0-9A-F]{8}$/, '') === name);
    expect(alarm?.Properties).toMatchObject({ Namespace, MetricName, Statistic, Period: 300, Dimensions: [stack.resolve(dimension(made))] });
    const changed = made[name]({ statistic: 'p90', period: Duration.minutes(1) });
    expect([changed.statistic, changed.period.toSeconds()]).toEqual(['p90', 60]);
  });

  test('those of two instances are apart', () => {
    const parent = new Stack(new App(), 'Stack');
    const props = subject.props(parent, {});
    const both = [subject.id, 'Others'].map((id) => new subject.Construct(parent, id, props));
    for (const [name] of rows) {
      const dimensions = both.map((construct) => JSON.stringify(parent.resolve(construct[name]().dimensions)));
      expect([name, new Set(dimensions).size]).toEqual([name, 2]);
    }
  });
}

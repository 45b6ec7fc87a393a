import { CommonConstruct, CommonProps, Facts, synthesise, variantsOf } from './subject';
import { nameOf } from '../template';

/** What ended badly raises the alarm, also where two of the three metrics have no data, and without events, which may get lost. */
export function testFailureAlarm<Made extends CommonConstruct, Props extends CommonProps>(facts: Facts<Made, Props>): void {
  test.each(variantsOf(facts))('every failed, timed out or aborted execution of the workflow raises the alarm: %s', (_name, variant) => {
    const { own, stack, made } = synthesise(facts, variant);
    const Dimensions = [{ Name: 'StateMachineArn', Value: stack.resolve(made.workflow.stateMachineArn) }];
    const sum = (MetricName: string) => expect.objectContaining({
      MetricStat: expect.objectContaining({ Metric: { Namespace: 'AWS/States', MetricName, Dimensions }, Stat: 'Sum', Period: 300 }),
    });
    const alarms = own.filter((resource) => resource.Type === 'AWS::CloudWatch::Alarm' && nameOf(resource) === `${facts.id}FailureAlarm`);
    expect(alarms.map(({ id }) => ({ Ref: id }))).toEqual([stack.resolve(made.failureAlarm.alarmName)]);
    expect(alarms[0].Properties).toMatchObject({
      Threshold: 1,
      EvaluationPeriods: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
      Metrics: expect.arrayContaining([
        expect.objectContaining({ Expression: 'FILL(failed, 0) + FILL(timedOut, 0) + FILL(aborted, 0)' }),
        ...['ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionsAborted'].map(sum),
      ]),
    });
  });
}

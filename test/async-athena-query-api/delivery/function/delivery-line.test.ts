import * as fc from 'fast-check';
import { NOW, outcomeOf, releasedEvent, services } from './harness';
import { Receiver, status } from './receiver';
import { readEmbeddedMetrics } from '../../../../local/cloudwatch/embedded-metrics';
import { DELIVERY_METRIC_UNITS } from '../../../../src/async-athena-query-api/contracts/delivery-metric';
import { deliver } from '../../../../src/async-athena-query-api/delivery/function/deliver';
import { released } from '../../../support/released';

let receiver: Receiver;
beforeAll(async () => {
  receiver = await Receiver.start();
});
beforeEach(() => receiver.reset());
afterAll(async () => receiver.stop());

/** Metrics of one attempt, as CloudWatch reads them from the line. */
async function metricsOf(event: unknown): Promise<Record<string, number>> {
  const attempt = services(receiver.network);
  await outcomeOf(deliver(event, attempt));
  expect(attempt.lines).toHaveLength(1);
  const { values, ignored } = readEmbeddedMetrics(attempt.lines[0], NOW);
  expect(ignored).toEqual([]);
  for (const { metric: { namespace, name, dimensions }, unit } of values) {
    expect({ namespace, dimensions, unit }).toEqual({
      namespace: 'AsyncAthenaQueryApi',
      dimensions: { Workflow: 'Stack-Queries-Workflow' },
      unit: Object.entries(DELIVERY_METRIC_UNITS).find(([known]) => known === name)?.[1],
    });
  }
  return Object.fromEntries(values.map(({ metric: { name }, value }) => [name, value]));
}

const STATES = { SucceededQueries: 0, FailedQueries: 0, CancelledQueries: 0, NotStartedQueries: 0 };

test.each([
  ['succeeded', 'SucceededQueries'], ['ctas', 'SucceededQueries'], ['failed', 'FailedQueries'], ['cancelled', 'CancelledQueries'],
  ['time-out', 'CancelledQueries'], ['time-out-not-stopped', 'CancelledQueries'], ['start-error', 'NotStartedQueries'],
])('%s counts once, among %s', async (name, metric) => {
  expect(await metricsOf(releasedEvent(name))).toMatchObject({ ...STATES, [metric]: 1, DeliveryAttempts: 1 });
});

test('a query without a callback counts as every other, and as no attempt to deliver', async () => {
  expect(await metricsOf(released('deliver', 3, 'without-callback'))).toEqual({ ...STATES, SucceededQueries: 1, DataScannedInBytes: 4096, EngineExecutionTime: 2102 });
});

test('a first attempt tells what the query read and how long it took', async () => {
  expect(await metricsOf(releasedEvent('succeeded')))
    .toEqual({ ...STATES, SucceededQueries: 1, DataScannedInBytes: 4096, EngineExecutionTime: 2102, DeliveryAttempts: 1 });
});

test('what Athena does not say, or says otherwise, is left out', async () => {
  const event = releasedEvent('succeeded');
  const { QueryExecution } = event.State.AthenaResult ?? { QueryExecution: undefined };
  if (QueryExecution === undefined) throw new Error('The fixture has no result');
  const withStatistics = (Statistics: Record<string, unknown> | undefined) => (
    { ...event, State: { ...event.State, AthenaResult: { QueryExecution: { ...QueryExecution, Statistics } } } });
  for (const statistics of [undefined, {}, { DataScannedInBytes: '4096', EngineExecutionTimeInMillis: null }]) {
    expect(await metricsOf(withStatistics(statistics))).toEqual({ ...STATES, SucceededQueries: 1, DeliveryAttempts: 1 });
  }
});

test('however a delivery is repeated, a query that was started counts with its first attempt only, and one that was not with each', async () => {
  const names = ['succeeded', 'failed', 'cancelled', 'start-error'] as const;
  const situations = [fc.constantFrom(...names), fc.nat(90), fc.nat(3), fc.constantFrom(200, 400, 503)] as const;
  await fc.assert(fc.asyncProperty(...situations, async (name, RetryCount, RedriveCount, answer) => {
    receiver.answer = status(answer);
    const metrics = await metricsOf({ ...releasedEvent(name), RetryCount, RedriveCount });
    if (RetryCount === 0 && RedriveCount === 0) expect(metrics).toMatchObject({ DeliveryAttempts: 1, NotStartedQueries: Number(name === 'start-error') });
    else expect(metrics).toEqual({ DeliveryAttempts: 1, ...name === 'start-error' && { NotStartedQueries: 1 } });
  }), { numRuns: 40, examples: names.map((name) => [name, 0, 0, 200]) });
});

test('an event of contract 1 says no workflow, and what cannot be read says nothing: no metrics', async () => {
  expect(await metricsOf(released('deliver', 1, 'succeeded'))).toEqual({});
  expect(await metricsOf({ contract: 99 })).toEqual({});
});

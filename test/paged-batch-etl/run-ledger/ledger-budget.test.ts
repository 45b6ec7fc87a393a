import { Duration } from 'aws-cdk-lib';
import { JsonObject, JsonValue } from '../../../local/json';
import { Partitions, RunLedger, WhenLocked } from '../../../src';
import { synthEtl } from '../../support/etl-stack';
import { worstExecution } from '../../support/worst-execution';

const RUN = 'arn:aws:states:us-east-1:111122223333:execution:Workflow:run';

describe.each([
  ['one after another', Partitions.none(), 1_200],
  ['side by side', Partitions.ofObjectIds({ workers: 16, slices: 8 }), 10 * (1 + 16 * 21)],
])('the budget of a run with a ledger, %s', (name, partitions, redrives) => {
  test.each([['without a wait', RunLedger.table()], ['after a day of waits', RunLedger.table({ whenLocked: WhenLocked.WAIT, waitAtMost: Duration.hours(24) })]])(
    'every retry used, %s: the history keeps its room for redrives', async (_wait, ledger) => {
      const { machines, ledger: parts } = synthEtl({ partitions, ledger, countsItems: true });
      const mostWaits = parts?.mostWaits ?? 0;
      const ranges = Array.from({ length: 128 }, (_, number) => ({ number, cursor: `${number}`, pages: 0, items: 0, segments: 0 }));
      let waits = 0;
      const execution = worstExecution(machines.Workflow, {
        input: {},
        answer: (state, { Input, Payload }): JsonValue => {
          if (state === 'Plan Ranges') return { Payload: { ranges } };
          if (state === 'Take Window') {
            const count = Number(objectOf(objectOf(Payload).waits).count);
            const isWaiting = count < mostWaits;
            waits += Number(isWaiting);
            return { Payload: { outcome: isWaiting ? 'WAIT' : 'OWNED', window: 'w', owner: RUN, seconds: 60, waits: { count: count + 1, seconds: 0 }, estimate: { items: null }, resumed: null } };
          }
          if (state === 'Record Plan' || state === 'Finish Range') return { Payload: {} };
          if (state === 'Estimate Items') return { Payload: { items: 1 } };
          const input = objectOf(Input);
          const { pages, segments, ...progress } = objectOf(input.progress);
          const after = { ...progress, pages: Number(pages) + 1, segments: Number(segments) + 1 };
          return { Input: input, Output: { progress: after, done: false, failure: null } };
        },
      });
      const end = await execution.run();
      expect(end).toMatchObject({ status: 'FAILED', error: 'RunTooLong' });
      // The places of 128 ranges would not fit into a cause.
      if (name === 'side by side') expect(end).toMatchObject({ cause: expect.stringMatching(/^Data is left\. Start a run with \{"resume":"[^"]+"\}$/) });
      expect(waits).toBe(mostWaits);
      expect(execution.history.events.length).toBeLessThan(25_000 - redrives);
      expect(execution.history.events.length).toBeGreaterThan((25_000 - redrives) / 2);
    },
  );
});

function objectOf(value: unknown): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('no object');
  return Object.fromEntries(Object.entries(value));
}

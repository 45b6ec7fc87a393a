import { JsonObject, JsonValue } from '../../../local/json';
import { Partitions } from '../../../src/paged-batch-etl/partitions/partitions';
import { RunContinuation } from '../../../src/paged-batch-etl/run-continuation/run-continuation';
import { EtlRig, EtlRigOptions } from '../../support/etl-rig';
import { EtlStackOptions, synthEtl } from '../../support/etl-stack';
import { worstExecution } from '../../support/worst-execution';

/** Names of events by which AWS bills a transition. */
const ENTERED = /StateEntered$/;

describe('the budget of a run that is divided', () => {
  test.each([[1, 1], [16, 8], [40, 3]])('%d workers with %d slices, every retry used and an outage at every page: the history keeps its room for redrives', async (workers, slices) => {
    const { machines } = synthEtl({ partitions: Partitions.ofObjectIds({ workers, slices }) });
    const ranges = Array.from({ length: workers * slices }, (_, number) => ({ number, cursor: `${number}`, pages: 0, items: 0, segments: 0 }));
    const execution = worstExecution(machines.Workflow, {
      input: {},
      answer: (state, { Input }): JsonValue => {
        if (state === 'Plan Ranges') return { Payload: { ranges } };
        const input = objectOf(Input);
        const { pages, segments, ...progress } = objectOf(input.progress);
        const after = { ...progress, pages: Number(pages) + 1, segments: Number(segments) + 1 };
        // A failure of the last segment of a share would be reported.
        const failure = after.segments >= Number(objectOf(input.range).lastSegment) ? null : { Error: 'SourceUnavailable', Cause: '' };
        return { Input: input, Output: { progress: after, done: false, failure } };
      },
    });
    expect(await execution.run()).toMatchObject({ status: 'FAILED', error: 'RunTooLong' });
    const redrives = 10 * (1 + workers * 21);
    expect(execution.history.events.length).toBeLessThan(25_000 - redrives);
    expect(execution.history.events.length).toBeGreaterThan((25_000 - redrives) / 2);
  });

  test('a run that restarts itself cannot be divided', () => {
    const partitions = Partitions.ofObjectIds({ workers: 2 });
    expect(() => synthEtl({ continuation: RunContinuation.selfRestart(), partitions })).toThrow(/one execution has to wait for all ranges/);
  });
});

describe('a run in virtual time', () => {
  const pages = 3_200;
  const common: EtlRigOptions = { items: pages * 2, batchSize: 2, seconds: 1 };

  async function measure(more: EtlStackOptions): Promise<{ readonly seconds: number; readonly transitions: number }> {
    let transitions = 0;
    const rig = await EtlRig.deploy({ ...common, ...more, onEvent: ({ event: { type } }) => { transitions += Number(ENTERED.test(type)); } });
    expect(await rig.run()).toMatchObject({ status: 'SUCCEEDED', output: { items: pages * 2 } });
    expect(rig.keys).toHaveLength(pages * 2);
    return { seconds: rig.clock.now() / 1_000, transitions };
  }

  test('takes at most 1.15 / k of the time with k workers, and at most 2 % more transitions', async () => {
    const one = await measure({ partitions: Partitions.ofObjectIds({ workers: 1, slices: 1 }) });
    for (const [workers, slices] of [[4, 8], [16, 2]]) {
      const { seconds, transitions } = await measure({ partitions: Partitions.ofObjectIds({ workers, slices }) });
      expect(seconds).toBeLessThanOrEqual((one.seconds * 1.15) / workers);
      expect(transitions).toBeLessThanOrEqual(one.transitions * 1.02);
    }
  }, 10 * 60_000);
});

function objectOf(value: unknown): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('no object');
  return Object.fromEntries(Object.entries(value));
}

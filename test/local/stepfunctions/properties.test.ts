import fc from 'fast-check';
import { newExecution, sequence, task, types } from './support';
import { VirtualClock } from '../../../local/clock';
import { JsonObject, JsonValue } from '../../../local/json';
import { retryDelay } from '../../../local/stepfunctions/interpreter/error-handling';
import { PayloadMeter } from '../../../local/stepfunctions/interpreter/payload';
import { formatTimestamp, parseTimestamp } from '../../../local/stepfunctions/interpreter/timestamp';

/** A state with the number of events it takes and the seconds it waits, by the rules recorded on AWS. */
interface Costed {
  readonly state: JsonObject;
  readonly events: number;
  readonly seconds: number;
}

const leaf: fc.Arbitrary<Costed> = fc.oneof(
  fc.constant({ state: { Type: 'Pass' }, events: 2, seconds: 0 }),
  fc.nat(10_000).map((seconds) => ({ state: { Type: 'Wait', Seconds: seconds }, events: 2, seconds })),
  fc.constant({ state: task({ ResultPath: null }), events: 5, seconds: 0 }),
  fc.constant({ state: task({ Resource: 'arn:aws:states:::states:startExecution.sync:2', ResultPath: null }), events: 6, seconds: 0 }),
);

const nested: fc.Arbitrary<Costed> = fc.oneof(
  leaf,
  fc.tuple(leaf, fc.nat(5)).map(([{ state, events, seconds }, items]) => ({
    state: { Type: 'Map', ResultPath: null, ItemsPath: `$.lists[${items}]`, MaxConcurrency: 1, ItemProcessor: { StartAt: 'I', States: { I: { ...state, End: true } } } },
    events: 4 + items * (2 + events),
    seconds: items * seconds,
  })),
  fc.array(leaf, { minLength: 1, maxLength: 3 }).map((branches) => ({
    state: { Type: 'Parallel', ResultPath: null, Branches: branches.map(({ state }, index) => ({ StartAt: `B${index}`, States: { [`B${index}`]: { ...state, End: true } } })) },
    events: 4 + branches.reduce((sum, { events }) => sum + events, 0),
    seconds: Math.max(...branches.map(({ seconds }) => seconds)),
  })),
);

test('property: events and virtual time of an execution are what its states say', async () => {
  await fc.assert(fc.asyncProperty(fc.array(nested, { minLength: 1, maxLength: 5 }), async (states) => {
    const clock = new VirtualClock(0);
    const named = states.map(({ state }, index) => [`S${index}`, JSON.parse(JSON.stringify(state).replace(/"(I|B\d)"/g, `"S${index}$1"`))] as const);
    const execution = newExecution(sequence(Object.fromEntries(named)), {
      clock,
      input: { lists: Array.from({ length: 6 }, (_, length) => Array.from({ length }, () => ({}))) },
      task: async (call) => {
        if (call.resource.kind === 'service' && call.resource.pattern !== undefined) call.submitted({});
        return {};
      },
    });
    expect((await execution.run()).status).toBe('SUCCEEDED');
    expect(types(execution)).toHaveLength(2 + states.reduce((sum, { events }) => sum + events, 0));
    expect(clock.now()).toBe(1000 * states.reduce((sum, { seconds }) => sum + seconds, 0));
  }), { numRuns: 40 });
});

test('property: a retry delay lies between zero and the backoff, and reaches it without jitter', () => {
  const retriers = fc.record({
    IntervalSeconds: fc.integer({ min: 1, max: 100 }),
    BackoffRate: fc.double({ min: 1, max: 3, noNaN: true }),
    MaxDelaySeconds: fc.integer({ min: 101, max: 900 }),
  });
  fc.assert(fc.property(retriers, fc.nat(8), fc.double({ min: 0, max: 0.999, noNaN: true }), (retrier, attempted, chance) => {
    const most = Math.min(retrier.IntervalSeconds * retrier.BackoffRate ** attempted, retrier.MaxDelaySeconds);
    const exact = retryDelay({ ErrorEquals: [], ...retrier }, attempted, () => chance);
    const jittered = retryDelay({ ErrorEquals: [], ...retrier, JitterStrategy: 'FULL' }, attempted, () => chance);
    expect(exact).toBe(most);
    expect(jittered).toBe(chance * most);
  }));
});

test('property: the size of a payload is that of its JSON text in UTF-8', () => {
  fc.assert(fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), (value) => {
    const json: JsonValue = JSON.parse(JSON.stringify(value));
    expect(new PayloadMeter().bytes(json)).toBe(Buffer.byteLength(JSON.stringify(json)));
  }));
});

test('property: a timestamp is read as it was written', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (time) => {
    expect(parseTimestamp(formatTimestamp(time))).toBe(time);
  }));
});

test.each(['2016-03-14T01:59:00', '2016-03-14 01:59:00Z', '2016-13-14T01:59:00Z', '2016-02-30T01:59:00Z', '2016-03-14T24:59:00Z', '14-03-2016T01:59:00Z', ''])(
  '%p is no timestamp', (text) => {
    expect(parseTimestamp(text)).toBeUndefined();
  },
);

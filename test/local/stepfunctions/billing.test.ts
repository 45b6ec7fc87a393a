import * as fc from 'fast-check';
import { MapRunRig } from './map-run-rig';
import { newExecution, sequence, single } from './support';
import { JsonObject } from '../../../local/json';
import { billedMemory, dataBytes, expressBill, TransitionCounter } from '../../../local/stepfunctions/api/billing';
import { ExpressChange } from '../../../local/stepfunctions/api/execution-metrics';
import { TaskFailure } from '../../../local/stepfunctions/interpreter/failure';
import { TaskCall } from '../../../local/stepfunctions/interpreter/task';

describe('what an Express execution is billed for', () => {
  test('memory is that of the example of the pricing page, in full steps of 64 MB', () => {
    // 50 MB and 50 KB and 400 steps of 32 KB are 62.85 MB.
    expect(billedMemory(50_000, 400 * 32_000)).toBe(64);
    expect(billedMemory(50_000, 13_950_000)).toBe(64);
    expect(billedMemory(50_000, 13_950_001)).toBe(128);
    // 100 million executions of ten seconds are 62,500,000 GB-s there.
    expect(expressBill(10_000, 50_000, 12_800_000).gigabyteSeconds * 100_000_000).toBe(62_500_000);
  });

  test('property: longer, larger and more is never cheaper', () => {
    const size = fc.nat(100_000_000);
    fc.assert(fc.property(fc.nat(300_000), size, size, fc.nat(1_000), (time, definition, data, more) => {
      const { gigabyteSeconds } = expressBill(time, definition, data);
      expect(expressBill(time + more, definition + more, data + more).gigabyteSeconds).toBeGreaterThanOrEqual(gigabyteSeconds);
      expect(gigabyteSeconds).toBeGreaterThanOrEqual(0.1 * 64 / 1_024);
    }));
  });

  test.each([
    ['the input', single({ Type: 'Pass' }), 'x'.repeat(998), 1_000],
    ['the largest input of a state', sequence({ A: { Type: 'Pass', Result: 'x'.repeat(1_998) }, B: { Type: 'Pass' } }), 'x', 2_000],
    ['what all iterations begin with', mapOf(), Array.from({ length: 100 }, () => 'x'.repeat(98)), 10_101],
    ['what all iterations begin with, be it more than the input', mapOf({ ItemSelector: { 'a.$': '$', 'b.$': '$' } }), [1, 1, 1], 3 * 25],
    ['what all branches begin with', single({ Type: 'Parallel', Branches: [single({ Type: 'Pass' }, 'A'), single({ Type: 'Pass' }, 'B')] }), 'x'.repeat(998), 2_000],
  ])('the data are %s', async (_, definition, input, expected) => {
    const execution = newExecution(definition, { input });
    await execution.run();
    expect(dataBytes(execution.history.events)).toBe(expected);
  });

  function mapOf(fields: JsonObject = {}): JsonObject {
    return single({ Type: 'Map', ItemProcessor: single({ Type: 'Pass' }, 'Item'), ...fields });
  }
});

describe('Express children of a Map Run', () => {
  test('each tells of its start and of its end, with its bill', async () => {
    const changes: ExpressChange[] = [];
    const rig: MapRunRig = new MapRunRig(async ({ input }) => {
      await rig.clock.sleep(Number(input));
      if (input === 250) throw new TaskFailure('Mine');
      return 'done';
    }, undefined, { onExpress: (change) => changes.push(change) });
    await rig.run([50, 250, 1_000], { ToleratedFailureCount: 1 }, 'EXPRESS');
    expect(changes.filter(({ status }) => status === 'RUNNING')).toHaveLength(3);
    const ends = changes.filter(({ stopDate }) => stopDate !== undefined);
    expect(ends.map(({ status, bill, inputBytes, outputBytes }) => [status, bill?.milliseconds, bill?.memory, inputBytes, outputBytes])).toEqual([
      ['SUCCEEDED', 100, 64, 2, 6], ['FAILED', 300, 64, 3, undefined], ['SUCCEEDED', 1_000, 64, 4, 6],
    ]);
    expect(changes[0].stateMachineArn).toMatch(/:stateMachine:parent\/label$/);
  });
});

describe('state transitions', () => {
  /** Counts those of one distributed Map over three items. */
  async function ofMap(type: 'STANDARD' | 'EXPRESS', task: (call: TaskCall) => Promise<null>, fields: JsonObject = {}): Promise<number> {
    const counter = new TransitionCounter();
    const rig = new MapRunRig(task, undefined, { observe: counter.observe });
    await rig.run([0, 1, 2], fields, type);
    return counter.total;
  }

  test('a child of a distributed Map is one, and so is each of its states where it is of type STANDARD', async () => {
    expect(await ofMap('EXPRESS', async () => null)).toBe(1 + 3);
    expect(await ofMap('STANDARD', async () => null)).toBe(1 + 3 + 3);
    expect(await ofMap('STANDARD', async () => null, { ItemBatcher: { MaxItemsPerBatch: 3 } })).toBe(1 + 1 + 1);
  });

  test('a retry is one more, and so are a redrive and what it runs again', async () => {
    const counter = new TransitionCounter();
    let failures = 2;
    const Resource = 'arn:aws:lambda:eu-west-1:111122223333:function:work';
    const processor = single({ Type: 'Task', Resource, Retry: [{ ErrorEquals: ['Mine'], MaxAttempts: 1 }] }, 'Child');
    const rig = new MapRunRig(async () => {
      if (failures-- > 0) throw new TaskFailure('Mine');
      return null;
    }, undefined, { observe: counter.observe });
    // The Map, the child, its state, and a retry of that.
    expect(await rig.run([0], {}, 'STANDARD', processor)).toMatchObject({ status: 'FAILED' });
    expect(counter.total).toBe(4);
    // The parent is redriven and its Map goes on, the child is redriven and its state runs again.
    await rig.redrive();
    expect(counter.total).toBe(4 + 4);
  });

  test('a definition counts what an execution of it enters', async () => {
    const counter = new TransitionCounter();
    const onEvent: NonNullable<Parameters<typeof newExecution>[1]>['onEvent'] = (event, executionArn) => counter.observe({ executionArn, event });
    const definition = sequence({ A: { Type: 'Pass' }, M: { Type: 'Map', ItemProcessor: single({ Type: 'Pass' }, 'I') } });
    await newExecution(definition, { input: [1, 2], onEvent }).run();
    expect(counter.total).toBe(4);
  });
});

import fc from 'fast-check';
import { MemoryStorage, reader, working } from './distributed-map-support';
import { list, MapRunRig, object, parentArn } from './map-run-rig';
import { ServiceError } from '../../../local/aws/service';
import { JsonObject, JsonValue } from '../../../local/json';
import { TaskFailure } from '../../../local/stepfunctions/interpreter/failure';
import { TaskCall } from '../../../local/stepfunctions/interpreter/task';

const STATUSES = ['pending', 'running', 'succeeded', 'failed', 'timedOut', 'aborted', 'pendingRedrive'];

function sum(counts: JsonObject): number {
  return STATUSES.reduce((total, status) => total + Number(counts[status]), 0);
}

/** Fails every item as often as `failures` says for it, and counts how often each succeeds. */
function failing(failures: readonly number[]) {
  const left = [...failures];
  const successes = failures.map(() => 0);
  const task = async ({ input, clock, signal }: TaskCall): Promise<JsonValue> => {
    const item = Number(input);
    if (left[item]-- > 0) throw new TaskFailure('Mine', `item ${item}`);
    // Work that is called off has not succeeded.
    await clock.sleep(1000, signal);
    successes[item]++;
    return item * 10;
  };
  return { task, successes };
}

describe('counts', () => {
  test('property: at any time each child counts once, as many run as may, and the items add up like the children', async () => {
    const child = fc.record({ seconds: fc.integer({ min: 0, max: 20 }), fails: fc.boolean() });
    const [few, size] = [fc.integer({ min: 0, max: 4 }), fc.integer({ min: 1, max: 3 })];
    const settings = fc.record({ concurrency: few, tolerated: few, batch: size });
    await fc.assert(fc.asyncProperty(fc.array(child, { minLength: 1, maxLength: 10 }), settings, async (plan, { concurrency, tolerated, batch }) => {
      const rig: MapRunRig = new MapRunRig(async ({ input }) => {
        const [first] = list(object(input).Items);
        await rig.clock.sleep(Number(first.seconds) * 1000);
        if (first.fails === true) throw new TaskFailure('Mine');
        return input;
      });
      const samples: Promise<void>[] = [];
      const sample = async () => {
        const { executionCounts, itemCounts } = await rig.mapRun();
        expect(sum(object(executionCounts))).toBe(Math.ceil(plan.length / batch));
        expect(sum(object(itemCounts))).toBe(plan.length);
        expect(object(itemCounts).total).toBe(plan.length);
        if (concurrency > 0) expect(Number(object(executionCounts).running)).toBeLessThanOrEqual(concurrency);
      };
      for (let second = 0; second <= 20; second += 4) rig.clock.after(second * 1000 + 1, () => samples.push(sample()));
      await rig.run(plan, { MaxConcurrency: concurrency, ToleratedFailureCount: tolerated, ItemBatcher: { MaxItemsPerBatch: batch } });
      await Promise.all([...samples, sample()]);
    }), { numRuns: 40 });
  });

  test('no more than 10,000 run at once', async () => {
    const rig = new MapRunRig(failing([]).task);
    const wait = { StartAt: 'Child', States: { Child: { Type: 'Wait', Seconds: 10, End: true } } };
    await rig.start(Array.from({ length: 10_003 }, () => 0), { ResultSelector: { done: true } }, 'STANDARD', wait);
    let counts: JsonValue | undefined;
    rig.clock.after(5_000, async () => {
      counts = (await rig.mapRun()).executionCounts;
    });
    expect(await rig.ended()).toMatchObject({ status: 'SUCCEEDED', stopDate: 20 });
    expect(counts).toMatchObject({ total: 10_003, running: 10_000, pending: 3 });
  });

  test('no more than 1,000 Map Runs are open at once; more wait without items, and can be called off', async () => {
    const rig = new MapRunRig(failing([]).task);
    const wait = { StartAt: 'Child', States: { Child: { Type: 'Wait', Seconds: 10, End: true } } };
    await rig.start([0], {}, 'EXPRESS', wait);
    const start = async (name: string): Promise<JsonObject> => rig.call('StartExecution', { stateMachineArn: parentArn.replace(':execution:', ':stateMachine:').replace(/:run$/, ''), name, input: '[0]' });
    for (let index = 1; index < 1_000; index++) await start(`run-${index}`);
    const late = await Promise.all(['called-off', 'late-1', 'late-2'].map(start));
    const [calledOff, first, second] = late.map(({ executionArn }) => String(executionArn));
    let totals: JsonValue[] = [];
    const runOf = async (executionArn: string) => list((await rig.call('ListMapRuns', { executionArn })).mapRuns)[0].mapRunArn;
    rig.clock.after(5_000, async () => {
      await rig.call('StopExecution', { executionArn: calledOff });
      totals = await Promise.all([parentArn, first, second].map(async (arn) => {
        const { itemCounts } = await rig.call('DescribeMapRun', { mapRunArn: await runOf(arn) });
        return object(itemCounts).total;
      }));
    });
    for (const arn of [parentArn, first, second]) await rig.service.ended(arn);
    expect(totals).toEqual([1, 0, 0]);
    const ends = await Promise.all([parentArn, calledOff, first, second].map(async (executionArn) => {
      const { status, stopDate } = await rig.call('DescribeExecution', { executionArn });
      return [status, stopDate];
    }));
    expect(ends).toEqual([['SUCCEEDED', 10], ['ABORTED', 5], ['SUCCEEDED', 20], ['SUCCEEDED', 20]]);
  });

  test('no more start after the failure that is one too many; those that run are stopped', async () => {
    const rig: MapRunRig = new MapRunRig(async ({ input }) => {
      await rig.clock.sleep(Number(input) === 0 ? 1_000 : 60_000);
      throw new TaskFailure('Mine');
    });
    expect(await rig.run([0, 1, 2, 3], { MaxConcurrency: 2 })).toMatchObject({
      status: 'FAILED', error: 'States.ExceedToleratedFailureThreshold', cause: 'The specified tolerated failure threshold was exceeded', stopDate: 1,
    });
    const { status, executionCounts } = await rig.mapRun();
    expect(status).toBe('FAILED');
    expect(executionCounts).toEqual({
      total: 4,
      pending: 2,
      running: 0,
      succeeded: 0,
      failed: 1,
      timedOut: 0,
      aborted: 1,
      pendingRedrive: 0,
      resultsWritten: 4,
      failuresNotRedrivable: 0,
    });
    expect(await rig.types()).toEqual([
      'ExecutionStarted', 'MapStateEntered', 'MapStateStarted', 'MapRunStarted', 'MapRunFailed', 'MapStateFailed', 'ExecutionFailed',
    ]);
  });

  test.each([
    [{ ToleratedFailureCount: 2 }, 'SUCCEEDED'], [{ ToleratedFailureCount: 1 }, 'FAILED'], [{ ToleratedFailurePercentage: 50 }, 'SUCCEEDED'],
    [{ ToleratedFailurePercentage: 49.9 }, 'FAILED'], [{ ToleratedFailurePercentage: 100, ToleratedFailureCount: 1 }, 'FAILED'],
    [{ ToleratedFailureCountPath: '$.two', ItemsPath: '$.items' }, 'SUCCEEDED'], [{ ToleratedFailurePercentagePath: '$.half', ItemsPath: '$.items' }, 'SUCCEEDED'],
  ])('two failures of four under %j: %s', async (fields, status) => {
    const { task } = failing([1, 1, 0, 0]);
    const items = [0, 1, 2, 3];
    const input = 'ItemsPath' in fields ? { items, two: '2', half: 50 } : items;
    expect((await new MapRunRig(task).run(input, fields)).status).toBe(status);
  });
});

describe('children', () => {
  test('are executions of a machine of their own that can be listed, described and followed', async () => {
    const { task } = failing([0, 1, 0]);
    const rig = new MapRunRig(task);
    await rig.run([0, 1, 2], { ToleratedFailureCount: 1, MaxConcurrency: 1 });
    const [mapRunArn] = await rig.mapRunArns();
    const children = await rig.children();
    expect(children.map(({ status }) => status)).toEqual(['SUCCEEDED', 'FAILED', 'SUCCEEDED']);
    expect(children[0]).toMatchObject({ mapRunArn, itemCount: 1, stateMachineArn: expect.stringMatching(/:stateMachine:parent\/label$/), redriveCount: 0 });
    const [failed, ...others] = await rig.children({ statusFilter: 'FAILED' });
    expect(others).toEqual([]);
    const { executionArn } = failed;
    expect(await rig.call('DescribeExecution', { executionArn })).toMatchObject({
      status: 'FAILED', input: '1', error: 'Mine', mapRunArn, redriveStatus: 'REDRIVABLE_BY_MAP_RUN',
    });
    expect(await rig.types(String(executionArn))).toEqual([
      'ExecutionStarted', 'TaskStateEntered', 'LambdaFunctionScheduled', 'LambdaFunctionStarted', 'LambdaFunctionFailed', 'ExecutionFailed',
    ]);
    await expect(rig.call('RedriveExecution', { executionArn })).rejects.toThrow(ServiceError);
    const page = await rig.call('ListExecutions', { mapRunArn, maxResults: 2 });
    expect(list((await rig.call('ListExecutions', { mapRunArn, nextToken: page.nextToken ?? null })).executions)).toHaveLength(1);
  });

  /** Two children that take a minute; the second is stopped. */
  async function stopOne(fields: JsonObject) {
    const rig: MapRunRig = new MapRunRig(async ({ clock, signal }) => {
      await clock.sleep(60_000, signal);
      return null;
    });
    await rig.start([0, 1], fields);
    rig.clock.after(5_000, async () => {
      const [{ executionArn }] = await rig.children();
      await rig.call('StopExecution', { executionArn, error: 'Enough' });
    });
    return { rig, end: await rig.ended() };
  }

  test('fail the Map when they are stopped', async () => {
    expect((await stopOne({})).end).toMatchObject({ status: 'FAILED', error: 'States.ExceedToleratedFailureThreshold', stopDate: 5 });
  });

  test('can be stopped where a failure is tolerated', async () => {
    const { rig, end: { status, output } } = await stopOne({ ToleratedFailureCount: 1 });
    expect(status).toBe('SUCCEEDED');
    expect(JSON.parse(String(output))).toEqual([null, expect.objectContaining({ Status: 'ABORTED', Error: 'Enough' })]);
    expect(object((await rig.mapRun()).executionCounts)).toMatchObject({ succeeded: 1, aborted: 1 });
  });

  test('are dropped with their parent', async () => {
    const rig = new MapRunRig(failing([0]).task);
    await rig.run([0]);
    const [{ executionArn, mapRunArn }] = await rig.children();
    rig.service.forget(parentArn);
    await expect(rig.call('DescribeExecution', { executionArn })).rejects.toThrow('Execution Does Not Exist');
    await expect(rig.call('DescribeMapRun', { mapRunArn })).rejects.toThrow('Resource not found');
  });

  test('tell of their beginning and end, if they are of type STANDARD', async () => {
    const told: JsonValue[] = [];
    const onEvent = ({ detail }: { detail: JsonObject }) => void told.push(`${String(detail.stateMachineArn).split(':').at(-1)} ${String(detail.status)}`);
    for (const type of ['STANDARD', 'EXPRESS'] as const) await new MapRunRig(failing([0]).task, undefined, { onEvent }).run([0], {}, type);
    expect(told).toEqual([
      'parent RUNNING', 'parent/label RUNNING', 'parent/label SUCCEEDED', 'parent SUCCEEDED', 'parent RUNNING', 'parent SUCCEEDED',
    ]);
  });

  test('need the right of the role to start them', async () => {
    const authorize = async ({ action, resource }: { action: string; resource: string }, { caller }: { caller: { arn?: string } }) => {
      if (caller.arn !== undefined && action === 'states:StartExecution' && resource.endsWith(':parent')) throw new ServiceError('AccessDeniedException', 'no');
    };
    expect(await new MapRunRig(failing([0]).task, undefined, { authorize }).run([0])).toMatchObject({ status: 'FAILED', error: 'States.Permissions', cause: 'no' });
  });
});

describe('Express children', () => {
  test('have ARNs of their own kind, no history, and cannot be stopped', async () => {
    const rig = new MapRunRig(failing([0]).task);
    await rig.run([0], {}, 'EXPRESS');
    const [{ executionArn, name }] = await rig.children();
    expect(String(executionArn)).toMatch(/:express:parent\/label:[\w-]+:[\w-]+$/);
    expect(String(executionArn).endsWith(String(name))).toBe(true);
    expect(await rig.call('DescribeExecution', { executionArn })).toMatchObject({ status: 'SUCCEEDED', output: '0' });
    await expect(rig.call('GetExecutionHistory', { executionArn })).rejects.toThrow('Resource type not valid in this context: express');
    await expect(rig.call('StopExecution', { executionArn })).rejects.toThrow('Resource type not valid in this context: express');
  });

  test('take five minutes at most', async () => {
    const rig: MapRunRig = new MapRunRig(async ({ clock, input }) => {
      await clock.sleep(input === 0 ? 299_000 : 301_000);
      return input;
    });
    expect(await rig.run([0, 1], { ToleratedFailureCount: 1 }, 'EXPRESS')).toMatchObject({ status: 'SUCCEEDED', stopDate: 300 });
    expect(object((await rig.mapRun()).executionCounts)).toMatchObject({ succeeded: 1, timedOut: 1 });
  });

  test('run on when too many have failed, and the Map Run waits for them', async () => {
    const rig: MapRunRig = new MapRunRig(async ({ clock, input }) => {
      await clock.sleep(input === 0 ? 1_000 : 60_000);
      if (input === 0) throw new TaskFailure('Mine');
      return input;
    });
    expect(await rig.run([0, 1, 2], { MaxConcurrency: 2 }, 'EXPRESS')).toMatchObject({ status: 'FAILED', stopDate: 60 });
    expect(object((await rig.mapRun()).executionCounts)).toMatchObject({ succeeded: 1, failed: 1, pending: 1 });
  });

  test('wait for nothing and have no Map Run of their own', async () => {
    const last = (state: JsonObject): JsonObject => ({ StartAt: 'Inner', States: { Inner: { ...state, End: true } } });
    const nested = { Type: 'Map', ItemProcessor: { ...working, ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' } } };
    const waits: JsonObject = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken', Parameters: { FunctionName: 'work' } };
    for (const processor of [last(nested), last(waits), last({ Type: 'Parallel', Branches: [{ StartAt: 'W', States: { W: { ...waits, End: true } } }] })]) {
      const start = async (type: 'STANDARD' | 'EXPRESS') => new MapRunRig(failing([]).task).start([], {}, type, processor);
      await expect(start('EXPRESS')).rejects.toThrow(/Express state machine does not support|not supported inside 'EXPRESS'/);
      await start('STANDARD');
    }
  });

  test('may run twice', async () => {
    const { task, successes } = failing([0, 0]);
    const rig = new MapRunRig(task);
    rig.service.runExpressTwice();
    expect(await rig.run([0, 1], {}, 'EXPRESS')).toMatchObject({ status: 'SUCCEEDED', output: '[0,10]' });
    expect(successes).toEqual([2, 2]);
  });
});

describe('UpdateMapRun', () => {
  const slow = () => new MapRunRig(async ({ clock, input }) => {
    await clock.sleep(10_000);
    if (input === 'bad') throw new TaskFailure('Mine');
    return input;
  });

  test('changes how many children run at once', async () => {
    const rig = slow();
    await rig.start([0, 1, 2, 3, 4, 5], { MaxConcurrency: 1 });
    rig.clock.after(15_000, async () => void await rig.call('UpdateMapRun', { mapRunArn: (await rig.mapRunArns())[0], maxConcurrency: 5 }));
    expect(await rig.ended()).toMatchObject({ status: 'SUCCEEDED', stopDate: 25 });
    expect(await rig.mapRun()).toMatchObject({ maxConcurrency: 5 });
  });

  test('changes how many may fail, also downwards', async () => {
    const rig = slow();
    await rig.start(['bad', 0, 1], { MaxConcurrency: 1, ToleratedFailureCount: 1 });
    rig.clock.after(15_000, async () => void await rig.call('UpdateMapRun', { mapRunArn: (await rig.mapRunArns())[0], toleratedFailureCount: 0 }));
    expect(await rig.ended()).toMatchObject({ status: 'FAILED', stopDate: 15 });
  });

  test('is refused for nothing, for wrong values and after the end', async () => {
    const rig = slow();
    await rig.start([0]);
    const [mapRunArn] = await rig.mapRunArns();
    await expect(rig.call('UpdateMapRun', { mapRunArn })).rejects.toThrow('at least one setting');
    await expect(rig.call('UpdateMapRun', { mapRunArn, maxConcurrency: -1 })).rejects.toThrow('maxConcurrency');
    await expect(rig.call('UpdateMapRun', { mapRunArn, toleratedFailurePercentage: 100.5 })).rejects.toThrow('toleratedFailurePercentage');
    await expect(rig.call('UpdateMapRun', { mapRunArn: `${mapRunArn}0`, maxConcurrency: 1 })).rejects.toThrow('Resource not found');
    await rig.ended();
    await expect(rig.call('UpdateMapRun', { mapRunArn, maxConcurrency: 1 })).rejects.toThrow('SUCCEEDED');
  });
});

describe('redrive', () => {
  const property = 'property: redriven until the Map succeeds, every item has succeeded once, except for those whose failure it tolerates (%s)';

  test.each(['STANDARD', 'EXPRESS'] as const)(property, async (type) => {
    const few = fc.integer({ min: 0, max: 3 });
    const plan = fc.record({ failures: fc.array(few, { minLength: 1, maxLength: 10 }), tolerated: few, concurrency: few });
    await fc.assert(fc.asyncProperty(plan, async ({ failures, tolerated, concurrency }) => {
      const { task, successes } = failing(failures);
      const rig = new MapRunRig(task);
      let end = await rig.run(failures.map((_, index) => index), { ToleratedFailureCount: tolerated, MaxConcurrency: concurrency }, type);
      for (let redrives = 0; end.status === 'FAILED'; redrives++) {
        expect(redrives).toBeLessThanOrEqual(failures.reduce((total, count) => total + count, 0));
        end = await rig.redrive();
      }
      const results = JSON.parse(String(end.output));
      const lost = successes.filter((count) => count === 0).length;
      expect(lost).toBeLessThanOrEqual(tolerated);
      successes.forEach((count, item) => {
        expect(count).toBeLessThanOrEqual(1);
        expect(results[item]).toEqual(count === 1 ? item * 10 : expect.objectContaining({ Status: 'FAILED' }));
      });
      const { executionCounts, status } = await rig.mapRun();
      expect([status, object(executionCounts)]).toEqual(['SUCCEEDED', expect.objectContaining({ succeeded: failures.length - lost, failed: lost, pending: 0 })]);
    }), { numRuns: 60 });
  });

  test('goes on with the same Map Run, and tells so', async () => {
    const rig = new MapRunRig(failing([0, 1, 0]).task);
    await rig.run([0, 1, 2], { MaxConcurrency: 1 });
    const before = await rig.children();
    expect(await rig.redrive()).toMatchObject({ status: 'SUCCEEDED', output: '[0,10,20]' });
    expect((await rig.types()).slice(6)).toEqual([
      'ExecutionFailed', 'ExecutionRedriven', 'MapRunRedriven', 'MapRunSucceeded', 'MapStateSucceeded', 'MapStateExited', 'ExecutionSucceeded',
    ]);
    expect(await rig.mapRunArns()).toHaveLength(1);
    expect(await rig.mapRun()).toMatchObject({ status: 'SUCCEEDED', redriveCount: 1, redriveDate: expect.any(Number) });
    // The failed child went on, the one that had not begun began, and the first was left alone.
    const after = await rig.children();
    expect(after.slice(1).map(({ executionArn }) => executionArn)).toEqual(before.map(({ executionArn }) => executionArn));
    expect(after.map(({ redriveCount }) => redriveCount)).toEqual([0, 1, 0]);
    expect(await rig.types(String(after[1].executionArn))).toContain('ExecutionRedriven');
  });

  test('starts Express children again, under the same ARN', async () => {
    const rig = new MapRunRig(failing([1]).task);
    await rig.run([0], {}, 'EXPRESS');
    const [{ executionArn }] = await rig.children();
    await rig.redrive();
    expect(await rig.children()).toEqual([expect.objectContaining({ executionArn, status: 'SUCCEEDED' })]);
  });

  test('children that wait for their turn are pending redrive, until the Map Run ends', async () => {
    let hopeless = true;
    const rig: MapRunRig = new MapRunRig(async ({ clock, signal, input }) => {
      await clock.sleep(10_000, signal);
      if (hopeless) throw new TaskFailure('Mine');
      return input;
    });
    const counts = async () => object((await rig.mapRun()).executionCounts);
    await rig.run([0, 1, 2], { MaxConcurrency: 1, ToleratedFailureCount: 1 });
    expect(await counts()).toMatchObject({ failed: 2, pending: 1, pendingRedrive: 0 });
    let during: JsonObject = {};
    rig.clock.after(5_000, async () => {
      during = await counts();
    });
    expect((await rig.redrive()).status).toBe('FAILED');
    expect(during).toMatchObject({ running: 1, pendingRedrive: 1, pending: 1, failed: 0 });
    rig.clock.after(5_000, () => void rig.call('StopExecution', { executionArn: parentArn }));
    await rig.redrive();
    // The first was stopped, the second has the failure that it had, and the third has still not begun.
    expect(await counts()).toMatchObject({ aborted: 1, failed: 1, pendingRedrive: 0, pending: 1 });
    hopeless = false;
    expect(await rig.redrive()).toMatchObject({ status: 'SUCCEEDED', output: '[0,1,2]' });
  });

  test('a child whose redrive has come too late stays lost, and counts as failed', async () => {
    const rig: MapRunRig = new MapRunRig(async ({ clock, input }) => {
      if (input === 0) throw new TaskFailure('Mine');
      await clock.sleep(20 * 86_400_000);
      throw new TaskFailure('Mine');
    });
    await rig.run([0, 1], { ToleratedFailureCount: 1 });
    expect(object((await rig.mapRun()).executionCounts)).toMatchObject({ failed: 2, failuresNotRedrivable: 1 });
    const [, first] = await rig.children();
    expect(await rig.redrive()).toMatchObject({ status: 'FAILED' });
    expect(first).toMatchObject({ redriveCount: 0 });
  });

  test('reads the items again if they could not be read', async () => {
    const storage = new MemoryStorage();
    const rig = new MapRunRig(failing([0, 0]).task, storage);
    expect(await rig.run({}, reader({ InputType: 'JSON' }, { Key: 'file' }))).toMatchObject({ error: 'States.ItemReaderFailed' });
    storage.objects.set('file', Buffer.from('[0,1]'));
    expect(await rig.redrive()).toMatchObject({ status: 'SUCCEEDED', output: '[0,10]' });
    expect(await rig.mapRunArns()).toHaveLength(1);
  });

  test('starts another Map Run where the results were too large', async () => {
    let size = 200_000;
    const rig = new MapRunRig(async () => 'x'.repeat(size));
    expect(await rig.run([0, 1])).toMatchObject({ error: 'States.DataLimitExceeded' });
    size = 10;
    expect((await rig.redrive()).status).toBe('SUCCEEDED');
    expect((await rig.mapRunArns())).toHaveLength(2);
    expect(await rig.types()).not.toContain('MapRunRedriven');
  });

  test('a Retry of the state starts another Map Run', async () => {
    const rig = new MapRunRig(failing([1, 0]).task);
    expect(await rig.run([0, 1], { Retry: [{ ErrorEquals: ['States.ExceedToleratedFailureThreshold'] }] })).toMatchObject({ status: 'SUCCEEDED' });
    expect(await rig.mapRunArns()).toHaveLength(2);
  });
});

describe('the end of the parent', () => {
  const waiting = () => new MapRunRig(async ({ clock, input }) => {
    await clock.sleep(60_000);
    return input;
  });

  test('stops the children; a redrive goes on with all of them', async () => {
    const rig = waiting();
    await rig.start([0, 1, 2], { MaxConcurrency: 2 });
    rig.clock.after(5_000, () => void rig.call('StopExecution', { executionArn: parentArn }));
    expect(await rig.ended()).toMatchObject({ status: 'ABORTED', stopDate: 5 });
    expect(await rig.mapRun()).toMatchObject({ status: 'ABORTED', executionCounts: { aborted: 2, pending: 1 } });
    expect((await rig.children()).map(({ status, stopDate }) => [status, stopDate])).toEqual([['ABORTED', 5], ['ABORTED', 5]]);
    expect(await rig.redrive()).toMatchObject({ status: 'SUCCEEDED', output: '[0,1,2]' });
  });

  test('does not stop Express children; a redrive waits for them', async () => {
    const rig = waiting();
    await rig.start([0, 1], {}, 'EXPRESS');
    rig.clock.after(5_000, () => void rig.call('StopExecution', { executionArn: parentArn }));
    await rig.service.ended(parentArn);
    expect(await rig.mapRun()).toMatchObject({ status: 'RUNNING', executionCounts: { running: 2 } });
    expect(await rig.redrive()).toMatchObject({ status: 'SUCCEEDED', output: '[0,1]', stopDate: 60 });
  });

  test('in a Parallel, a failed sibling aborts the Map Run', async () => {
    const rig = waiting();
    const branch = (name: string, state: JsonObject): JsonObject => ({ StartAt: name, States: { [name]: { ...state, End: true } } });
    const map = { Type: 'Map', ItemProcessor: { ...branch('Child', { Type: 'Wait', Seconds: 60 }), ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } } };
    const sibling: JsonObject = { StartAt: 'Soon', States: { Soon: { Type: 'Wait', Seconds: 5, Next: 'Bad' }, Bad: { Type: 'Fail' } } };
    const definition = branch('Both', { Type: 'Parallel', Branches: [branch('Map', map), sibling] });
    const { arn } = await rig.service.createStateMachine({ name: 'parent', roleArn: 'arn:aws:iam::111122223333:role/parent', definition: JSON.stringify(definition) });
    await rig.call('StartExecution', { stateMachineArn: arn, name: 'run', input: '[0]' });
    expect(await rig.ended()).toMatchObject({ status: 'FAILED', stopDate: 5 });
    expect((await rig.types()).slice(-4)).toEqual(['MapRunAborted', 'MapStateAborted', 'ParallelStateFailed', 'ExecutionFailed']);
    expect(await rig.mapRun()).toMatchObject({ status: 'ABORTED' });
  });
});

test.each(['x'.repeat(41), 'a b', 'a:b', 'a*', 'a"'])('the label %p is refused when the machine is created', async (Label) => {
  await expect(new MapRunRig(failing([]).task).start([], { Label })).rejects.toThrow('/States/Only/Label');
});

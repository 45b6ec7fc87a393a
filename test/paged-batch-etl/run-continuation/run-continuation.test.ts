import { RunContinuation } from '../../../src/paged-batch-etl/run-continuation/run-continuation';
import { EtlRig, EtlRigOptions } from '../../support/etl-rig';
import { EtlStackOptions, processors } from '../../support/etl-stack';

/** The execution that began a run. */
const FIRST = 'arn:aws:states:us-east-1:111122223333:execution:Workflow:first';

async function deploy(stack: EtlStackOptions, options: Partial<EtlRigOptions> = {}): Promise<EtlRig> {
  return EtlRig.deploy({ items: 5, ...stack, ...options }, stack);
}

describe('a supervised run', () => {
  const stack: EtlStackOptions = { batchSize: 1, continuation: RunContinuation.supervised({ pagesPerSegment: 2 }) };

  test('waits for a segment that is already running, instead of starting another one', async () => {
    const rig = await deploy(stack, { seconds: 30 });
    rig.loseStart('Segment');
    expect((await rig.run()).output).toEqual({ items: 5, pages: 5, segments: 3 });
    expect(await rig.executions('Segment')).toHaveLength(3);
    expect(rig.processed).toEqual([0, 1, 2, 3, 4]);
  });

  test('repeats a segment that has ended without its knowing', async () => {
    const rig = await deploy(stack);
    rig.loseStart('Segment');
    expect((await rig.run()).output).toEqual({ items: 5, pages: 5, segments: 3 });
    expect(rig.processed).toEqual([0, 1, 0, 1, 2, 3, 4]);
    expect(rig.keys).toHaveLength(5);
  });

  test('names its segments by run, number and attempt', async () => {
    const rig = await deploy(stack, { fail: (name, call) => (name === 'handler' && call > 2 && call <= 6 ? { errorType: 'Broken' } : undefined) });
    const run = await rig.start();
    await rig.ended(run);
    await rig.redrive(run);
    const names = (await rig.executions('Segment')).map((arn) => arn.split(':').slice(-1)[0]);
    const [hash] = names[0].split('-');
    expect(hash).toMatch(/^[0-9a-f]{40}$/);
    expect(names).toEqual(['0-0', '1-0', '1-1', '2-0'].map((rest) => `${hash}-${rest}`));
  });

  test('takes up the progress of another one, under its keys, and counts its own', async () => {
    const rig = await deploy(stack);
    const progress = { root: FIRST, cursor: '3', pages: 700, items: 800, segments: 900 };
    expect(await rig.run({ progress })).toEqual({ status: 'SUCCEEDED', output: { items: 2, pages: 2, segments: 1 } });
    expect(rig.keys).toEqual([`${FIRST}/3`, `${FIRST}/4`]);
  });
});

describe('a run that restarts itself', () => {
  const stack: EtlStackOptions = { batchSize: 1, continuation: RunContinuation.selfRestart({ pagesPerSegment: 2 }) };

  test('ends in an execution that answers for all of them', async () => {
    const rig = await deploy(stack, { iam: true });
    const first = await rig.start({ other: 1 });
    const ends = await rig.ends();
    const executions = await rig.executions('Workflow');
    expect(executions).toHaveLength(3);
    const [, second, third] = executions;
    expect(ends.map(({ output }) => output)).toEqual([{ continuedBy: second }, { continuedBy: third }, { items: 5, pages: 5, segments: 3 }]);
    expect(rig.processed).toEqual([0, 1, 2, 3, 4]);
    expect(rig.keys.every((key) => key.startsWith(`${first}/`))).toBe(true);
    expect(rig.historyOf(second)[0].details.input).toEqual({ batch_size: 1, other: 1, progress: { root: first, cursor: '2', pages: 2, items: 2, segments: 1 } });
  });

  test('starts a segment once, whatever becomes of the answer', async () => {
    const rig = await deploy(stack);
    const first = await rig.start();
    rig.loseStart('Workflow');
    const ends = await rig.ends();
    const [, , third] = await rig.executions('Workflow');
    expect(ends.map(({ output }) => output)).toEqual([{ continuedBy: null }, { continuedBy: third }, { items: 5, pages: 5, segments: 3 }]);
    expect(rig.processed).toEqual([0, 1, 2, 3, 4]);
    expect(rig.keys.every((key) => key.startsWith(`${first}/`))).toBe(true);
  });

  test('leaves an execution that was redriven after its page: nobody counts the events of a redrive', async () => {
    const long: EtlStackOptions = { batchSize: 1, continuation: RunContinuation.selfRestart() };
    const rig = await deploy(long, { fail: (name, call) => (name === 'handler' && call > 2 && call <= 6 ? { errorType: 'Broken' } : undefined) });
    const first = await rig.start();
    expect(await rig.ended(first)).toMatchObject({ status: 'FAILED', error: 'Broken' });
    await rig.redrive(first);
    const ends = await rig.ends();
    expect(ends.map(({ output }) => output)).toEqual([{ continuedBy: expect.any(String) }, { items: 5, pages: 5, segments: 2 }]);
    expect(rig.historyOf(first).filter(({ details }) => details.state === 'Read Page')).toHaveLength(4);
    expect(rig.processed).toEqual([0, 1, 2, 3, 4]);
  });

  test('fails before it counts further than 32 bits, and goes on with what it says', async () => {
    const rig = await deploy(stack);
    const progress = { root: FIRST, cursor: 'it is "3"', pages: 7, items: 2 ** 31 - 2, segments: 9 };
    const { error, cause = '' } = await rig.run({ progress });
    expect({ error, read: rig.read.length }).toEqual({ error: 'RunTooLong', read: 0 });
    expect(JSON.parse(cause)).toEqual({ root: FIRST, cursor: 'it is "3"', pages: 0, items: 0, segments: 0 });
    expect((await rig.run({ progress: { ...progress, cursor: '3', items: 2 ** 31 - 3 } })).output).toEqual({ items: 2 ** 31 - 1, pages: 9, segments: 10 });
  });

  test.each(Object.entries(processors))('ends well where nothing is left: %s', async (_name, processor) => {
    const rig = await deploy({ ...stack, processor }, { items: 0 });
    expect(await rig.run()).toEqual({ status: 'SUCCEEDED', output: { items: 0, pages: 0, segments: 1 } });
    expect(rig.handled).toEqual([]);
  });

  test('a page of a state machine is started under another name after a redrive', async () => {
    const rig = await deploy({ ...stack, processor: processors.stateMachine }, { items: 1, fail: (name, call) => (name === 'handler' && call < 4 ? { errorType: 'Broken' } : undefined) });
    const run = await rig.start();
    expect((await rig.ended(run)).error).toBe('States.TaskFailed');
    expect((await rig.redrive(run)).error).toBe('States.TaskFailed');
    expect(await rig.redrive(run)).toMatchObject({ status: 'SUCCEEDED' });
    const children = (await rig.executions('Child')).map((arn) => arn.split(':').slice(-1)[0].slice(40));
    expect(children).toEqual(['-0-1-0', '-0-1-1', '-0-1-2']);
  });
});

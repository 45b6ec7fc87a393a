import { executionState } from '../../../../src/paged-batch-etl/run-ledger/function/executions';
import { readLedgerConfig } from '../../../../src/paged-batch-etl/run-ledger/function/ledger-config';
import { windowOf } from '../../../../src/paged-batch-etl/run-ledger/function/ledger-keys';
import { ItemChange, numberOf, textOf } from '../../../../src/paged-batch-etl/run-ledger/function/ledger-table';
import { endOf } from '../../../../src/paged-batch-etl/run-ledger/function/record-progress';
import { withSegment } from '../../../../src/paged-batch-etl/run-ledger/function/segments';
import { serviceError } from '../../../../src/paged-batch-etl/run-ledger/function/service-error';
import { memberOf } from '../../../../src/private/runtime/member-of';
import { createLedger, GONE, KeptLedger, PREFIX, TAKE_OVER_SECONDS } from '../../../support/kept-ledger';
import { released, releasedNames } from '../../../support/released';

let ledger: KeptLedger;
afterEach(async () => ledger?.close());

const event = (name: string, more: object = {}) => ({ ...released<object>('keep-ledger', 1, name), ...more });
const OTHER = { run: 'arn:aws:states:eu-west-1:111122223333:execution:Workflow:two' };

describe('released events of contract 1', () => {
  test('none of them has gone missing, and each is answered as it was', async () => {
    const names = ['take', 'plan', 'record', 'finish', 'release'];
    expect(releasedNames('keep-ledger', 1)).toEqual([...names].sort());
    ledger = await createLedger();
    for (const name of names) expect(await ledger.keep(event(name))).toEqual(released('keep-ledger', 1, `${name}.answer`));
  });
});

test('what is no event is refused', async () => {
  ledger = await createLedger();
  for (const given of [null, {}, { contract: 2 }, { contract: 1, action: 'steal' }, { ...event('take'), more: 1 }]) {
    await expect(ledger.keep(given)).rejects.toMatchObject({ name: 'InvalidLedgerEvent' });
  }
});

test('the ledger says how far a run is, and how fast', async () => {
  ledger = await createLedger();
  await ledger.keep(event('take'));
  ledger.later(10);
  const progress = { root: 'r', cursor: 'c', pages: 3, items: 30, segments: 1 };
  await ledger.keep(event('record', { progress }));
  await ledger.keep(event('record', { range: 1, progress: { ...progress, items: 15 } }));
  const { run } = released<{ run: string }>('keep-ledger', 1, 'take');
  const item = await ledger.table.get({ pk: `${PREFIX}#RUN#${run}`, sk: 'RUN' });
  expect(['items', 'pages', 'segments', 'itemsPerSecond'].map((name) => numberOf(item, name))).toEqual([45, 6, 2, 4.5]);
  expect(textOf(await ledger.table.get({ pk: `${PREFIX}#RUN#${run}`, sk: 'RANGE#0001' }), 'cursor')).toBe('c');
});

test('the ledger says when a run will have ended, if it goes on like that, for as long as nothing is known to be wrong with that', async () => {
  ledger = await createLedger();
  await ledger.keep(event('take'));
  const { run } = released<{ run: string }>('keep-ledger', 1, 'take');
  const said = async (items: number, more: object = {}) => {
    await ledger.keep(event('record', { ...more, progress: { root: 'r', cursor: 'c', pages: items, items, segments: 1 } }));
    const item = await ledger.table.get({ pk: `${PREFIX}#RUN#${run}`, sk: 'RUN' });
    return [numberOf(item, 'expectedItems'), textOf(item, 'eta')];
  };
  expect(await said(0, { estimate: { items: null } })).toEqual([undefined, undefined]);
  expect(await said(0, { estimate: { items: 100 } })).toEqual([100, undefined]);
  ledger.later(60);
  expect(await said(25, { estimate: { items: 100 } })).toEqual([100, '2026-11-25T00:04:00.000Z']);
  // Of two ranges together.
  ledger.later(60);
  expect(await said(25, { range: 1, estimate: { items: 100 } })).toEqual([100, '2026-11-25T00:04:00.000Z']);
  expect(await said(80, { range: 1, estimate: { items: 100 } })).toEqual([100, undefined]);
  await ledger.keep(event('release'));
  expect(textOf(await ledger.table.get({ pk: `${PREFIX}#RUN#${run}`, sk: 'RUN' }), 'eta')).toBeUndefined();
});

test.each([
  [{ done: 50, expected: 100, started: 0, now: 1_000 }, 2_000],
  [{ done: 100, expected: 100, started: 0, now: 1_000 }, 1_000],
  [{ done: 101, expected: 100, started: 0, now: 1_000 }, undefined],
  [{ done: 0, expected: 100, started: 0, now: 1_000 }, undefined],
  [{ done: 50, expected: null, started: 0, now: 1_000 }, undefined],
  [{ done: 50, expected: 100, started: 1_000, now: 1_000 }, undefined],
  [{ done: 1, expected: 2 ** 31, started: 0, now: 1_000_000_000 }, undefined],
  [{ done: 1, expected: 5, started: Number.NaN, now: 1_000 }, undefined],
])('%j ends at %p', (pace, end) => {
  expect(endOf(pace)).toBe(end);
});

test('a redriven run that begins before the place where its stopped segment was does not lose that place', async () => {
  ledger = await createLedger();
  await ledger.keep(event('take'));
  const { run } = released<{ run: string }>('keep-ledger', 1, 'take');
  const at = async () => textOf(await ledger.table.get({ pk: `${PREFIX}#RUN#${run}`, sk: 'RANGE#0000' }), 'cursor');
  await ledger.keep(event('record', { progress: { root: 'r', cursor: 'far', pages: 9, items: 90, segments: 1 } }));
  await ledger.keep(event('record', { attempt: 1, segment: 'again', progress: { root: 'r', cursor: 'near', pages: 3, items: 30, segments: 1 } }));
  expect(await at()).toBe('far');
  await ledger.keep(event('record', { attempt: 1, segment: 'again', progress: { root: 'r', cursor: 'farther', pages: 10, items: 95, segments: 1 } }));
  expect(await at()).toBe('farther');
});

test('a window is not taken over while a segment of its owner runs, or sooner than it may be after the end of the owner', async () => {
  const running = new Set<string>();
  const endedAt = Date.parse('2026-11-25T00:00:00Z');
  ledger = await createLedger(async (arn) => (running.has(arn) ? { running: true } : { running: false, endedAt }));
  await ledger.keep(event('take'));
  await ledger.keep(event('record'));
  expect(await ledger.keep(event('take', OTHER))).toMatchObject({ outcome: 'WAIT', seconds: TAKE_OVER_SECONDS });
  ledger.later(TAKE_OVER_SECONDS - 1);
  expect(await ledger.keep(event('take', OTHER))).toMatchObject({ outcome: 'WAIT', seconds: 1 });
  ledger.later(1);
  running.add(released<{ segment: string }>('keep-ledger', 1, 'record').segment);
  expect(await ledger.keep(event('take', OTHER))).toMatchObject({ outcome: 'LOCKED', seconds: 0 });
  await expect(ledger.keep({ ...event('take', OTHER), skips: false })).rejects.toMatchObject({ name: 'RunLocked', message: expect.stringContaining('belongs to') });
  running.clear();
  expect(await ledger.keep(event('take', OTHER))).toMatchObject({ outcome: 'OWNED', ...{ owner: OTHER.run } });
  for (const name of ['record', 'release']) await expect(ledger.keep(event(name))).rejects.toMatchObject({ name: 'LockLost', message: `The window of the run belongs to ${OTHER.run}` });
});

test('of runs that ask for a window at once, one has it', async () => {
  const runs = ['two', 'three', 'four'].map((name) => ({ run: OTHER.run.replace('two', name) }));
  const owners = async (window: object) => {
    const taken = await Promise.allSettled(runs.map(async (run) => ledger.keep(event('take', { ...run, ...window }))));
    return taken.filter((each) => each.status === 'fulfilled' && memberOf(each.value, 'outcome') === 'OWNED').length;
  };
  ledger = await createLedger(async (arn) => ({ running: !arn.endsWith(':one'), endedAt: 0 }));
  expect(await owners({ parameters: { day: '2026-01-01' } })).toBe(1);
  const old = { parameters: { day: '2026-01-02' } };
  await ledger.keep(event('take', { ...old, run: OTHER.run.replace('two', 'one') }));
  ledger.later(TAKE_OVER_SECONDS);
  expect(await owners(old)).toBe(1);
});

test('a run that died while it gave its window back has lost it when another run has taken it meanwhile', async () => {
  let dying = true;
  ledger = await createLedger(GONE, {}, ({ remove = [] }) => dying && remove.includes('owner'));
  await ledger.keep(event('take'));
  await expect(ledger.keep(event('release'))).rejects.toThrow('died');
  dying = false;
  ledger.later(TAKE_OVER_SECONDS);
  expect(await ledger.keep(event('take', OTHER))).toMatchObject({ outcome: 'OWNED' });
  await expect(ledger.keep(event('release'))).rejects.toMatchObject({ name: 'LockLost' });
  expect(ledger.lines).toEqual([]);
});

test.each<[string, number]>([['that Step Functions does not know yet', 0], ['that has been redriven, which Step Functions does not know yet', Date.parse('2026-11-24T23:00:00Z')]])(
  'the window of a run is not taken over %s', async (_what, endedAt) => {
    ledger = await createLedger(async () => ({ running: false, endedAt }));
    await ledger.keep(event('take'));
    expect(await ledger.keep(event('take', OTHER))).toMatchObject({ outcome: 'WAIT', seconds: TAKE_OVER_SECONDS });
    ledger.later(TAKE_OVER_SECONDS - 1);
    await ledger.keep(event('record'));
    ledger.later(1);
    expect(await ledger.keep(event('take', OTHER))).toMatchObject({ outcome: 'WAIT', seconds: TAKE_OVER_SECONDS - 1 });
    ledger.later(TAKE_OVER_SECONDS - 1);
    expect(await ledger.keep(event('take', OTHER))).toMatchObject({ outcome: 'OWNED' });
  },
);

test('a segment that is late does not write over a later one', async () => {
  ledger = await createLedger();
  await ledger.keep(event('take'));
  await ledger.keep(event('record', { progress: { root: 'r', cursor: 'c', pages: 3, items: 30, segments: 2 } }));
  await expect(ledger.keep(event('record'))).rejects.toMatchObject({ name: 'LockLost' });
});

describe('a run that counts', () => {
  const { run, window } = { ...released<{ run: string }>('keep-ledger', 1, 'take'), ...released<{ window: string }>('keep-ledger', 1, 'record') };
  const itemOf = async (key: string) => ledger.table.get({ pk: `${PREFIX}#WINDOW#${key}`, sk: 'WINDOW' });

  test('is one success, with or without something to process, however often its end is told', async () => {
    ledger = await createLedger();
    await ledger.keep(event('take'));
    for (let time = 0; time < 2; time++) await ledger.keep(event('release', { totals: { items: 0, pages: 0, segments: 1 } }));
    expect(ledger.lines).toEqual([expect.objectContaining({ FunctionName: 'keeper', SucceededRuns: 1, ProcessingRuns: 0, Run: run })]);
    await ledger.keep(event('take', OTHER));
    await ledger.keep(event('release', { ...OTHER, totals: { items: 0, failed: 1, pages: 1, segments: 1 } }));
    expect(ledger.lines.at(-1)).toMatchObject({ SucceededRuns: 1, ProcessingRuns: 1 });
  });

  test.each(['at once', 'after the function had died before it wrote the end'])('is a success, too, if others have had the window before its end is told again: %s', async (when) => {
    ledger = await createLedger();
    await ledger.keep(event('take'));
    const change = ledger.table.change.bind(ledger.table);
    const dies = async () => { throw new Error('died'); };
    if (when !== 'at once') Object.assign(ledger.table, { change: async (given: ItemChange) => ('endedAt' in given.set ? dies() : change(given)) });
    await ledger.keep(event('release')).catch(() => {});
    Object.assign(ledger.table, { change });
    await ledger.keep(event('take', OTHER));
    await ledger.keep(event('release', OTHER));
    expect(await ledger.keep(event('release'))).toEqual({});
    expect(textOf(await ledger.table.get({ pk: `${PREFIX}#RUN#${run}`, sk: 'RUN' }), 'status')).toBe('SUCCEEDED');
    expect(textOf(await itemOf(window), 'lastRun')).toBe(OTHER.run);
  });

  test('is none that processed letters', async () => {
    ledger = await createLedger();
    await ledger.keep(event('take', { parameters: { day: '2026-11-24', replay: {} } }));
    await ledger.keep(event('release'));
    expect(ledger.lines).toEqual([]);
    expect([textOf(await itemOf(window), 'lastRun'), textOf(await itemOf(window), 'lastSuccess')]).toEqual([run, undefined]);
  });
});

describe('a run that another one is to go on with', () => {
  const { run } = released<{ run: string }>('keep-ledger', 1, 'take');
  const resume = (more: object = {}) => event('take', { ...OTHER, parameters: { resume: run }, divided: true, ...more });
  const taken = async (...events: readonly object[]) => {
    ledger = await createLedger(GONE);
    await ledger.keep(event('take', { divided: true }));
    for (const each of events) await ledger.keep(each);
    ledger.later(TAKE_OVER_SECONDS);
  };

  test('has the ranges that had not begun, and not those that are done', async () => {
    await taken(event('plan'), event('finish'));
    const ranges = [{ number: 0, cursor: 'a', pages: 0, items: 0, failed: 0, segments: 0 }];
    for (let time = 0; time < 2; time++) {
      expect(await ledger.keep(resume())).toMatchObject({ outcome: 'RESUMED', resumed: { root: run, parameters: { day: '2026-11-24', batch_size: 100 }, ranges } });
    }
    // What it goes on with is known before it has begun.
    ledger.later(TAKE_OVER_SECONDS);
    const third = { run: `${OTHER.run}-3` };
    expect(await ledger.keep(resume({ ...third, parameters: { resume: OTHER.run } }))).toMatchObject({ outcome: 'RESUMED', resumed: { root: run, ranges } });
    await expect(ledger.keep(resume({ run: `${OTHER.run}-4` }))).rejects.toMatchObject({ name: 'RunNotResumable', message: `${OTHER.run} goes on with ${run}` });
  });

  test('and is done with all of them only has its window to give back', async () => {
    await taken(event('plan'), event('finish'), event('finish', { range: 0 }));
    expect(await ledger.keep(resume())).toMatchObject({ outcome: 'RESUMED', resumed: { ranges: [] } });
  });

  test.each<[string, object[], object, string]>([
    ['whose ranges nobody knows yet', [], {}, 'RunNotResumable'],
    ['that was divided, where runs are not divided any more', [event('plan')], { divided: false }, 'InvalidResume'],
    ['that succeeded', [event('release')], {}, 'RunNotResumable'],
  ])('%s', async (_what, before, more, error) => {
    await taken(...before);
    await expect(ledger.keep(resume(more))).rejects.toMatchObject({ name: error });
  });

  test('whose ranges expired before the rest is not known', async () => {
    await taken(event('plan'));
    const get = ledger.table.get.bind(ledger.table);
    Object.assign(ledger.table, { get: async (key: { pk: string; sk: string }) => (key.sk === 'PLAN' ? undefined : get(key)) });
    await expect(ledger.keep(resume())).rejects.toMatchObject({ name: 'UnknownRun' });
  });

  test('whose window another one has processed since is over', async () => {
    await taken(event('record'));
    const third = { run: `${OTHER.run}-3` };
    await ledger.keep(event('take', third));
    ledger.later(1);
    await ledger.keep(event('release', third));
    await expect(ledger.keep(resume())).rejects.toMatchObject({ name: 'RunNotResumable', message: `${third.run} has processed the window of ${run} since` });
  });

  test('but not if another one had processed its window before', async () => {
    ledger = await createLedger(GONE);
    for (const name of ['take', 'release']) await ledger.keep(event(name, { run: `${OTHER.run}-0` }));
    await ledger.keep(event('take'));
    ledger.later(TAKE_OVER_SECONDS);
    expect(await ledger.keep(resume({ divided: false }))).toMatchObject({ outcome: 'RESUMED' });
  });

  test('goes on with another batch size, if one is given', async () => {
    await taken(event('plan'));
    expect(await ledger.keep(resume({ parameters: { resume: run, batch_size: 5 } }))).toMatchObject({ resumed: { parameters: { day: '2026-11-24', batch_size: 5 } } });
  });

  test('that processed letters', async () => {
    ledger = await createLedger(GONE);
    await ledger.keep(event('take', { parameters: { day: '2026-11-24', replay: {} } }));
    await expect(ledger.keep(resume())).rejects.toMatchObject({ name: 'RunNotResumable' });
  });

  // Null: the first page of that one failed.
  test.each(['c', null])('that had begun where another one ended goes on there, with its keys: %p', async (cursor) => {
    ledger = await createLedger(GONE);
    await ledger.keep(event('take', { parameters: { day: '2026-11-24', progress: { root: 'r', cursor, pages: 0, items: 0, segments: 0 } } }));
    ledger.later(TAKE_OVER_SECONDS);
    expect(await ledger.keep(resume())).toMatchObject({ resumed: { root: 'r', ranges: [{ number: 0, cursor }] } });
  });
});

test('after a redrive, segments that were stopped are still looked at', () => {
  expect(withSegment([], 'a', 0)).toEqual(['a']);
  expect(withSegment(['a'], 'b', 0)).toEqual(['b']);
  expect(withSegment(['a'], 'b', 1)).toEqual(['a', 'b']);
  expect(withSegment(['a', 'b'], 'c', 0)).toEqual(['a', 'b', 'c']);
  expect(withSegment(['a', 'b'], 'b', 1)).toEqual(['a', 'b']);
});

test('an execution runs unless it has ended', () => {
  expect(executionState('PENDING_REDRIVE', new Date(5))).toEqual({ running: true });
  expect(executionState('RUNNING', undefined)).toEqual({ running: true });
  for (const status of ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']) expect(executionState(status, new Date(5))).toEqual({ running: false, endedAt: 5 });
});

test('windows are what parameters mean, in whatever way they are written', () => {
  const rules = { day: { type: 'date', timeZone: 'Europe/Berlin' }, id: { type: 'objectId' } } as const;
  const window = windowOf(rules, { day: '2026-11-24', id: 'AA00000000000000000000aa', batch_size: 5 });
  expect(windowOf(rules, { id: 'aa00000000000000000000aa', day: '2026-11-23T23:00:00Z' })).toBe(window);
  const others = [{ day: '2026-11-25', id: 'aa00000000000000000000aa' }, { day: '2026-11-24', id: 'bb00000000000000000000aa' }, { day: 'no date', id: 'aa00000000000000000000aa' }];
  expect(new Set([window, ...others.map((each) => windowOf(rules, each))]).size).toBe(4);
});

test.each([
  [{ name: 'ProvisionedThroughputExceededException', $metadata: { httpStatusCode: 400 } }, 'LedgerUnavailable'],
  [{ name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } }, 'LedgerUnavailable'],
  [{ name: 'InternalServerError', $metadata: { httpStatusCode: 500 } }, 'LedgerUnavailable'],
  [{ name: 'TimeoutError' }, 'LedgerUnavailable'],
  [{ name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } }, 'LedgerRefused'],
  [{ name: 'ResourceNotFoundException', $metadata: { httpStatusCode: 400 } }, 'LedgerRefused'],
])('%j is %s', (error, name) => {
  expect(serviceError(error, 'DynamoDB', 'read the ledger')).toMatchObject({ name, message: expect.stringContaining(`(${error.name})`) });
});

test('a function that is not configured says what is missing', () => {
  expect(() => readLedgerConfig({})).toThrow('The function is not configured: TABLE_NAME must be a string');
});

import { Stack } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { ServiceError } from '../../../local/aws/service';
import { JsonObject, JsonValue, memberOf } from '../../../local/json';
import { ItemProcessor } from '../../../src/paged-batch-etl/item-processor/item-processor';
import { PageTransport } from '../../../src/paged-batch-etl/page-transport/page-transport';
import { closeStores, EtlRig, EtlRigOptions } from '../../support/etl-rig';
import { EtlStackOptions, handlerOf, knownHandler, processors } from '../../support/etl-stack';
import { fcRuns, fcTimeout } from '../../support/fc-runs';
import { roleStatements } from '../../support/template';

afterAll(closeStores);

const transport = () => PageTransport.s3();
const names = ['perItem', 'perBatch', 'stateMachine'] as const;
const parameters = { mode: { rule: { type: 'text' }, defaultValue: 'x' } } as const;

async function deploy(stack: EtlStackOptions, options: Partial<EtlRigOptions> = {}): Promise<EtlRig> {
  return EtlRig.deploy({ iam: true, ...stack, transport, ...options }, { transport, ...stack });
}

const sorted = (numbers: readonly number[]) => [...numbers].sort((one, other) => one - other);
const upTo = (count: number) => Array.from({ length: count }, (_, number) => number);

/** Batches or items that the handler was called with, by the first item of each. */
const calls = ({ handled }: EtlRig): readonly JsonValue[][] => handled.map(({ items }) => (Array.isArray(items) ? items : []));

describe.each(names)('%s', (name) => {
  test('processes every item of every page once, with the rights that the template gives', async () => {
    const rig = await deploy({ processor: processors[name] }, { items: 25, pageItems: 10 });
    expect((await rig.run()).output).toEqual({ items: 25, pages: 3, segments: 1 });
    expect(sorted(rig.processed)).toEqual(upTo(25));
    expect(rig.keys).toHaveLength(25);
    expect(rig.read.map(({ contract }) => contract)).toEqual([4, 4, 4]);
  });

  test('a page that fails is processed again by a redrive, from the same object and with the same keys', async () => {
    let broken = true;
    const rig = await deploy({ processor: processors[name] }, {
      items: 25, pageItems: 10, fail: (function_, _call, event) => (broken && function_ === 'handler' && memberOf(event.run, 'page') === 1 ? { errorType: 'Mine' } : undefined),
    });
    const run = await rig.start();
    const end = await rig.ended(run);
    expect(end.status).toBe('FAILED');
    const { Error: error, Cause: cause } = JSON.parse(end.cause ?? '');
    expect(error).toBe('ItemsFailed');
    const [, bucket, key] = /^Items of the page s3:\/\/([^/]+)\/(\S+) were not processed\./.exec(cause) ?? [];
    expect(bucket).toBeTruthy();
    expect((await rig.pages.text(key)).split('\n')[0]).toContain('"number":10');
    const [, folder] = /FAILED files under s3:\/\/[^/]+\/(\S+)$/.exec(cause) ?? [];
    const failures = (await rig.pages.keys()).filter((candidate) => candidate.startsWith(folder) && candidate.includes('/FAILED_'));
    expect(failures).toHaveLength(1);
    expect(JSON.parse((await rig.pages.text(failures[0])).split('\n')[0])).toMatchObject({ Error: name === 'stateMachine' ? 'States.TaskFailed' : 'Mine' });

    broken = false;
    expect(await rig.redrive(run)).toMatchObject({ status: 'SUCCEEDED', output: { items: 25, pages: 3, segments: 2 } });
    expect([...new Set(sorted(rig.processed))]).toEqual(upTo(25));
    expect(rig.keys).toHaveLength(25);
    // The second page was written once, though it was asked for twice.
    const pages = (await rig.pages.keys()).filter((candidate) => candidate.endsWith('.index.jsonl') && !candidate.includes('/results/'));
    expect(pages).toHaveLength(3);
  });

  test('a page that has expired before the redrive is read again, and nothing is lost', async () => {
    let broken = true;
    const rig = await deploy({ processor: processors[name] }, {
      items: 25, pageItems: 10, fail: (function_, _call, event) => (broken && function_ === 'handler' && memberOf(event.run, 'page') === 1 ? { errorType: 'Mine' } : undefined),
    });
    const run = await rig.start();
    expect((await rig.ended(run)).status).toBe('FAILED');
    for (const key of await rig.pages.keys()) await rig.pages.delete(key);
    broken = false;
    expect(await rig.redrive(run)).toMatchObject({ status: 'SUCCEEDED', output: { items: 25, pages: 3, segments: 2 } });
    expect([...new Set(sorted(rig.processed))]).toEqual(upTo(25));
    expect(rig.keys).toHaveLength(25);
  });

  test('large items are told of by where they are', async () => {
    const rig = await deploy({ processor: processors[name] }, { items: 3, itemSize: 210_000 });
    expect((await rig.run()).status).toBe('SUCCEEDED');
    const items = rig.handled.flatMap((event): JsonObject[] => (name === 'perItem' ? [event] : (Array.isArray(event.items) ? event.items : []) as JsonObject[]));
    expect(items).toHaveLength(3);
    for (const { itemIdentifier, item, itemAt } of items) {
      expect(item).toBeUndefined();
      expect(await rig.pages.itemAt(itemAt)).toMatchObject({ number: Number(itemIdentifier) });
    }
  });
});

test('an execution that AWS runs twice changes nothing: each item has the same key both times', async () => {
  const express = (stack: Stack) => ItemProcessor.perBatch({ handler: knownHandler(stack) });
  const rig = await deploy({ processor: express, batchSize: 5 }, { items: 20 });
  rig.service.runExpressTwice();
  expect((await rig.run()).output).toEqual({ items: 20, pages: 1, segments: 1 });
  expect(rig.processed).toHaveLength(40);
  expect(rig.keys).toHaveLength(20);
});

describe('what a function gets', () => {
  test('perItem: what it gets of an inline page', async () => {
    const rig = await deploy({ processor: processors.perItem, parameters }, { items: 5, pageItems: 3 });
    const run = await rig.start();
    await rig.ended(run);
    expect(rig.handled.find(({ itemIdentifier }) => itemIdentifier === '4')).toEqual({
      item: { number: 4 }, itemIdentifier: '4', idempotencyKey: `${run}/4`, parameters: { mode: 'x' }, run: { id: run, page: 1, index: 1 },
    });
  });

  test('perItem: its place in the page, whichever batch it is in', async () => {
    const rig = await deploy({ processor: processors.expressItems }, { items: 250 });
    expect((await rig.run()).output).toEqual({ items: 250, pages: 1, segments: 1 });
    // With a function of 3 seconds, a batch has 120 items.
    const children = new Set(rig.handledItems.map(({ index }) => Math.floor((index ?? -1) / 120)));
    expect(children.size).toBe(3);
    expect(rig.handledItems.map(({ index, item }) => [index, memberOf(item, 'number')]).sort(([one], [other]) => Number(one) - Number(other)))
      .toEqual(upTo(250).map((number) => [number, number]));
    const [key] = (await rig.pages.keys()).filter((candidate) => candidate.endsWith('.index.jsonl'));
    expect((await rig.pages.text(key)).trim().split('\n').map((line) => JSON.parse(line).count)).toEqual([120, 120, 10]);
  });

  test('perBatch: what it gets of an inline page, in batches of the size of the run', async () => {
    const rig = await deploy({ processor: processors.perBatch, parameters }, { items: 7 });
    const run = await rig.start({ batch_size: 3 });
    expect((await rig.ended(run)).output).toEqual({ items: 7, pages: 1, segments: 1 });
    expect(rig.handled).toHaveLength(3);
    expect(rig.handled.find(({ items }) => memberOf(memberOf(items, '0'), 'itemIdentifier') === '6' || (Array.isArray(items) && items.length === 1))).toEqual({
      items: [{ itemIdentifier: '6', idempotencyKey: `${run}/6`, item: { number: 6 } }], parameters: { mode: 'x' }, run: { id: run, page: 0 },
    });
    expect(calls(rig).map((items) => items.length).sort()).toEqual([1, 3, 3]);
  });

  test.each([['perBatch', 200], ['stateMachine', 90]] as const)('%s: batches of no more bytes than fit', async (name, kibibytes) => {
    const rig = await deploy({ processor: processors[name] }, { items: 40, itemSize: 20_000 });
    expect((await rig.run()).status).toBe('SUCCEEDED');
    expect(sorted(rig.processed)).toEqual(upTo(40));
    const sizes = rig.handled.map((event) => Buffer.byteLength(JSON.stringify(event.items)));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(kibibytes * 1024);
    expect(Math.max(...sizes)).toBeGreaterThan(kibibytes * 1024 - 21_000);
  });
});

describe('an execution', () => {
  /** Characters of every length in UTF-8 and in JSON. */
  const text = fc.string({ unit: fc.oneof(fc.constantFrom('"', '\\', '\n', '\0', 'ä', '\u2028', '😀', '\ud83d', '\ude00'), fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })), maxLength: 30 });
  const items = fc.array(fc.record({ itemIdentifier: text.map((each) => `i${each}`), text }), { minLength: 1, maxLength: 40 });

  test.each(names)('%s: hands on exactly what the source has, whatever its texts are, item by item and in order', async (name) => {
    const stack = { processor: processors[name] };
    const rig = await deploy(stack, { iam: false, source: async (event) => rig.pages.write(event, () => ({ items: envelopes, cursor: 'end', done: true })) });
    let envelopes: { itemIdentifier: string; idempotencyKey: string; item: JsonValue }[] = [];
    await fc.assert(fc.asyncProperty(items, fc.integer({ min: 1, max: 7 }), async (all, size) => {
      envelopes = all.map(({ itemIdentifier, text: value }, index) => ({ itemIdentifier, idempotencyKey: `key ${index}`, item: { index, value } }));
      rig.again({ source: async (event) => rig.pages.write(event, () => ({ items: envelopes, cursor: 'end', done: true })) });
      const run = await rig.start({ batch_size: size });
      expect((await rig.ended(run)).output).toEqual({ items: envelopes.length, pages: 1, segments: 1 });
      if (name === 'perItem') {
        const byIndex = [...rig.handled].sort((one, other) => Number(memberOf(one.run, 'index')) - Number(memberOf(other.run, 'index')));
        expect(byIndex).toEqual(envelopes.map((envelope, index) => ({ ...envelope, parameters: {}, run: { id: run, page: 0, index } })));
        return;
      }
      const batches = calls(rig);
      expect(Math.max(...batches.map(({ length }) => length))).toBeLessThanOrEqual(size);
      const first = (batch: readonly JsonValue[]) => Number(memberOf(memberOf(batch[0], 'item'), 'index'));
      expect([...batches].sort((one, other) => first(one) - first(other)).flat()).toEqual(envelopes);
    }), { numRuns: fcRuns(30) });
  }, fcTimeout(30));

  test('of several batches starts a machine for each of them, under names that are never taken', async () => {
    const rig = await deploy({ processor: processors.stateMachine }, { items: 45 });
    expect((await rig.run({ batch_size: 3 })).status).toBe('SUCCEEDED');
    expect(rig.handled).toHaveLength(15);
    const started = await rig.executions('Child');
    expect(new Set(started.map((arn) => arn.slice(arn.lastIndexOf(':') + 1).replace(/-\d$/, ''))).size).toBe(2);
  });

  test('whose batch is gone fails with the name that S3 has for it', async () => {
    const rig = await deploy({ processor: processors.perBatch }, {
      source: async (event) => {
        const page = await rig.pages.write(event, () => ({ items: [{ itemIdentifier: 'i', idempotencyKey: 'k', item: 1 }], cursor: null, done: true }));
        await rig.pages.delete(String(memberOf(memberOf(page, 'object') ?? null, 'key')));
        return page;
      },
    });
    expect(JSON.parse((await rig.run()).cause ?? '')).toMatchObject({ Error: 'ItemsFailed' });
    const [file] = (await rig.pages.keys()).filter((key) => key.includes('/FAILED_'));
    expect(JSON.parse(await rig.pages.text(file))).toMatchObject({ Error: expect.stringMatching(/^S3\./) });
  });
});

describe('what an answer of a batch means', () => {
  test.each<['perBatch' | 'stateMachine', JsonValue, string]>([
    ['perBatch', { batchItemFailures: [{ itemIdentifier: '3' }] }, 'BatchItemsFailed'],
    ['perBatch', [1], 'InvalidBatchAnswer'],
    ['stateMachine', { batchItemFailures: [{ itemIdentifier: '3' }] }, 'BatchItemsFailed'],
    ['stateMachine', { failures: [] }, 'InvalidBatchAnswer'],
  ])('%s: %j fails the page with %s', async (name, answer, error) => {
    const rig = await deploy({ processor: processors[name] }, { items: 5, answer: () => answer });
    const end = await rig.run();
    expect(JSON.parse(end.cause ?? '')).toMatchObject({ Error: 'ItemsFailed' });
    expect(rig.handled).toHaveLength(1);
    const [file] = (await rig.pages.keys()).filter((key) => key.includes('/FAILED_'));
    expect(JSON.parse(await rig.pages.text(file))).toMatchObject({ Error: error });
  });

  test.each<[JsonValue]>([[null], [''], [{}], [{ batchItemFailures: [] }], ['yes']])('and %j that nothing failed, unless it is no object', async (answer) => {
    const rig = await deploy({ processor: processors.perBatch }, { items: 2, answer: () => answer });
    expect((await rig.run()).status).toBe(typeof answer === 'string' && answer !== '' ? 'FAILED' : 'SUCCEEDED');
  });
});

describe('retries of a function', () => {
  test('happen in the executions of the Map Run, which are all that a page is made of', async () => {
    const failed = new Set<string>();
    const rig = await deploy({ processor: (stack) => ItemProcessor.perItem({ handler: handlerOf(stack), retryAttempts: 1 }) }, {
      items: 4,
      fail: (function_, _call, event) => {
        const item = String(event.itemIdentifier);
        if (function_ === 'source' || failed.has(item)) return undefined;
        failed.add(item);
        return { errorType: 'Mine' };
      },
    });
    expect((await rig.run()).status).toBe('SUCCEEDED');
    expect(failed.size).toBe(4);
    expect(sorted(rig.processed)).toEqual(upTo(4));
    const [segment] = await rig.executions('Segment');
    expect(rig.historyOf(segment).filter(({ type }) => type.startsWith('Map')).map(({ type }) => type)).toEqual([
      'MapStateEntered', 'MapStateStarted', 'MapRunStarted', 'MapRunSucceeded', 'MapStateSucceeded', 'MapStateExited',
    ]);
  });
});

describe('while S3 is too busy', () => {
  const INDEX = /\.index\.jsonl$/;
  const RESULTS = /\/results\/.*SUCCEEDED/;

  /** Runs with requests of the Map that fail as often as told, and tells of each page how many Map Runs it had and how often each item was processed. */
  async function runWhile(action: string, resource: RegExp, refusals: number) {
    let refused = 0;
    const rig = await deploy({ processor: processors.perBatch }, {
      items: 6,
      pageItems: 3,
      refuse: (asked) => (asked.action === action && resource.test(asked.resource) && refused++ < refusals
        ? new ServiceError('SlowDown', 'Please reduce your request rate.', 503) : undefined),
    });
    const run = await rig.start();
    const end = await rig.ended(run);
    const [segment] = await rig.executions('Segment');
    const mapRuns = rig.historyOf(segment).filter(({ type }) => type === 'MapRunStarted').length;
    return { rig, run, end, mapRuns, processed: sorted(rig.processed) };
  }

  test.each([1, 2])('to read the index %i times, the page is processed once, by another Map Run', async (refusals) => {
    const { end, mapRuns, processed } = await runWhile('s3:GetObject', INDEX, refusals);
    expect(end.output).toEqual({ items: 6, pages: 2, segments: 1 });
    expect(mapRuns).toBe(2 + refusals);
    expect(processed).toEqual(upTo(6));
  });

  test('to take the results, the page is processed once more, with the same keys', async () => {
    const { rig, end, mapRuns, processed } = await runWhile('s3:PutObject', RESULTS, 1);
    expect(end.output).toEqual({ items: 6, pages: 2, segments: 1 });
    expect(mapRuns).toBe(3);
    expect(processed).toEqual([0, 0, 1, 1, 2, 2, 3, 4, 5]);
    expect(rig.keys).toHaveLength(6);
  });

  test.each([['s3:GetObject', INDEX, 3, 'States.ItemReaderFailed'], ['s3:PutObject', RESULTS, 2, 'States.ResultWriterFailed']] as const)(
    'for longer than the retries, %s of %s fails the page, and a redrive goes on there', async (action, resource, attempts, error) => {
      const { rig, run, end, mapRuns } = await runWhile(action, resource, attempts);
      expect(JSON.parse(end.cause ?? '')).toMatchObject({ Error: error });
      expect(mapRuns).toBe(attempts);
      expect(await rig.redrive(run)).toMatchObject({ status: 'SUCCEEDED', output: { items: 6, pages: 2, segments: 2 } });
      expect([...new Set(sorted(rig.processed))]).toEqual(upTo(6));
      expect(rig.keys).toHaveLength(6);
    },
  );
});

describe('a run with a bucket that', () => {
  test('it may not read from fails at the page, with the error of the Map', async () => {
    const rig = await deploy({ processor: processors.perBatch }, { items: 2, denied: ['s3:GetObject'] });
    expect(JSON.parse((await rig.run()).cause ?? '')).toMatchObject({ Error: expect.stringMatching(/^States\.(ItemReader|ResultWriter)Failed$/) });
  });

  test('it may not write to fails at the page, before anything is processed', async () => {
    const rig = await deploy({ processor: processors.perBatch }, { items: 2, denied: ['s3:PutObject'] });
    expect(JSON.parse((await rig.run()).cause ?? '')).toMatchObject({ Error: 'States.ResultWriterFailed' });
    expect(rig.handled).toEqual([]);
  });
});

describe('every right of a segment is needed', () => {
  const deleting = () => PageTransport.s3({ deletePages: true });
  const input = {
    AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: 'arn:aws:states:us-east-1:111122223333:execution:Workflow:run',
    parameters: { batch_size: 10 },
    progress: { root: 'arn:aws:states:us-east-1:111122223333:execution:Workflow:run', cursor: null, pages: 0, items: 0, segments: 0 },
    failure: null,
    attempt: 0,
    outage: { page: -1, waits: 0, total: 0, seconds: 0 },
  };
  /** As AWS documents them; the local Step Functions ask for none of them. */
  const unasked = ['states:DescribeExecution', 'states:StopExecution'];

  test.each(names)('%s', async (name) => {
    const { template } = (await deploy({ processor: processors[name] }, { items: 1 })).stack;
    const actions = roleStatements(template, 'SegmentRole').flatMap(({ Action }) => Action).filter((action) => !/^(logs|events):/.test(action) && !unasked.includes(action));
    const without = async (denied: string[]): Promise<JsonValue | undefined> => {
      const rig = await deploy({ processor: processors[name], transport: deleting }, { items: 1, transport: deleting, denied });
      const { output } = await rig.ended(await rig.start(input, 'Segment'));
      return memberOf(memberOf(output ?? null, 'failure') ?? null, 'Error');
    };
    expect(await without([])).toBeUndefined();
    expect(actions).toEqual(expect.arrayContaining(['lambda:InvokeFunction', 's3:GetObject', 's3:PutObject', 'states:StartExecution']));
    for (const action of new Set(actions)) expect({ action, error: await without([action]) }).toEqual({ action, error: expect.any(String) });
  });
});

describe('deletePages', () => {
  const deleting = () => PageTransport.s3({ deletePages: true });

  test('removes record, lines and large items of what was processed', async () => {
    const rig = await deploy({ transport: deleting, processor: processors.perItem }, {
      transport: deleting, items: 4, pageItems: 2, itemSize: 210_000,
    });
    expect((await rig.run()).output).toEqual({ items: 4, pages: 2, segments: 1 });
    expect((await rig.pages.keys()).filter((key) => !key.includes('/results/'))).toEqual([]);
  });

  test('keeps the page that failed', async () => {
    const rig = await deploy({ transport: deleting, processor: processors.perItem }, {
      transport: deleting, items: 4, pageItems: 2, fail: (function_, _call, event) => (function_ === 'handler' && memberOf(event.run, 'page') === 1 ? { errorType: 'Mine' } : undefined),
    });
    expect((await rig.run()).status).toBe('FAILED');
    expect((await rig.pages.keys()).filter((key) => !key.includes('/results/'))).toHaveLength(3);
  });

  test('is no reason to fail', async () => {
    const rig = await deploy({ transport: deleting, processor: processors.perBatch }, { transport: deleting, items: 4, denied: ['s3:DeleteObject'] });
    expect((await rig.run()).output).toEqual({ items: 4, pages: 1, segments: 1 });
    expect((await rig.pages.keys()).filter((key) => !key.includes('/results/'))).toHaveLength(3);
  });
});

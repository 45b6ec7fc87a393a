/** JSON that the pages of PagedBatchEtl show is what the workflow sends, and what it takes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectList, expectObject, JsonObject, JsonValue, memberOf } from '../../local/json';
import { ROOT } from '../../projenrc/tools/repository';
import { machineFacts } from '../../projenrc/tools/tables/etl-machines';
import { ItemProcessor, RunContinuation, RunParameter } from '../../src';
import { parsePlanEvent } from '../../src/paged-batch-etl/schedule/function/parse-plan-event';
import { readFromFunction } from '../../src/paged-batch-etl/source-functions/reader/read-from-function';
import { pageRequest } from '../paged-batch-etl/source-functions/harness';
import { EtlRig, EtlRigOptions } from '../support/etl-rig';
import { handlerOf } from '../support/etl-stack';
import { synthEtl } from '../support/synth-etl';

const page = (name: string): string => readFileSync(join(ROOT, 'docs/paged-batch-etl', `${name}.md`), 'utf8');

/** Each page's blocks, in their order. */
function blocksOf(name: string): JsonObject[] {
  return [...page(name).matchAll(/^```json\n(.*?)^```$/gms)].map(([, text]): JsonObject => JSON.parse(text));
}

/** The names of all members, with the places that they are at. What is in a document or in the parameters is the user's. */
function shapeOf(value: JsonValue | undefined, place = ''): string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap((entry) => shapeOf(entry, `${place}[]`)))];
  if (typeof value !== 'object' || value === null || /\.(?:item|parameters)$/.test(place)) return [place];
  return Object.entries(value).flatMap(([name, member]) => shapeOf(member, `${place}.${name}`)).sort();
}

const [batch, item, failures] = blocksOf('processors');
const DATES = { date_begin: RunParameter.date()._binding, date_end: RunParameter.date()._binding };
const INPUT = { date_begin: '2020-08-18T00:00:00', date_end: '2020-08-21T00:00:00' };

async function rigOf(options: EtlRigOptions): Promise<EtlRig> {
  return EtlRig.deploy({ items: 3, batchSize: 2, parameters: DATES, ...options });
}

test('no page has JSON that is not looked at here', () => {
  const counts = ['connection-strings', 'limits-and-costs', 'long-runs', 'operations', 'processors', 'run-input', 'schedules', 'security', 'sources-and-indexes']
    .map((name) => [name, blocksOf(name).length] as const).filter(([, count]) => count > 0);
  expect(counts).toEqual([['long-runs', 1], ['processors', 3], ['run-input', 1], ['sources-and-indexes', 2]]);
});

test('a function is called with the page that is shown', async () => {
  const rig = await rigOf({});
  await rig.run(INPUT);
  expect(shapeOf(rig.handled[0])).toEqual(shapeOf(batch));
  expect(String(memberOf(firstOf(batch.items), 'idempotencyKey'))).toHaveLength(22);
});

test('a function is called with the item that is shown', async () => {
  const rig = await rigOf({ processor: (stack) => ItemProcessor.perItem({ handler: handlerOf(stack) }) });
  await rig.run(INPUT);
  expect(shapeOf(rig.handled[0])).toEqual(shapeOf(item));
});

test('the answer that is shown fails the items that it names', async () => {
  const rig = await rigOf({ answer: () => failures });
  const { cause } = await rig.run(INPUT);
  expect(JSON.parse(cause ?? '')).toMatchObject({ Error: 'BatchItemsFailed', Cause: expect.stringContaining(JSON.stringify(firstOf(failures.batchItemFailures))) });
});

test('a run answers the output that is shown', async () => {
  const rig = await rigOf({});
  const { output } = await rig.run(INPUT);
  const [shown] = blocksOf('run-input');
  expect(shapeOf(output)).toEqual(shapeOf(shown));
  const [, batchSize] = /"batch_size": (\d+)/.exec(page('run-input')) ?? [];
  expect(shown.pages).toBe(Math.ceil(Number(shown.items) / Number(batchSize)));
});

test('the progress that is shown is what the newest Run Segment has', async () => {
  const rig = await rigOf({ items: 5, batchSize: 1, continuation: RunContinuation.supervised({ pagesPerSegment: 2 }) });
  const run = await rig.start(INPUT);
  await rig.ended(run);
  const inputs = rig.historyOf(run).filter(({ type, details }) => type === 'TaskStateEntered' && details.state === 'Run Segment')
    .map(({ details }) => expectObject(details.input, 'the input of Run Segment'));
  const [shown] = blocksOf('long-runs');
  expect(inputs.map(({ progress }) => memberOf(progress, 'pages'))).toEqual([0, 2, 4]);
  expect(shapeOf(inputs[2].progress)).toEqual(shapeOf(shown));
  expect(shown.pages).toBe(Number(shown.segments) * machineFacts('perBatch').etl.pagesPerSegment);
});

test('a custom source gets the request that is shown, and the answer that is shown is a page', async () => {
  const [request, answer] = blocksOf('sources-and-indexes');
  const payloads: string[] = [];
  const { read } = readFromFunction(async (payload) => {
    payloads.push(payload);
    return { payload: JSON.stringify(answer) };
  });
  const { page: answered } = await read(pageRequest({ batchSize: 100, cursor: null }));
  expect(payloads.map((payload) => shapeOf(JSON.parse(payload)))).toEqual([shapeOf(request)]);
  expect(answered).toMatchObject({ cursor: answer.cursor, done: answer.done });
});

test('a planner takes the event that is shown', () => {
  const [, event] = /--payload '(\{.*?\})'/.exec(page('schedules')) ?? [];
  expect(parsePlanEvent(JSON.parse(event)).scheduledTime.toString()).toBe('2026-11-24T03:00:00Z');
});

test('the index that is shown for the first run is the one that it needs', () => {
  const { etl } = synthEtl();
  expect(etl.requiredIndex).toMatch(/createIndex/);
  expect(page('run-input')).toContain(`\n${etl.requiredIndex}\n`);
});

function firstOf(list: JsonValue | undefined): JsonValue {
  const [first] = expectList(list, 'the list on the page');
  return first;
}

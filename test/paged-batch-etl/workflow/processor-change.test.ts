/**
 * The processor is changed while a segment walks pages: the segment goes on as it began, and the source function is new. A page has to fit into the definition
 * that asks for it.
 */
import { JsonObject, JsonValue } from '../../../local/json';
import { RunContinuation } from '../../../src/paged-batch-etl/run-continuation/run-continuation';
import { readPage } from '../../../src/paged-batch-etl/source-functions/reader/read-page';
import { EtlRig, EtlRigOptions } from '../../support/etl-rig';
import { processors, synthEtl } from '../../support/etl-stack';
import { NO_LETTERS } from '../source-functions/harness';

type Name = keyof typeof processors;

const ITEMS = 12;

/** Of 40 KB as JSON, and more as a text in it: four of them fit into 180 KiB, and two into 110 KiB. */
const TEXT = '"'.repeat(20_000);

const common = { continuation: RunContinuation.supervised({ pagesPerSegment: 2 }), batchSize: 10 };
const etls = new Map((Object.keys(processors) as Name[]).map((name) => {
  const stack = { ...common, processor: processors[name] };
  return [name, { stack, etl: synthEtl(stack) }];
}));

function of(name: Name) {
  const found = etls.get(name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

/** A source that fills pages, in the function that is deployed with a processor. */
function sourceWith(processor: Name): NonNullable<EtlRigOptions['source']> {
  return async (event) => {
    const never = () => {
      throw new Error('pages travel inline');
    };
    const answer = await readPage(event, { getRemainingTimeInMillis: () => 60_000 }, {
      config: { rules: {}, pageBytes: of(processor).etl.transport.maxPageBytes, maxBatchSize: common.batchSize, failEmptyRun: false, functionName: 'source' },
      read: async ({ cursor, pageBytes, idempotencyKeyOf }) => {
        const first = Number(cursor ?? 0);
        const items = [];
        for (let number = first; number < ITEMS; number++) {
          const item = { itemIdentifier: `${number}`, idempotencyKey: idempotencyKeyOf(`${number}`), item: { number, text: TEXT } };
          if (JSON.stringify([...items, item]).length > pageBytes - 1_000) break;
          items.push(item);
        }
        const last = first + items.length;
        return { page: { items, cursor: `${last}`, done: last === ITEMS } };
      },
      ...NO_LETTERS,
      openBucket: never,
      readTexts: never,
      now: () => 0,
      log: () => undefined,
    });
    const value: JsonValue = JSON.parse(JSON.stringify(answer));
    return value;
  };
}

async function define(rig: EtlRig, segment: object): Promise<void> {
  const definition = JSON.stringify(segment);
  await rig.service.call('UpdateStateMachine', { stateMachineArn: rig.machineArn('Segment'), definition }, { caller: { service: 'tests.example.com' } });
}

const pairs = (['expressItems', 'stateMachine'] as const).flatMap((from) => (['perItem', 'perBatch'] as const).map((to) => [from, to] as const));

test.each(pairs)('from %s to %s', async (from, to) => {
  const { stack, etl } = of(from);
  const rig = await EtlRig.deploy({ ...stack, source: sourceWith(from), answer: () => null }, stack);
  let isUpdated = false;
  rig.again({
    source: async (event) => sourceWith(isUpdated ? to : from)(event),
    answer: () => null,
    onEvent: ({ event: { details: { state }, type } }) => {
      if (isUpdated || state !== 'Process Page' || !type.endsWith('StateEntered')) return;
      isUpdated = true;
      void define(rig, of(to).etl.machines.Segment);
    },
  });
  expect(await rig.run()).toEqual({ status: 'SUCCEEDED', output: { items: ITEMS, pages: 4, segments: 2 } });
  expect(new Set(rig.processed).size).toBe(ITEMS);
  const [old, now] = [etl.transport.maxPageBytes, of(to).etl.transport.maxPageBytes];
  expect(old).toBeLessThan(now);
  expect(rig.read.map(({ pageBytes }: JsonObject) => pageBytes)).toEqual([old, old, now, now]);
});

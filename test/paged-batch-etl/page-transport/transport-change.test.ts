/** The transport is changed while a run is going on: its definition is the old one, its next segment, the source function and the rights are new. */
import { ServiceError } from '../../../local/aws/service';
import { PageTransport } from '../../../src/paged-batch-etl/page-transport/page-transport';
import { RunContinuation } from '../../../src/paged-batch-etl/run-continuation/run-continuation';
import { closeStores, EtlRig } from '../../support/etl-rig';
import { EtlStackOptions, processors, synthEtl } from '../../support/etl-stack';

afterAll(closeStores);

const ITEMS = 12;
const common: EtlStackOptions = { continuation: RunContinuation.supervised({ pagesPerSegment: 2 }), processor: processors.perBatch };
const inS3: EtlStackOptions = { ...common, transport: () => PageTransport.s3() };
const inline = synthEtl(common).machines.Segment;

async function define(rig: EtlRig, segment: object): Promise<void> {
  const definition = JSON.stringify(segment);
  await rig.service.call('UpdateStateMachine', { stateMachineArn: rig.machineArn('Segment'), definition }, { caller: { service: 'tests.example.com' } });
}

/** The machine gets its new definition while the first page is processed by the old one. */
function updateAtFirstPage(rig: EtlRig): void {
  let isUpdated = false;
  rig.again({
    onEvent: ({ event: { type, details: { state } } }) => {
      if (isUpdated || type !== 'TaskStateEntered' || state !== 'Process Page') return;
      isUpdated = true;
      void define(rig, rig.stack.machines.Segment);
    },
  });
}

const numbers = ({ processed }: EtlRig) => [...new Set(processed)].sort((one, other) => one - other);

test('from inline to s3: the segment that walks pages ends as it began, and the next one writes pages', async () => {
  const rig = await EtlRig.deploy({ ...inS3, iam: true, items: ITEMS, pageItems: 4 }, inS3);
  await define(rig, inline);
  updateAtFirstPage(rig);
  expect((await rig.run({ batch_size: 2 })).output).toEqual({ items: ITEMS, pages: 4, segments: 2 });
  expect(rig.read.map(({ contract }) => contract)).toEqual([3, 3, 4, 4]);
  expect(numbers(rig)).toEqual(Array.from({ length: ITEMS }, (_, number) => number));
});

test.each<[string, EtlStackOptions, boolean]>([
  ['s3, machine and rights gone', { ...inS3, processor: processors.perItem }, true],
  ['s3, machine gone', { ...inS3, processor: processors.perItem }, false],
  ['the segment', { ...common, processor: processors.perItem }, false],
])('from items in an Express execution to %s: the segment that walks pages waits as in an outage, and is replaced', async (_, now, iam) => {
  const rig = await EtlRig.deploy({ ...now, iam, items: ITEMS, pageItems: 4 }, now);
  await define(rig, synthEtl({ ...common, processor: processors.expressItems }).machines.Segment);
  updateAtFirstPage(rig);
  expect((await rig.run({ batch_size: 2 })).status).toBe('SUCCEEDED');
  expect(numbers(rig)).toEqual(Array.from({ length: ITEMS }, (_unused, number) => number));
});

test('a segment that begins before its role may start Map Runs fails at its page with nothing of it processed, and a redrive goes on there', async () => {
  let mayStart = false;
  const rig = await EtlRig.deploy({
    ...inS3,
    iam: true,
    items: ITEMS,
    pageItems: 4,
    refuse: ({ action }, roleArn) => (
      !mayStart && action === 'states:StartExecution' && roleArn.includes('SegmentRole') ? new ServiceError('AccessDeniedException', `no ${action}`, 400) : undefined),
  }, inS3);
  const run = await rig.start();
  expect(JSON.parse((await rig.ended(run)).cause ?? '')).toMatchObject({ Error: 'States.Permissions', Cause: 'no states:StartExecution' });
  expect(rig.handled).toEqual([]);
  mayStart = true;
  expect(await rig.redrive(run)).toMatchObject({ status: 'SUCCEEDED', output: { items: ITEMS, pages: 3 } });
  expect(numbers(rig)).toEqual(Array.from({ length: ITEMS }, (_, number) => number));
});

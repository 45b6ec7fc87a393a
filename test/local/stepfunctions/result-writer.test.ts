import fc from 'fast-check';
import { distributed, MemoryStorage } from './distributed-map-support';
import { list, MapRunRig, object } from './map-run-rig';
import { JsonObject, JsonValue } from '../../../local/json';
import { parseDefinition } from '../../../local/stepfunctions/definition/validate';
import { fileTexts } from '../../../local/stepfunctions/interpreter/distributed/writers/result-files';
import { TaskFailure } from '../../../local/stepfunctions/interpreter/failure';
import { TaskCall } from '../../../local/stepfunctions/interpreter/task';

const toS3: JsonObject = { Resource: 'arn:aws:states:::s3:putObject', Parameters: { Bucket: 'bucket', Prefix: 'results' } };

/** Answers the input; `null` fails, unless `works` says that it has got better. */
function echo(works: () => boolean = () => false) {
  return async ({ input, clock, signal }: TaskCall): Promise<JsonValue> => {
    await clock.sleep(1000, signal);
    if (input === null && !works()) throw new TaskFailure('Mine', 'a null');
    return input;
  };
}

/** Runs a Map with this writer; `written` are the texts by the names of the files, `manifest` is what the result leads to. */
async function write(items: JsonValue[], writer: JsonObject, fields: JsonObject = {}) {
  const rig = new MapRunRig(echo());
  const { status, output, error, cause } = await rig.run(items, { ...fields, ResultWriter: writer });
  const written = Object.fromEntries([...rig.storage.objects].map(([key, body]) => [key.slice(key.lastIndexOf('/') + 1), body.toString()]));
  return { rig, status, error, cause, output: typeof output === 'string' ? JSON.parse(output) : undefined, written };
}

test('the result leads to a manifest, and that to files with all that is known of the children', async () => {
  const { rig, output, written } = await write(['a', null, 'b'], toS3, { ToleratedFailureCount: 1, MaxConcurrency: 1 });
  const [mapRunArn] = await rig.mapRunArns();
  const folder = `results/${mapRunArn.slice(mapRunArn.lastIndexOf(':') + 1)}`;
  expect(output).toEqual({ MapRunArn: mapRunArn, ResultWriterDetails: { Bucket: 'bucket', Key: `${folder}/manifest.json` } });
  const file = (name: string) => ({ Key: `${folder}/${name}`, Size: Buffer.byteLength(written[name]) });
  expect(rig.storage.json(`${folder}/manifest.json`)).toEqual({
    DestinationBucket: 'bucket', MapRunArn: mapRunArn, ResultFiles: { FAILED: [file('FAILED_0.json')], PENDING: [], SUCCEEDED: [file('SUCCEEDED_0.json')] },
  });
  const [b, failed, a] = await rig.children();
  const machine = mapRunArn.replace(':mapRun:', ':stateMachine:').replace(/:[^:]*$/, '');
  const common = { InputDetails: { Included: true }, OutputDetails: { Included: true }, RedriveCount: 0, StateMachineArn: machine };
  const success = { ...common, RedriveStatus: 'NOT_REDRIVABLE', RedriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven', Status: 'SUCCEEDED' };
  expect(JSON.parse(written['SUCCEEDED_0.json'])).toEqual([
    { ...success, ExecutionArn: a.executionArn, Name: a.name, Input: '"a"', Output: '"a"', StartDate: '1970-01-01T00:00:00.000Z', StopDate: '1970-01-01T00:00:01.000Z' },
    { ...success, ExecutionArn: b.executionArn, Name: b.name, Input: '"b"', Output: '"b"', StartDate: '1970-01-01T00:00:02.000Z', StopDate: '1970-01-01T00:00:03.000Z' },
  ]);
  expect(JSON.parse(written['FAILED_0.json'])).toEqual([{
    ...common,
    ExecutionArn: failed.executionArn,
    Name: failed.name,
    Input: 'null',
    Status: 'FAILED',
    Error: 'Mine',
    Cause: 'a null',
    RedriveStatus: 'REDRIVABLE_BY_MAP_RUN',
    StartDate: '1970-01-01T00:00:01.000Z',
    StopDate: '1970-01-01T00:00:02.000Z',
  }]);
});

test('property: every child is in one file, in the form that the configuration asks for', async () => {
  const config = fc.record({ OutputType: fc.constantFrom('JSON', 'JSONL'), Transformation: fc.constantFrom('NONE', 'COMPACT', 'FLATTEN') });
  const item = fc.oneof(fc.constant(null), fc.string(), fc.array(fc.integer(), { maxLength: 3 }));
  await fc.assert(fc.asyncProperty(fc.array(item, { minLength: 1, maxLength: 8 }), config, async (items, { OutputType, Transformation }) => {
    const { written } = await write(items, { ...toS3, WriterConfig: { OutputType, Transformation } }, { ToleratedFailurePercentage: 100 });
    const read = (status: string): JsonValue[] => {
      const text = written[`${status}_0.${OutputType.toLowerCase()}`];
      if (text === undefined) return [];
      return OutputType === 'JSON' ? JSON.parse(text) : text.trimEnd().split('\n').map((line) => JSON.parse(line));
    };
    const good = items.filter((value) => value !== null);
    const [succeeded, failed] = [read('SUCCEEDED'), read('FAILED')];
    if (Transformation === 'NONE') expect(list(succeeded).map(({ Output }) => JSON.parse(String(Output)))).toEqual(good);
    else expect(succeeded).toEqual(Transformation === 'COMPACT' ? good : good.flat());
    expect(list(failed).map(({ Input, Status }) => [Input, Status])).toEqual(items.filter((value) => value === null).map(() => ['null', 'FAILED']));
  }), { numRuns: 60 });
});

test('a Map Run that fails tells what it has done and what it has not begun', async () => {
  const { rig, status, error, written } = await write([null, 1, 2], toS3, { MaxConcurrency: 1 });
  expect([status, error]).toEqual(['FAILED', 'States.ExceedToleratedFailureThreshold']);
  expect(Object.keys(written).sort()).toEqual(['FAILED_0.json', 'PENDING_0.json', 'manifest.json']);
  expect(JSON.parse(written['PENDING_0.json'])).toEqual([1, 2].map((item) => ({ Input: String(item), InputDetails: { Included: true }, Status: 'PENDING' })));
  expect(object((await rig.mapRun()).executionCounts)).toMatchObject({ resultsWritten: 3 });
});

test('a redrive writes to a folder of its own, and its manifest names the earlier successes too', async () => {
  let works = false;
  const rig = new MapRunRig(echo(() => works));
  await rig.run(['a', null, 'b'], { ResultWriter: toS3, MaxConcurrency: 1 });
  works = true;
  const { Key } = object(JSON.parse(String((await rig.redrive()).output)).ResultWriterDetails);
  expect(Key).toMatch(/^results\/[\w-]+\/Redrive-1\/manifest\.json$/);
  const { ResultFiles } = object(rig.storage.json(String(Key)));
  const { SUCCEEDED, FAILED, PENDING } = object(ResultFiles);
  expect([FAILED, PENDING]).toEqual([[], []]);
  const inputs = list(SUCCEEDED).map((file) => list(rig.storage.json(String(file.Key))).map(({ Input }) => Input));
  expect(inputs).toEqual([['"a"'], ['null', '"b"']]);
});

test('without a place to write to, a configuration only changes the output', async () => {
  const writer = (Transformation: string) => ({ WriterConfig: { Transformation, OutputType: 'JSON' } });
  const items = [[1, 2], [3], 'x'];
  expect((await write(items, writer('COMPACT'))).output).toEqual(items);
  expect((await write(items, writer('FLATTEN'))).output).toEqual([1, 2, 3, 'x']);
  const { output, written } = await write(items, writer('NONE'));
  expect(output).toEqual(items.map((item) => expect.objectContaining({ Status: 'SUCCEEDED', Output: JSON.stringify(item) })));
  expect(written).toEqual({});
});

test('results that are too large for the state fail it, unless they are written', async () => {
  const items = Array.from({ length: 3 }, () => 'x'.repeat(80_000));
  const large = { ItemSelector: { 'text.$': 'States.Format(\'{}{}\', $$.Map.Item.Value, $$.Map.Item.Value)' } };
  expect(await write(items, { WriterConfig: { Transformation: 'COMPACT', OutputType: 'JSON' } }, large)).toMatchObject({
    error: 'States.DataLimitExceeded', cause: 'The state/task \'Only\' returned a result with a size exceeding the maximum number of bytes service limit.',
  });
  expect((await write(items, toS3, large)).status).toBe('SUCCEEDED');
});

test('what cannot be written fails the Map before any child starts', async () => {
  const storage = new MemoryStorage();
  storage.refusesWrites = 'Access Denied';
  const rig = new MapRunRig(echo(), storage);
  expect(await rig.run([1], { ResultWriter: toS3 })).toMatchObject({ error: 'States.ResultWriterFailed', cause: 'Access Denied' });
  expect(await rig.children()).toEqual([]);
  storage.refusesWrites = undefined;
  expect((await rig.redrive()).status).toBe('SUCCEEDED');
});

test('what cannot be written at the end fails the Map, but does not hide why it has failed already', async () => {
  for (const [items, error] of [[[1], 'States.ResultWriterFailed'], [[null], 'States.ExceedToleratedFailureThreshold']] as const) {
    const rig: MapRunRig = new MapRunRig(async (call) => {
      rig.storage.refusesWrites = 'Access Denied';
      return echo()(call);
    });
    expect(await rig.run([...items], { ResultWriter: toS3 })).toMatchObject({ status: 'FAILED', error });
  }
});

test('property: results are spread over files of limited size', () => {
  const results = fc.array(fc.jsonValue().map((value): JsonValue => JSON.parse(JSON.stringify(value))), { maxLength: 12 });
  fc.assert(fc.property(results, fc.constantFrom('JSON', 'JSONL'), fc.integer({ min: 10, max: 200 }), (values, outputType, limit) => {
    const files = fileTexts(values, outputType, limit).map((text): [string, JsonValue[]] => (
      [text, outputType === 'JSON' ? JSON.parse(text) : text.trimEnd().split('\n').map((line) => JSON.parse(line))]
    ));
    expect(files.flatMap(([, contents]) => contents)).toEqual(values);
    for (const [text, contents] of files) expect(contents.length === 1 || Buffer.byteLength(text) <= limit).toBe(true);
  }));
});

test.each<[string, JsonObject]>([
  ['an unknown transformation', { WriterConfig: { Transformation: 'ZIP', OutputType: 'JSON' } }],
  ['half a configuration', { WriterConfig: { Transformation: 'NONE' } }],
  ['another action', { ...toS3, Resource: 'arn:aws:states:::s3:getObject' }],
])('%s is refused when the machine is created', (_, ResultWriter) => {
  expect(() => parseDefinition(JSON.stringify(distributed({ ResultWriter })), () => true)).toThrow(/ResultWriter|the parameter Key of a Map's call/);
});

test('a parameter that is not implemented is refused by name when the machine is created', () => {
  const ResultWriter = { ...toS3, Parameters: { Bucket: 'bucket', Key: 'a' } };
  expect(() => parseDefinition(JSON.stringify(distributed({ ResultWriter })), () => true)).toThrow('the local cloud does not implement the parameter Key');
});

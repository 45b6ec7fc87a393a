/** Segments whose run goes past failures, with every retry of every page used: what synthesis computed of their history must be the truth. */
import { JsonObject, JsonValue } from '../../../local/json';
import { ObjectStorage } from '../../../local/stepfunctions/interpreter/distributed/object-storage';
import { Execution } from '../../../local/stepfunctions/interpreter/execution';
import { TaskFailure } from '../../../local/stepfunctions/interpreter/failure';
import { PageTransport } from '../../../src';
import { MAX_HISTORY_EVENTS } from '../../../src/private/synth/history';
import { EtlStack, processors, synthEtl } from '../../support/etl-stack';
import { worstExecution } from '../../support/worst-execution';

const root = 'arn:aws:states:us-east-1:111122223333:execution:Workflow:first';
const LIMIT = { error: 'States.Runtime', cause: 'The execution reached the maximum number of history events (25000).' };

/** How each page of a segment fails. */
const ways = ['nothing', 'named', 'call', 'unreadable'] as const;
type Way = typeof ways[number];

const items = [{ itemIdentifier: '0', idempotencyKey: '', item: {} }];
const failed = [{ itemIdentifier: '1', idempotencyKey: '', error: 'InvalidDocument', cause: 'it cannot be decoded' }];

function answers(way: Way, s3: boolean): (state: string, parameters: JsonObject) => JsonValue {
  let page = 0;
  return (state, parameters): JsonValue => {
    if (state === 'Read Page') {
      page += 1;
      const end = { cursor: `${page}`, done: false };
      if (way === 'unreadable') throw new TaskFailure('NoReadableItems', JSON.stringify({ errorMessage: JSON.stringify({ items: [], ...end, failed }) }));
      const object = { bucket: 'b', key: `${page}.jsonl`, index: `${page}.index.jsonl`, folder: '' };
      return { Payload: s3 ? { object, count: 1, ...end, failed: [] } : { items, ...end, failed: [] } };
    }
    if (state === 'Read Batch') return { Body: JSON.stringify(items) };
    if (state === 'Collect Failures') {
      return { Payload: { cursor: `${page}`, done: false, pages: 1, count: 0, failed: 1, verdict: 'goOn', error: '', cause: '' } };
    }
    if (parameters.StateMachineArn !== undefined && parameters.Name === undefined) {
      // An Express execution, which tells what failed in its answer.
      const output = way === 'nothing' ? [] : [{ index: 0, error: 'Broken', cause: 'it is broken' }];
      return { Status: 'SUCCEEDED', Output: JSON.stringify(output), ExecutionArn: 'express' };
    }
    if (way === 'call') throw new TaskFailure('Broken', 'it is broken');
    const answer = way === 'named' ? { batchItemFailures: [{ itemIdentifier: '0' }] } : null;
    return { Payload: answer, Output: answer };
  };
}

/** Every page has one batch, and tells in its results what failed. */
const storage: ObjectStorage = {
  getObject: async () => Buffer.from('{"range":"bytes=0-52","first":0,"count":1}\n'),
  listObjects: async () => [],
  putObject: async () => {},
  assertWritable: async () => {},
};

function segmentOf({ machines }: EtlStack, way: Way, pages: number, s3: boolean): Execution {
  const input = {
    AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: root,
    parameters: { batch_size: 1 },
    progress: { root, cursor: null, pages: 0, items: 0, failed: 0, segments: 0 },
    failure: null,
    attempt: 0,
  };
  return worstExecution(machines.Segment, { input, answer: answers(way, s3), assign: { pagesLeft: pages }, storage });
}

const kinds = Object.entries(processors).flatMap(([name, processor]) => [false, true].map((s3) => ({ name, processor, s3 })));

test.each(kinds)(
  'a segment has room for every retry, however its pages fail, and not for another page: $name, pages in S3: $s3', async ({ processor, s3 }) => {
    const transport = () => (s3 ? PageTransport.s3() : PageTransport.inline());
    const etl = synthEtl({ processor, batchSize: s3 ? undefined : 1, tolerance: {}, transport });
    const { pagesPerSegment } = etl.parts;
    const lengths: [Way, number][] = [];
    for (const way of ways) {
      const segment = segmentOf(etl, way, pagesPerSegment, s3);
      expect(await segment.run()).toMatchObject({ status: 'SUCCEEDED', output: { progress: { pages: pagesPerSegment } } });
      expect(segment.history.length).toBeLessThan(MAX_HISTORY_EVENTS);
      lengths.push([way, segment.history.length]);
    }
    const [[longest]] = lengths.sort(([, one], [, other]) => other - one);
    expect(await segmentOf(etl, longest, pagesPerSegment + 1, s3).run()).toMatchObject(LIMIT);
  },
);

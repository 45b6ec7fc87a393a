import { EndedSegment, RunWatch } from '../../../../examples/demo/etl/run-watch';
import { HistoryEvent } from '../../../../local/stepfunctions/interpreter/history';

const ACCOUNT = 'us-east-1:111122223333';
const RUN = `arn:aws:states:${ACCOUNT}:execution:Workflow:1`;
const SEGMENT = `arn:aws:states:${ACCOUNT}:execution:Segment:2`;
const ITEMS = `arn:aws:states:${ACCOUNT}:express:Items:3:4`;
const CHILD = `arn:aws:states:${ACCOUNT}:express:Segment/Process:5:6`;

type Happened = readonly [executionArn: string, type: string, details: HistoryEvent['details']];

/** What an observer is told of these events. */
function told(events: readonly Happened[]): { readonly items: number[]; readonly segments: EndedSegment[] } {
  const [items, segments]: [number[], EndedSegment[]] = [[], []];
  const watch = new RunWatch(RUN, { onItems: (count) => items.push(count), onSegment: (segment) => segments.push(segment) });
  events.forEach(([executionArn, type, details], index) => {
    watch.see({ executionArn, event: { id: index + 1, previousEventId: index, timestamp: 1_000, type, details } });
  });
  return { items, segments };
}

test.each([
  ['one Express execution', ITEMS],
  ['an execution of a Distributed Map', CHILD],
])('items of %s are counted as they end, after those of earlier pages', (_, execution) => {
  const ended: Happened = [execution, 'MapIterationSucceeded', {}];
  const { items, segments } = told([
    [RUN, 'PassStateExited', { assignedVariables: { items: 99 } }],
    [SEGMENT, 'PassStateExited', { assignedVariables: { items: 10 } }],
    ended, ended, ended, [execution, 'ExecutionSucceeded', { output: [] }],
    [SEGMENT, 'ChoiceStateExited', { assignedVariables: { items: 13 } }],
    ended,
    [SEGMENT, 'ExecutionSucceeded', { output: { progress: { items: 14, pages: 2, segments: 1 } } }],
    [RUN, 'ExecutionSucceeded', { output: {} }],
  ]);
  expect(items).toEqual([10, 11, 12, 13, 13, 14, 14]);
  expect(segments).toEqual([{ arn: SEGMENT, number: 1, items: 14, pages: 2, failure: undefined, events: 9, time: 1_000 }]);
});

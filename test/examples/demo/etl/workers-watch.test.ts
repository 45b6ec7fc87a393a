import { WorkersRange, WorkersWatch } from '../../../../examples/demo/etl/workers-watch';
import { HistoryEvent } from '../../../../local/stepfunctions/interpreter/history';

const [SEGMENT, NEXT, OTHER] = [1, 2, 3].map((number) => `arn:aws:states:us-east-1:111122223333:execution:Segment:${number}`);
const RUN = 'arn:aws:states:us-east-1:111122223333:execution:Workflow:1';

type Happened = readonly [executionArn: string, type: string, details: HistoryEvent['details']];

const started = (arn: string, number: number, range: object): Happened => (
  [arn, 'ExecutionStarted', { input: { range: { number, lastSegment: 3 }, progress: { cursor: JSON.stringify({ range }) } } }]
);

test('ranges are told once, with their bounds, and what their segments processed', () => {
  const ranges: WorkersRange[] = [];
  const items: [number, number][] = [];
  const watch = new WorkersWatch({ onRange: (range) => ranges.push(range), onItems: (range, count) => items.push([range, count]) });
  const noon = { $date: '2001-01-02T12:00:00Z' };
  const events: Happened[] = [
    [RUN, 'ExecutionStarted', { input: {} }],
    started(SEGMENT, 0, { before: noon }),
    started(OTHER, 1, { from: noon }),
    [RUN, 'PassStateExited', { assignedVariables: { items: 99 } }],
    [SEGMENT, 'ChoiceStateExited', { assignedVariables: { items: 10 } }],
    [OTHER, 'ChoiceStateExited', { assignedVariables: { items: 7 } }],
    [SEGMENT, 'ExecutionSucceeded', { output: { progress: { items: 12 } } }],
    started(NEXT, 0, { before: noon }),
    [NEXT, 'ChoiceStateExited', { assignedVariables: { items: 20 } }],
  ];
  events.forEach(([executionArn, type, details], index) => {
    watch.see({ executionArn, event: { id: index + 1, previousEventId: index, timestamp: 1_000, type, details } });
  });
  expect(ranges).toEqual([{ number: 0, before: new Date('2001-01-02T12:00:00Z') }, { number: 1, from: new Date('2001-01-02T12:00:00Z') }]);
  expect(items).toEqual([[0, 10], [1, 7], [0, 12], [0, 20]]);
});

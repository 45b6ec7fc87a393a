import { RunContinuationProps } from './binding';
import { partitionedMachine, rangeLoop, RUN_RANGES, shareOf } from './partitioned-states';
import { RUN_SEGMENT } from './segment-loop';
import { AslState } from '../../private/synth/asl';
import { EXECUTION_EVENTS, MAX_HISTORY_EVENTS, REDRIVE_EVENTS, worstCaseEvents } from '../../private/synth/history';
import { longestWalk } from '../../private/synth/longest-walk';
import { InvalidPropError } from '../../private/synth/validation';
import { PartitionParts } from '../partitions/binding';
import { BESIDE_WINDOW, RELEASE_WINDOW, windowWaitEvents } from '../run-ledger/ledger-states';

/** A run can be redriven so often, with all of its workers underway each time. */
const REDRIVES = 10;

/** TaskStateAborted and MapIterationAborted, which each worker leaves that stops with another one. Source: recorded histories. */
const ABORTED_EVENTS = 2;

/** Start and end of the Map and of an iteration. Source: recorded histories. */
const MAP_EVENTS = 4;
const ITERATION_EVENTS = 2;

/**
 * Segments that the history of a run has room for, all its ranges together, in the worst case: every retry used, and a wait for the end of an outage after
 * every segment. A round of all ranges is counted as a segment, and one of each range, too, which are more than they take.
 */
export function segmentsOfRanges(props: RunContinuationProps, partitions: PartitionParts, waits: readonly number[]): number {
  const { workers, ranges } = partitions;
  // The states are the same for any number of segments.
  const options = { partitions, segmentArn: 'arn', maxSegments: 1, waits };
  const { graph } = rangeLoop(props, options);
  const cost = (state: AslState) => worstCaseEvents(state);
  const again = ['Start Again'];
  const segment = longestWalk(graph, RUN_SEGMENT, cost, { to: RUN_SEGMENT, leaveOut: again });
  const afterRedrive = longestWalk(graph, RUN_SEGMENT, cost, { to: RUN_SEGMENT });
  const rangeEnd = ITERATION_EVENTS + cost(graph.States['Range Done']);
  // Once in each range, and far less often than there are segments.
  const finish = props.ledger === undefined ? 0 : ranges * cost(graph.States['Finish Range']);

  const machine = partitionedMachine(props, options);
  const before = windowWaitEvents(props.ledger) + longestWalk(machine, machine.StartAt, cost, { to: RUN_RANGES, leaveOut: BESIDE_WINDOW });
  const round = MAP_EVENTS + longestWalk(machine, 'Sum Ranges', cost, { to: RUN_RANGES });
  const end = longestWalk(machine, props.ledger === undefined ? 'Success' : RELEASE_WINDOW, cost);
  if (Math.max(round, rangeEnd) > segment) throw new Error('A round of the ranges has more events than a segment');

  const reserved = REDRIVES * (REDRIVE_EVENTS + workers * (ABORTED_EVENTS + afterRedrive));
  const segments = Math.floor((MAX_HISTORY_EVENTS - 1 - EXECUTION_EVENTS - reserved - before - finish - end) / segment);
  if (shareOf(segments, ranges) >= 1) return segments;
  throw new InvalidPropError('partitions', `${ranges} ranges for ${workers} workers`, 'fewer', 'the history of a run has room for less than one segment of each range');
}

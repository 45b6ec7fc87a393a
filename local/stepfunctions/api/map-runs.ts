import { toSeconds } from './state-machine';
import { JsonObject } from '../../json';
import { MapChild, MapRun, MapRunCounts, sumOfItems } from '../interpreter/distributed/map-run';

/** What ListMapRuns tells of each. */
export function summarizeMapRun({ mapRunArn, executionArn, startTime, stopTime }: MapRun): JsonObject {
  return {
    executionArn,
    mapRunArn,
    stateMachineArn: mapRunArn.replace(':mapRun:', ':stateMachine:').replace(/:[^:]*$/, ''),
    startDate: toSeconds(startTime),
    ...(stopTime === undefined ? {} : { stopDate: toSeconds(stopTime) }),
  };
}

/** What DescribeMapRun answers. */
export function describeMapRun(mapRun: MapRun): JsonObject {
  const { mapRunArn, executionArn, status, startTime, stopTime, redriveCount, redriveTime, settings, written, notRedrivable } = mapRun;
  const count = (counts: MapRunCounts, measure: (children: readonly MapChild[]) => number): JsonObject => (
    { ...counts, resultsWritten: measure(written), failuresNotRedrivable: measure(notRedrivable) }
  );
  return {
    mapRunArn,
    executionArn,
    status,
    startDate: toSeconds(startTime),
    ...(stopTime === undefined ? {} : { stopDate: toSeconds(stopTime) }),
    maxConcurrency: settings.maxConcurrency,
    toleratedFailureCount: settings.count,
    toleratedFailurePercentage: settings.percentage,
    itemCounts: count(mapRun.items, sumOfItems),
    executionCounts: count(mapRun.executions, (children) => children.length),
    redriveCount,
    ...(redriveTime === undefined ? {} : { redriveDate: toSeconds(redriveTime) }),
  };
}

import { toSeconds } from './state-machine';
import { JsonObject } from '../../json';
import { MapRunCounts, MapRunRecord } from '../interpreter/run';

/** What ListMapRuns tells of each. */
export function summarizeMapRun(mapRun: MapRunRecord, executionArn: string): JsonObject {
  return {
    executionArn,
    mapRunArn: mapRun.mapRunArn,
    stateMachineArn: mapRun.mapRunArn.replace(':mapRun:', ':stateMachine:').replace(/:[^:]*$/, ''),
    startDate: toSeconds(mapRun.startTime),
    ...(mapRun.stopTime === undefined ? {} : { stopDate: toSeconds(mapRun.stopTime) }),
  };
}

/** What DescribeMapRun answers. */
export function describeMapRun(mapRun: MapRunRecord, executionArn: string): JsonObject {
  return {
    mapRunArn: mapRun.mapRunArn,
    executionArn,
    status: mapRun.status,
    startDate: toSeconds(mapRun.startTime),
    ...(mapRun.stopTime === undefined ? {} : { stopDate: toSeconds(mapRun.stopTime) }),
    maxConcurrency: mapRun.maxConcurrency,
    toleratedFailureCount: mapRun.toleratedFailureCount,
    toleratedFailurePercentage: mapRun.toleratedFailurePercentage,
    itemCounts: toWireCounts(mapRun.items, mapRun.status),
    executionCounts: toWireCounts(mapRun.executions, mapRun.status),
  };
}

/** Results count as written when the run has succeeded, as recorded on AWS. */
function toWireCounts(counts: MapRunCounts, status: MapRunRecord['status']): JsonObject {
  return { ...counts, resultsWritten: status === 'SUCCEEDED' ? counts.succeeded : 0 };
}

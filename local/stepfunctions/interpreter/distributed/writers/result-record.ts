import { writeJson } from '../../../../exact-json';
import { JsonObject, JsonValue } from '../../../../json';
import { WriterConfig } from '../../definition';
import { MapChild, MapRun } from '../map-run';

/** All that a result file tells of a child: the form that `NONE` leaves as it is, and that unsuccessful children always have. */
export function resultRecord({ execution, input }: MapChild, { type }: MapRun): JsonObject {
  const details = { Input: writeJson(input), InputDetails: { Included: true } };
  if (execution === undefined) return { ...details, Status: 'PENDING' };
  const { identity, startTime, stopTime, result, redriveCount, redriveTime, notRedrivableReason: reason } = execution;
  return {
    ...result?.cause !== undefined && { Cause: result.cause },
    ...result?.error !== undefined && { Error: result.error },
    ExecutionArn: identity.executionArn,
    ...details,
    Name: identity.executionName,
    ...result?.output !== undefined && { Output: writeJson(result.output) },
    OutputDetails: { Included: true },
    RedriveCount: redriveCount,
    ...redriveTime !== undefined && { RedriveDate: new Date(redriveTime).toISOString() },
    ...type === 'STANDARD' && redriveStatus(reason),
    StartDate: new Date(startTime).toISOString(),
    StateMachineArn: identity.stateMachineArn,
    Status: result?.status ?? 'RUNNING',
    ...stopTime !== undefined && { StopDate: new Date(stopTime).toISOString() },
  };
}

function redriveStatus(reason: string | undefined): JsonObject {
  return reason === undefined ? { RedriveStatus: 'REDRIVABLE_BY_MAP_RUN' } : { RedriveStatus: 'NOT_REDRIVABLE', RedriveStatusReason: reason };
}

/** The results of some children after the transformation that a WriterConfig asks for. */
export function transform(children: readonly MapChild[], mapRun: MapRun, transformation: NonNullable<WriterConfig['Transformation']>): JsonValue[] {
  return children.flatMap((child): JsonValue[] => {
    const output = child.execution?.result?.output;
    if (transformation === 'NONE' || output === undefined) return [resultRecord(child, mapRun)];
    return transformation === 'FLATTEN' && Array.isArray(output) ? output : [output];
  });
}

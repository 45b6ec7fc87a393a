import { AthenaClient, GetQueryExecutionCommand, StopQueryExecutionCommand } from '@aws-sdk/client-athena';
import { DescribeExecutionCommand, GetExecutionHistoryCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { DescribeExecutionOutput, GetExecutionHistoryOutput } from '@aws-sdk/client-sfn';
import { SDK_BOUNDS } from '../../../private/runtime/sdk-bounds';

/** The calls to AWS that it takes to know how a query stands, and to stop it. They throw the SDK's errors. */
export interface QueryCloud {
  describeExecution(executionArn: string): Promise<DescribeExecutionOutput>;
  /** Events of an execution, newest first, with their data. */
  latestEvents(request: LatestEventsRequest): Promise<GetExecutionHistoryOutput>;
  /** What Athena says of a query, dates as ISO 8601; undefined if it knows no such query. */
  queryExecution(queryExecutionId: string): Promise<unknown>;
  stopQuery(queryExecutionId: string): Promise<void>;
}

export interface LatestEventsRequest {
  readonly executionArn: string;
  readonly maxResults: number;
  readonly nextToken?: string;
}

/** Region, endpoint and credentials come from the environment, as always in Lambda. */
export function createQueryCloud(): QueryCloud {
  const stepFunctions = new SFNClient(SDK_BOUNDS);
  const athena = new AthenaClient(SDK_BOUNDS);
  return {
    describeExecution: (executionArn) => stepFunctions.send(new DescribeExecutionCommand({ executionArn })),
    latestEvents: (request) => stepFunctions.send(new GetExecutionHistoryCommand({ ...request, reverseOrder: true, includeExecutionData: true })),
    queryExecution: async (QueryExecutionId) => {
      const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
      // As JSON it has the form in which the workflow gets it, where dates are texts or numbers.
      return JSON.parse(JSON.stringify(QueryExecution));
    },
    stopQuery: async (QueryExecutionId) => void await athena.send(new StopQueryExecutionCommand({ QueryExecutionId })),
  };
}

import { AthenaClient, GetQueryExecutionCommand, StopQueryExecutionCommand } from '@aws-sdk/client-athena';
import { DescribeExecutionCommand, GetExecutionHistoryCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { DescribeExecutionOutput, GetExecutionHistoryOutput } from '@aws-sdk/client-sfn';
import { memberOf } from '../../../private/runtime/member-of';
import { SDK_BOUNDS } from '../../../private/runtime/sdk-bounds';

/** The calls to AWS that it takes to know how a query stands, and to stop it. They throw the SDK's errors. */
export interface QueryCloud {
  /** Undefined if Step Functions knows no such execution. */
  describeExecution(executionArn: string): Promise<DescribeExecutionOutput | undefined>;
  /** Events of an execution, newest first, with their data; undefined if Step Functions knows no such execution. */
  latestEvents(request: LatestEventsRequest): Promise<GetExecutionHistoryOutput | undefined>;
  /** What Athena says of a query, dates as ISO 8601; undefined if it knows no such query. */
  queryExecution(queryExecutionId: string): Promise<unknown>;
  /** Whether there was something to stop. */
  stopQuery(queryExecutionId: string): Promise<boolean>;
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
    describeExecution: (executionArn) => unlessMissing(() => stepFunctions.send(new DescribeExecutionCommand({ executionArn }))),
    latestEvents: (request) => unlessMissing(() => (
      stepFunctions.send(new GetExecutionHistoryCommand({ ...request, reverseOrder: true, includeExecutionData: true }))
    )),
    queryExecution: async (QueryExecutionId) => {
      const answer = await unlessInvalid(() => athena.send(new GetQueryExecutionCommand({ QueryExecutionId })));
      if (answer?.QueryExecution === undefined) return undefined;
      // As JSON it has the form in which the workflow gets it, where dates are texts or numbers.
      return JSON.parse(JSON.stringify(answer.QueryExecution));
    },
    stopQuery: async (QueryExecutionId) => await unlessInvalid(() => athena.send(new StopQueryExecutionCommand({ QueryExecutionId }))) !== undefined,
  };
}

const unlessMissing = <T>(ask: () => Promise<T>): Promise<T | undefined> => unless('ExecutionDoesNotExist', ask);

/** Of requests that name nothing but a query that Athena itself has named, Athena says so where it no longer has the query, or not in that state. */
const unlessInvalid = <T>(ask: () => Promise<T>): Promise<T | undefined> => unless('InvalidRequestException', ask);

async function unless<T>(errorName: string, ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (memberOf(error, 'name') === errorName) return undefined;
    throw error;
  }
}

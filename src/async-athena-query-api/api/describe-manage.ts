import { managedRoute } from './manage-routes';
import { NEXT_TOKEN } from './manage-template';
import { MANAGE_OPERATIONS, MANAGE_REFUSALS, ManageOperation, ManageRefusalCode } from '../contracts/manage-query';
import { DescribedRoute, jsonContent, Parameter } from '../open-api/document';
import { QUERY_ID, STATUS_SCHEMAS } from '../open-api/query-schemas';
import { DescribedRefusal, refusalResponses } from '../open-api/refusals';
import { component } from '../open-api/schema';

/** When the management function refuses with each code, in Markdown: for the description of the API, and for the docs. */
export const REFUSAL_MEANINGS: Readonly<Record<ManageRefusalCode, string>> = {
  NoSuchQuery: 'There is no such query of this caller: it does not exist, is older than 90 days, or is another caller\'s. A caller cannot tell which.',
  NotOwner: 'One of `queryReaders`, who may also submit queries, asked to cancel another caller\'s query. Without that right the code is `AccessDenied`.',
  NotFinished: '`GET …/result`: the query has not ended yet.',
  NoResult: '`GET …/result`: the query has failed, was cancelled, has written nothing, or files of which there is no list.',
  InvalidNextToken: '`GET …/result`: the `NextToken` is not one that a page of this query has told.',
  ResultExpired: '`GET …/result`: the result was deleted, or will be within a minute.',
  NotStarted: '`DELETE`: Athena has not accepted the query yet. The message says how long that can last.',
  QueryEnded: '`DELETE`: the query has ended.',
  TryAgain: 'A service of AWS did not answer or refused the call, often because of its rate.',
  InternalError: 'Something is wrong in the account of the API: its operators find the reason in the log.',
};

interface DescribedOperation {
  readonly summary: string;
  readonly description: string;
  readonly status: 200 | 202;
  /** Name of the schema of the answer. */
  readonly answer: keyof typeof STATUS_SCHEMAS;
  /** Codes that only this operation and the likes of it are refused with. */
  readonly refusals: readonly ManageRefusalCode[];
  /** Beside the id of the query. */
  readonly parameters?: readonly Parameter[];
}

const OPERATIONS: Readonly<Record<ManageOperation, DescribedOperation>> = {
  GetQuery: {
    summary: 'Look at a query', description: 'Says how a query and its callback stand.', status: 200, answer: 'QueryStatus', refusals: [],
  },
  GetQueryResult: {
    summary: 'Get fresh links to a result',
    description: 'Makes fresh links to the result, as long as that is kept: to its one file, or to its files, page by page.',
    status: 200,
    answer: 'QueryResultLink',
    refusals: ['NotFinished', 'NoResult', 'InvalidNextToken', 'ResultExpired'],
    parameters: [{ name: NEXT_TOKEN, in: 'query', required: false, description: 'What the page before says.', schema: { type: 'string' } }],
  },
  CancelQuery: {
    summary: 'Cancel a query',
    description: 'Tells Athena to stop the query. A callback follows as always: it says `CANCELLED`, or how the query ended in that moment.',
    status: 202,
    answer: 'CancelAccepted',
    refusals: ['NotOwner', 'NotStarted', 'QueryEnded'],
  },
};

/** What every operation can be refused with. */
const ALWAYS: readonly ManageRefusalCode[] = ['NoSuchQuery', 'TryAgain', 'InternalError'];

const QUERY_ID_PARAMETER: Parameter = { name: 'QueryId', in: 'path', required: true, description: 'What the answer to the submission says.', schema: QUERY_ID };

/** The routes of a single query. */
export function describeManagement(gateway: readonly DescribedRefusal[]): DescribedRoute[] {
  return MANAGE_OPERATIONS.map((operationId) => {
    const { summary, description, status, answer, refusals, parameters = [] } = OPERATIONS[operationId];
    const refused = [...ALWAYS, ...refusals].map((code) => ({ status: MANAGE_REFUSALS[code], code, meaning: REFUSAL_MEANINGS[code] }));
    return {
      ...managedRoute(operationId),
      operation: {
        operationId,
        summary,
        description,
        parameters: [QUERY_ID_PARAMETER, ...parameters],
        responses: {
          [status]: { description: 'Done.', content: jsonContent(component(answer)) },
          ...refusalResponses([...refused, ...gateway]),
        },
      },
      schemas: STATUS_SCHEMAS,
    };
  });
}

/** How the routes of a single query refuse. */
import { DocTable } from './doc-table';
import { MANAGE_REFUSALS, ManageRefusalCode } from '../../../src/async-athena-query-api/contracts/manage-query';

/** When, and whether the request can be sent again. A code without a row does not compile. */
const ROWS: Readonly<Record<ManageRefusalCode, readonly [when: string, again: string]>> = {
  NoSuchQuery: [
    'There is no such query of this caller: it does not exist, is older than 90 days, or is another caller\'s. A caller cannot tell which.',
    'no',
  ],
  NotOwner: ['One of `queryReaders`, who may also submit queries, asked to cancel another caller\'s query. Without that right the code is `AccessDenied`.', 'no'],
  NotFinished: ['`GET …/result`: the query has not ended yet.', 'after the callback'],
  NoResult: ['`GET …/result`: the query has failed, was cancelled, has written nothing, or files of which there is no list.', 'no'],
  InvalidNextToken: ['`GET …/result`: the `NextToken` is not one that a page of this query has told.', 'no'],
  ResultExpired: ['`GET …/result`: the result was deleted, or will be within a minute.', 'no: submit the query again'],
  NotStarted: ['`DELETE`: Athena has not accepted the query yet. The message says how long that can last.', 'yes, later'],
  QueryEnded: ['`DELETE`: the query has ended.', 'no'],
  TryAgain: ['A service of AWS did not answer or refused the call, often because of its rate.', 'yes, later'],
  InternalError: ['Something is wrong in the account of the API: its operators find the reason in the log.', 'no'],
};

export const QUERY_REFUSALS: DocTable = {
  page: 'docs/async-athena-query-api/http-api.md',
  name: 'Refusals about a query',
  origin: 'the codes of the management function',
  make: () => ({
    header: ['status', '`Code`', 'when', 'send it again?'],
    rows: Object.entries(ROWS).map(([code, row]) => [`\`${statusOf(code)}\``, `\`${code}\``, ...row]),
  }),
};

function statusOf(code: string): number {
  const [, status] = Object.entries(MANAGE_REFUSALS).find(([known]) => known === code) ?? [];
  if (status === undefined) throw new Error(`${code} has no status`);
  return status;
}

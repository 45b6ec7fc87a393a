/** How the routes of a single query refuse. */
import { DocTable } from './doc-table';
import { REFUSAL_MEANINGS } from '../../../src/async-athena-query-api/api/describe-manage';
import { MANAGE_REFUSALS, ManageRefusalCode } from '../../../src/async-athena-query-api/contracts/manage-query';

/** When, and whether the request can be sent again. A code without a row does not compile. */
const ROWS: Readonly<Record<ManageRefusalCode, readonly [when: string, again: string]>> = {
  NoSuchQuery: [REFUSAL_MEANINGS.NoSuchQuery, 'no'],
  NotOwner: [REFUSAL_MEANINGS.NotOwner, 'no'],
  NotFinished: [REFUSAL_MEANINGS.NotFinished, 'after the callback'],
  NoResult: [REFUSAL_MEANINGS.NoResult, 'no'],
  InvalidNextToken: [REFUSAL_MEANINGS.InvalidNextToken, 'no'],
  ResultExpired: [REFUSAL_MEANINGS.ResultExpired, 'no: submit the query again'],
  NotStarted: [REFUSAL_MEANINGS.NotStarted, 'yes, later'],
  QueryEnded: [REFUSAL_MEANINGS.QueryEnded, 'no'],
  TryAgain: [REFUSAL_MEANINGS.TryAgain, 'yes, later'],
  InternalError: [REFUSAL_MEANINGS.InternalError, 'no'],
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

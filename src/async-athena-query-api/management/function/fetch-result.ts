import { Execution } from './execution';
import { Management } from './parse-event';
import { QueryStanding } from './query-standing';
import { Refusal } from './refusal';
import { QueryResultLink } from '../../contracts/manage-query';
import { InvalidNextToken, readNextToken } from '../../delivery/function/file-token';
import { LinkServices } from '../../delivery/function/query-result';
import { bytesOf, makeResultFiles } from '../../delivery/function/result-files';
import { manifestOf } from '../../delivery/function/result-kind';
import { makeResultLink } from '../../delivery/function/result-link';

/**
 * Fresh links to what a query has left behind.
 *
 * @throws Refusal NotFinished, NoResult
 * @throws InvalidNextToken where the page that is asked for is none of this query
 */
export async function fetchResult(
  { QueryId, NextToken }: Management, { resultFormat }: Execution, standing: QueryStanding, { config, linkCloud, now }: LinkServices,
): Promise<QueryResultLink> {
  if (standing.stage !== 'ended') throw new Refusal('NotFinished', 'The query has not ended yet.');
  const { outcome: { State: { State, CompletionDateTime }, ResultKind, QueryExecutionId, Statistics }, outputLocation } = standing;
  if (State !== 'SUCCEEDED') throw new Refusal('NoResult', `The query has ended as ${State}: it has no result.`);
  const start = NextToken === undefined ? undefined : readNextToken(QueryId, NextToken);
  if (ResultKind === 'FILES' && QueryExecutionId !== undefined) {
    const query = { queryId: QueryId, queryExecutionId: QueryExecutionId, format: resultFormat, manifest: manifestOf(Statistics) };
    const files = await makeResultFiles(query, start, bytesOf({ QueryId, QueryResult: 0 }), config, linkCloud);
    if (files === undefined) throw new Refusal('NoResult', 'The query has left files or a table, of which Athena has written no list.');
    return { QueryId, QueryResult: files };
  }
  if (ResultKind !== 'OBJECT' || QueryExecutionId === undefined) throw new Refusal('NoResult', 'The query has left nothing that a link could be made to.');
  // One object has one page.
  if (start !== undefined) throw new InvalidNextToken();
  const query = { QueryExecutionId, ResultConfiguration: { OutputLocation: outputLocation }, Status: { CompletionDateTime } };
  return { QueryId, QueryResult: await makeResultLink(QueryId, query, config, linkCloud, now()) };
}

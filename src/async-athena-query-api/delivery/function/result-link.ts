import { DeliveryError } from './delivery-error';
import { downloadOf } from './download';
import type { LinkConfig } from './link-config';
import { LinkCloud, linkLife, mayRead, mayReadUnder, Place, placeOf, SigningSession } from './link-session';
import { ResultKind, ResultLink } from '../../contracts/callback';
import { DeliveryErrorName } from '../../contracts/error-names';
import { SHORTEST_RESULT_RETENTION_DAYS } from '../../contracts/result-link';
import { QueryExecution } from '../../contracts/workflow-state';

const DAY_MILLISECONDS = 86_400_000;

/** What has to be known of a query that wrote one object. */
export type LinkedQuery = Pick<QueryExecution, 'QueryExecutionId' | 'ResultConfiguration'> & { readonly Status: Pick<QueryExecution['Status'], 'CompletionDateTime'> };

interface ResultObject extends Place {
  readonly extension: string;
}

/** Signs a link to the result of a query that wrote one object, by a session that may read that object and nothing else. */
export async function makeResultLink(
  queryId: string, query: LinkedQuery, config: LinkConfig, cloud: LinkCloud, now: number,
): Promise<ResultLink> {
  const object = locateResult(query, config);
  if (object === undefined) throw new DeliveryError(DeliveryErrorName.RESULT_NOT_DELIVERABLE, 'The result is not one object under a result location');
  const session = await SigningSession.open(queryId, [mayRead(object)], config, cloud);
  // Without s3:ListBucket, S3 says 403 instead of 404, as it does for a missing right: of an object too young to have expired, a 403 tells of rights, which can
  // be granted while the delivery is retried.
  const validity = session.validity(await session.readExpiry(object, (status) => status === 404 || mayHaveExpired(query, now)));
  const { name, contentType } = downloadOf(`${query.QueryExecutionId}.${object.extension}`);
  return { PresignedUrl: await session.sign(object, { name, contentType }, validity), ...linkLife(validity) };
}

/**
 * What a query has left behind of which only a name says that it wrote one object: Athena names one for statements too that write none. What lies where no links are
 * made to is taken as named, for nobody can look there.
 */
export async function lookedUpKind(queryId: string, query: LinkedQuery, config: LinkConfig, cloud: LinkCloud, now: number): Promise<ResultKind> {
  const object = locateResult(query, config);
  // What is missing at that age may have been there: whoever makes the link says that it has expired.
  if (object === undefined || mayHaveExpired(query, now)) return 'OBJECT';
  const session = await SigningSession.open(queryId, mayReadUnder(object), config, cloud);
  return await session.exists(object) ? 'OBJECT' : 'NONE';
}

function mayHaveExpired({ Status: { CompletionDateTime } }: LinkedQuery, now: number): boolean {
  return now - (CompletionDateTime ?? now) >= SHORTEST_RESULT_RETENTION_DAYS * DAY_MILLISECONDS;
}

/** The object is taken from Athena's answer, for a reused result is another query's; it must be a result file right under a prefix of ours. */
function locateResult({ ResultConfiguration }: LinkedQuery, { resultLocation, formerResultLocations = [] }: LinkConfig): ResultObject | undefined {
  const output = ResultConfiguration?.OutputLocation ?? '';
  const place = placeOf(output);
  for (const location of [resultLocation, ...formerResultLocations]) {
    const extension = output.startsWith(location) ? /^[\w-]{1,128}\.(csv|txt)$/.exec(output.slice(location.length))?.[1] : undefined;
    if (place !== undefined && extension !== undefined) return { ...place, extension };
  }
  return undefined;
}

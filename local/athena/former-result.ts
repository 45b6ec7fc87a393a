import { QueryExecution } from './query-execution';
import { CallContext, ServiceError } from '../aws/service';
import { S3Service } from '../s3/s3-service';

const MINUTE = 60_000;
const DEFAULT_MINUTES = 60;

/**
 * The latest former query whose result this one may take: the same text, parameters, database, catalog, workgroup and result configuration, young
 * enough, and readable for the caller. Whether the tables have changed since does not matter. Source: Athena user guide, "Reuse query results in Athena".
 */
export async function reusableQuery(
  query: QueryExecution, queries: Iterable<QueryExecution>, now: number, s3: S3Service, context: CallContext,
): Promise<QueryExecution | undefined> {
  const { request: { reuse }, overridesResults } = query.options;
  if (reuse?.enabled !== true || overridesResults) return undefined;
  const oldest = now - (reuse.maxAgeMinutes ?? DEFAULT_MINUTES) * MINUTE;
  const wanted = question(query);
  const candidates = [...queries].filter((former) => (
    former.state === 'SUCCEEDED' && former.reused === undefined && former.endedAt >= oldest && question(former) === wanted
  ));
  const latest = candidates.sort((a, b) => b.endedAt - a.endedAt)[0];
  return latest !== undefined && await isReadable(latest, s3, context) ? latest : undefined;
}

/** All in which two queries must be alike. */
function question({ options: { request: { query, parameters, database, catalog, workGroup }, results } }: QueryExecution): string {
  return JSON.stringify([query, parameters, database, catalog, workGroup, results]);
}

async function isReadable({ output }: QueryExecution, s3: S3Service, context: CallContext): Promise<boolean> {
  try {
    await s3.head({ ...output, context });
    return true;
  } catch (error) {
    if (error instanceof ServiceError) return false;
    throw error;
  }
}

import { readFileSync } from 'node:fs';
import { memberOf } from '../../../../local/json';
import { FLIGHTS_PARQUET } from '../../vega-data';
import { countRows } from '../rows';
import { Stage } from '../stage';

const ORIGIN = 'SFO';

/** A program names a query and says a value; files of Parquet come out. */
export async function namedQuery(stage: Stage): Promise<void> {
  const { terminal } = stage;
  terminal.title('A query by its name, with a parameter, whose rows come as Parquet');
  const request = { QueryName: 'flights_from', Parameters: { origin: ORIGIN }, ResultFormat: 'PARQUET' };
  terminal.line(`    POST /queries  ${JSON.stringify(request)}`);
  const callback = await stage.runReport(request);
  stage.expect(callback.body.State.State === 'SUCCEEDED' && callback.body.ResultKind === 'FILES', 'the query succeeded, and wrote files');
  stage.expect(stage.verifies(callback, 'reports'), 'the signature is good');

  const files = await Promise.all(stage.filesOf(callback).map(async ({ PresignedUrl }) => stage.downloadFile(PresignedUrl)));
  stage.expect(files.length > 0 && files.every(({ status }) => status === 200), `all ${files.length} links of the callback download`);
  const rows = await countRows(files.map(({ body }) => body));
  const expected = await countRows([readFileSync(FLIGHTS_PARQUET)], `origin = '${ORIGIN}'`);
  stage.expect(rows === expected, `the files have ${rows.toLocaleString('en')} rows together, as many as there are flights from ${ORIGIN}`);

  const sql = await stage.postReport({ Query: 'SELECT * FROM flights' });
  const unknown = await stage.postReport({ QueryName: 'all_flights', Parameters: {} });
  stage.expect([sql, unknown].every(({ status, body }) => status === 400 && memberOf(body, 'Code') === 'BadRequestBody'), 'SQL, and a name that is not known, are refused');
}

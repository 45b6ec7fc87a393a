import { memberOf } from '../../../../local/json';
import { firstRows } from '../rows';
import { Stage } from '../stage';

const QUERY = `
  SELECT origin, destination AS "to ""there""", count(*) AS flights, round(avg(delay), 1) AS "mean delay",
         'it''s \\ late @@ $x #if {"a": 1} ✈' AS note
  FROM flights
  WHERE origin <> 'O''HARE' AND destination <> '";--'
  GROUP BY origin, destination
  ORDER BY flights DESC, origin, destination`;

/** SQL full of quotes goes in; a signed callback and a link come out, and a fresh link once it has expired. */
export async function goodQuery(stage: Stage): Promise<void> {
  const { terminal } = stage;
  terminal.title('A query full of quotes, over three million real flights');
  const callback = await stage.run(QUERY);

  const rows = await stage.download(stage.linkOf(callback));
  stage.expect(callback.body.State.State === 'SUCCEEDED', 'the query succeeded');
  stage.expect(stage.verifies(callback), 'the signature is good, says an independent Standard Webhooks library');
  stage.expect(rows.status === 200, `the link downloads: ${rows.body.trimEnd().split('\n').length - 1} rows, more than the 1,000 of Athena's API`);
  terminal.table(await firstRows(rows.body, 5));
  stage.expect(rows.body.includes('"it\'s \\ late @@ $x #if {""a"": 1} ✈"'), 'every quote, backslash and emoji came through');

  const forged = { ...callback, rawBody: callback.rawBody.replace('SUCCEEDED', 'CANCELLED') };
  stage.expect(!stage.verifies(forged), 'a forged callback does not verify');

  const link = stage.linkOf(callback);
  const expiresAt = callback.body.QueryResult?.ExpiresAt ?? 0;
  const tampered = link.replace(/X-Amz-Signature=(.)/, (_, first: string) => `X-Amz-Signature=${first === '0' ? '1' : '0'}`);
  stage.expect((await stage.download(tampered)).status === 403, 'a link with a forged signature is refused');
  await stage.sleepUntil(expiresAt - 2_000);
  stage.expect((await stage.download(link)).status === 200, 'two seconds before ExpiresAt the link still works');
  await stage.sleepUntil(expiresAt + 2_000);
  stage.expect((await stage.download(link)).status === 403, 'two seconds after ExpiresAt it does not');

  const { status, body: { QueryResult: fresh } } = await stage.client.get(`/${callback.body.QueryId}/result`);
  terminal.line(`    GET /queries/{QueryId}/result  ${status}`);
  const again = await stage.download(String(memberOf(fresh, 'PresignedUrl')));
  stage.expect(again.status === 200 && again.body === rows.body, 'a fresh link downloads the same result');
}

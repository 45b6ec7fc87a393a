/** The OpenAPI document of the docs is that of the construct, and what the pages and the fixtures show is as documents have it. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { OPENAPI_EXAMPLE, openApiExample } from '../../projenrc/tools/openapi/example';
import { ROOT } from '../../projenrc/tools/repository';
import { headersOfTestVector } from '../../projenrc/tools/tables/test-vector';
import { SigningKeys } from '../../src';
import { DescribedApi } from '../support/described-api';
import { jsonBlocksOf, textOf } from '../support/doc-pages';
import { synth } from '../support/synth-queries';

const HTTP_API = 'docs/async-athena-query-api/http-api.md';

test('the example is what the construct makes: where this fails, run "npx projen docgen"', () => {
  expect(textOf(OPENAPI_EXAMPLE)).toBe(openApiExample());
});

describe('as the document has it', () => {
  const described = new DescribedApi(synth(() => ({ signingKeys: SigningKeys.ed25519() })).queries.openApi);
  const shared = new DescribedApi(synth().queries.openApi);
  const FOLDERS = readdirSync(join(ROOT, 'test/contracts/deliver')).map((contract) => `test/contracts/deliver/${contract}`);
  const fixtures = FOLDERS.flatMap((folder) => (
    readdirSync(join(ROOT, folder)).filter((file) => file.endsWith('.callback.json')).map((file) => `${folder}/${file}`)
  ));

  test.each(fixtures)('is the callback %s', (file) => {
    expect(shared.callbackFaults('SubmitQuery', { body: JSON.parse(textOf(file)), headers: headersOfTestVector() })).toEqual([]);
  });

  test.each([['GetQuery', 0, 200], ['GetQueryResult', 1, 200], ['CancelQuery', 2, 202], ['GetSigningKeys', 3, 200]])('is the answer of %s on the page', (operation, block, status) => {
    const body = JSON.parse(JSON.stringify(jsonBlocksOf(HTTP_API)[block]));
    expect(described.answerFaults(operation, { status, headers: {}, body })).toEqual([]);
  });

  test('a callback with a wrong signature header, an unknown member or without its state is not', () => {
    const [body] = jsonBlocksOf('docs/async-athena-query-api/callbacks.md');
    const headers = headersOfTestVector();
    expect(shared.callbackFaults('SubmitQuery', { body, headers })).toEqual([]);
    expect(shared.callbackFaults('SubmitQuery', { body, headers: { ...headers, 'webhook-signature': 'v1,x' } })).toHaveLength(1);
    expect(described.callbackFaults('SubmitQuery', { body, headers })).toEqual([expect.stringContaining('webhook-signature')]);
    expect(shared.callbackFaults('SubmitQuery', { body: { ...body, More: 1 }, headers })).toEqual([expect.stringContaining('More')]);
    expect(shared.callbackFaults('SubmitQuery', { body: { ...body, State: undefined }, headers })).not.toEqual([]);
  });
});

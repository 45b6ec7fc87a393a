/** JSON and tables on the pages of AsyncAthenaQueryApi tell what the construct sends and takes. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ROOT } from '../../projenrc/tools/repository';
import { FINAL_STATUSES } from '../../src/async-athena-query-api/contracts/callback';
import { DELIVERY_CONTRACT } from '../../src/async-athena-query-api/contracts/deliver';
import { deliveryRetry } from '../../src/async-athena-query-api/delivery/delivery-retry';
import { describeOutcome } from '../../src/async-athena-query-api/delivery/function/callback-body';
import { parseEvent } from '../../src/async-athena-query-api/delivery/function/parse-event';
import { operationsPage } from '../../src/private/synth/operations-page';
import { inBackticks, jsonBlocksOf, rowsUnder, textOf } from '../support/doc-pages';
import { synth } from '../support/synth-queries';
import { only, resourcesOfType } from '../support/template';

const CALLBACKS = 'docs/async-athena-query-api/callbacks.md';
const HTTP_API = 'docs/async-athena-query-api/http-api.md';
const OPERATIONS = 'docs/async-athena-query-api/operations.md';

/** The first block of JSON of a page. */
function jsonOf(page: string): Record<string, unknown> {
  const [first] = jsonBlocksOf(page);
  return first;
}

/** The schema of a request, without the mark of a version that the validator does not know. */
function requestModel(template: Template): object {
  const { Schema: { $schema: _version, ...schema } } = only(template, 'AWS::ApiGateway::Model').Properties as { Schema: { $schema: string } };
  return schema;
}

test('the callback of the page is what the delivery function makes of such a query', () => {
  const shown = jsonOf(CALLBACKS);
  const { QueryResult, ...outcome } = shown;
  const { SubmissionDateTime, CompletionDateTime } = shown.State as Record<string, number>;
  const event = parseEvent({
    contract: DELIVERY_CONTRACT,
    QueryId: shown.QueryId,
    StartTime: '2022-02-17T01:48:05.000Z',
    DeliveryTime: '2022-02-17T01:48:08.000Z',
    Workflow: 'Workflow',
    RetryCount: 0,
    RedriveCount: 0,
    Request: { Query: '', CallbackUrl: 'https://hooks.example.com/athena', ClientReference: shown.ClientReference },
    State: {
      AthenaRequest: { QueryExecutionId: shown.QueryExecutionId },
      AthenaResult: {
        QueryExecution: {
          QueryExecutionId: shown.QueryExecutionId,
          StatementType: 'DML',
          SubstatementType: 'SELECT',
          ResultConfiguration: { OutputLocation: 's3://bucket/results/name.csv' },
          Status: { State: 'SUCCEEDED', SubmissionDateTime, CompletionDateTime },
          Statistics: shown.Statistics,
        },
      },
    },
  });
  expect(JSON.parse(JSON.stringify(describeOutcome(event)))).toEqual(outcome);
  const { ExpiredIn, ExpiresAt } = QueryResult as Record<string, number>;
  // It was signed after the query had ended, on a whole second.
  expect([Object.keys(QueryResult as object), ExpiredIn, (ExpiresAt - ExpiredIn * 1_000) % 1_000]).toEqual([['PresignedUrl', 'ExpiredIn', 'ExpiresAt'], 3_600, 0]);
  expect(ExpiresAt - ExpiredIn * 1_000).toBeGreaterThan(CompletionDateTime);
});

test('the request of the page is one that the API takes', () => {
  const { template } = synth();
  const [, body] = /^Content-Type: application\/json\n\n(\{.*?\})\n^```$/ms.exec(textOf(HTTP_API)) ?? [];
  const withKey = jsonBlocksOf(HTTP_API).find(({ IdempotencyKey }) => IdempotencyKey !== undefined);
  const accepts = new Ajv({ strict: false }).compile(requestModel(template));
  expect(accepts(JSON.parse(body))).toBe(true);
  expect(accepts({ ...JSON.parse(body), CallbackUrl: 'http://hooks.example.com/athena' })).toBe(false);
  expect(accepts({ Query: 'SELECT 1' })).toBe(false);
  expect(accepts(withKey)).toBe(true);
  expect(accepts({ ...withKey, IdempotencyKey: 'a_b' })).toBe(false);
});

test('every member that the API takes is in the table of the page', () => {
  const told = rowsUnder(HTTP_API, 'member of the request | what it is').flatMap(([cell]) => inBackticks(cell));
  expect(told).toEqual(Object.keys((requestModel(synth().template) as { properties: object }).properties));
});

test('an answer to too many requests says when to send the next', () => {
  const throttled = only(synth().template, 'AWS::ApiGateway::GatewayResponse', 'Throttled').Properties.ResponseParameters as Record<string, string>;
  expect(throttled).toEqual({ 'gatewayresponse.header.Retry-After': "'1'" });
  expect(textOf(HTTP_API)).toContain('`Retry-After` is 1 second.');
});

test('every member of a callback is in the table of the page', () => {
  const told = rowsUnder(CALLBACKS, 'member | what it is').flatMap(([cell]) => inBackticks(cell)).map((name) => name.split('.')[0]);
  const callbacks = ['1', '2', '4'].map((contract) => `test/contracts/deliver/${contract}`).flatMap((folder) => (
    readdirSync(join(ROOT, folder)).filter((file) => file.endsWith('.callback.json')).map((file) => JSON.parse(textOf(`${folder}/${file}`)))));
  expect([...new Set(told)].sort()).toEqual([...new Set(callbacks.flatMap((callback) => Object.keys(callback)))].sort());
});

test('the statuses that end a delivery are those of the page', () => {
  const row = rowsUnder(CALLBACKS, 'you answer | what happens').find(([cell]) => cell.startsWith('a redirect'));
  expect(inBackticks(row?.[0] ?? '')).toEqual(['3xx', ...FINAL_STATUSES.map(String)]);
});

test('the answers of the API are those of the page', () => {
  const { template } = synth();
  const own = resourcesOfType(template, 'AWS::ApiGateway::GatewayResponse').flatMap(({ Properties }) => Object.values(Properties.ResponseTemplates as Record<string, string>));
  const submit = only(template, 'AWS::ApiGateway::Method', 'queriesPOST').Properties as { Integration: object; MethodResponses: { StatusCode: string }[] };
  const method = JSON.stringify(submit.Integration);
  const codes = [...`${own.join()}${method}`.matchAll(/\\?"Code\\?":\\?"(\w+)/g)].map(([, code]) => code);
  expect(codes.length).toBeGreaterThan(8);
  const told = rowsUnder(HTTP_API, 'status | `Code` | when | send it again?').flatMap(([, cell]) => inBackticks(cell));
  expect([...new Set(told)].sort()).toEqual([...new Set(codes)].sort());

  const statuses = submit.MethodResponses.map(({ StatusCode }) => StatusCode);
  const toldStatuses = rowsUnder(HTTP_API, 'status | `Code` | when | send it again?').flatMap(([cell]) => inBackticks(cell));
  expect(toldStatuses).toEqual(expect.arrayContaining(statuses));
});

test('the letter of the page has the members of a dead letter', () => {
  const [{ InputTransformer: { InputTemplate } }] = resourcesOfType(synth().template, 'AWS::Events::Rule')
    .map(({ Properties }) => Properties.Targets as { InputTransformer: { InputTemplate: string } }[])
    .find(([{ InputTransformer }]) => InputTransformer.InputTemplate.includes('Error')) ?? [];
  const members = [...InputTemplate.matchAll(/"(\w+)":/g)].map(([, name]) => name);
  expect(Object.keys(jsonOf(OPERATIONS))).toEqual(members);
});

test('the alarm on failures leads to the page of operations, in the repository of the package, and reads three metrics', () => {
  const { AlarmDescription, Metrics } = only(synth().template, 'AWS::CloudWatch::Alarm', 'FailureAlarm').Properties as { AlarmDescription: string; Metrics: { MetricStat?: object }[] };
  expect(AlarmDescription).toContain(operationsPage('async-athena-query-api'));
  const { repository } = JSON.parse(textOf('package.json')) as { repository: { url: string } };
  expect(operationsPage('async-athena-query-api')).toBe(`${repository.url.replace(/\.git$/, '')}/blob/main/${OPERATIONS}`);
  expect(Metrics.filter(({ MetricStat }) => MetricStat !== undefined)).toHaveLength(3);
});

test('delays of a short window grow to a quarter of it', () => {
  expect(deliveryRetry(Duration.minutes(20)).MaxDelaySeconds).toBe(20 * 60 / 4);
});

/** What is announced and what the callback says of the same query are computed in two languages: here they are compared. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import fc from 'fast-check';
import { VirtualClock } from '../../../local/clock';
import { JsonObject, JsonValue } from '../../../local/json';
import { parseDefinition } from '../../../local/stepfunctions/definition/validate';
import { Execution } from '../../../local/stepfunctions/interpreter/execution';
import { JsonataQueries } from '../../../local/stepfunctions/jsonata/queries';
import { announcementOf } from '../../../src/async-athena-query-api/announcement/announcement-document';
import { Announcement } from '../../../src/async-athena-query-api/contracts/announcement';
import { Outcome } from '../../../src/async-athena-query-api/contracts/deliver';
import { WorkflowState } from '../../../src/async-athena-query-api/contracts/workflow-state';
import { describeOutcome } from '../../../src/async-athena-query-api/delivery/function/callback-body';
import { parseEvent } from '../../../src/async-athena-query-api/delivery/function/parse-event';
import { fcRuns } from '../../support/fc-runs';

const NOW = '2026-11-24T08:00:10.250Z';
const QUERY_ID = 'a2b4-c6_d8';
const ARN = 'arn:aws:states:eu-west-1:111122223333';
const IDENTITY = {
  executionArn: `${ARN}:execution:machine:${QUERY_ID}`,
  executionName: QUERY_ID,
  stateMachineArn: `${ARN}:stateMachine:machine`,
  stateMachineName: 'machine',
  roleArn: 'arn:aws:iam::111122223333:role/machine',
  region: 'eu-west-1',
};

const definition = parseDefinition(JSON.stringify({
  StartAt: 'Describe Query',
  States: { 'Describe Query': { Type: 'Pass', QueryLanguage: 'JSONata', Output: `{% ${announcementOf()} %}`, End: true } },
}), () => true);
const queries = new JsonataQueries();

/** What is announced of a query that has ended in this state; undefined where that is no end. */
async function announced(state: JsonObject, clientReference: string | undefined): Promise<JsonValue | undefined> {
  // The context object has the input of the execution: here it is the state too.
  const request = { Query: 'SELECT 1', ...(clientReference !== undefined && { ClientReference: clientReference }) };
  const input = { ...state, ApiRequest: request };
  const execution = new Execution({ definition, queries, clock: new VirtualClock(Date.parse(NOW)), input, identity: IDENTITY });
  const { status, output, error } = await execution.run();
  if (status === 'FAILED') expect(error).toBe('States.QueryEvaluationError');
  return output;
}

/** What the callback says of it; undefined where none is sent. */
function told(state: JsonObject, clientReference: string | undefined): Outcome | undefined {
  try {
    return describeOutcome(parseEvent({
      contract: 3,
      QueryId: QUERY_ID,
      StartTime: NOW,
      DeliveryTime: NOW,
      Workflow: 'machine',
      RetryCount: 0,
      RedriveCount: 0,
      Request: { Query: '', ...(clientReference !== undefined && { ClientReference: clientReference }) },
      State: state,
    }));
  } catch (error) {
    expect(error).toMatchObject({ name: 'InvalidDeliveryEvent', message: 'The query is not finished' });
    return undefined;
  }
}

/** The announcement that says the same: of the reason its code alone, and where the result lies in place of a link. */
function announcementFrom(outcome: Outcome, { AthenaResult, StartError }: WorkflowState): Announcement {
  const { QueryId, ClientReference = '', ResultKind, Reason = '', State: { State, SubmissionDateTime, CompletionDateTime } } = outcome;
  const query = AthenaResult?.QueryExecution;
  const manifest = query?.Statistics?.DataManifestLocation;
  const location = { OBJECT: query?.ResultConfiguration?.OutputLocation, FILES: typeof manifest === 'string' ? manifest : undefined, NONE: undefined }[ResultKind];
  const [, Bucket = '', Key = ''] = /^s3:\/\/([^/]*)\/(.*)$/s.exec(location ?? '') ?? [];
  const code = StartError?.Error ?? (Reason === 'QueryTimeout' ? Reason : /^([A-Z][A-Z0-9_]{2,}):/.exec(Reason)?.[1] ?? '');
  return { QueryId, ClientReference, State, Reason: [...code].slice(0, 256).join(''), ResultKind, Bucket, Key, SubmissionDateTime, CompletionDateTime };
}

const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 6 });
const moment = fc.integer({ min: 0, max: 4e12 });
const time = fc.oneof(moment, moment.map((milliseconds) => new Date(milliseconds).toISOString()));
const reason = fc.oneof(
  fc.constantFrom('COLUMN_NOT_FOUND: line 1:8: Column \'x\' cannot be resolved', 'Query cancelled!', 'SELECT: 1', 'NOT_A_CODE', '', 'FAILED: SemanticException',
    'User: arn:aws:sts::111122223333:assumed-role/query/x may not', 'AB: too short', 'a_B: c', ' SYNTAX_ERROR: space before', `${'A'.repeat(300)}: long`),
  fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[A-Z_0-9:]{0,9}$/),
);
const location = fc.oneof(
  fc.tuple(fc.constantFrom('s3://results-bucket/results/', 's3://b/', 's3://'), fc.string({ unit: 'grapheme', maxLength: 6 }), fc.constantFrom('.csv', '.txt', '', '.csv.metadata', '/'))
    .map((parts) => parts.join('')),
  fc.constant(''),
);
const SUBSTATEMENTS = ['SELECT', 'EXPLAIN', 'CREATE_TABLE_AS_SELECT', 'INSERT', 'UNLOAD', 'MERGE', 'UPDATE', 'DELETE', 'SHOW_TABLES', 'SHOW_FUNCTIONS', 'SOMETHING_NEW', ''];
const query = fc.record({
  QueryExecutionId: fc.constant('aaaa-bbbb'),
  StatementType: orNull(fc.constantFrom('DML', 'DDL', 'UTILITY', 'SOMETHING_NEW')),
  SubstatementType: orNull(fc.constantFrom(...SUBSTATEMENTS)),
  ResultConfiguration: orNull(fc.record({ OutputLocation: orNull(location) }, { requiredKeys: [] })),
  Status: fc.record({
    State: fc.oneof({ weight: 6, arbitrary: fc.constantFrom('SUCCEEDED', 'FAILED', 'CANCELLED') }, { weight: 2, arbitrary: fc.constantFrom('QUEUED', 'RUNNING', 'PAUSED', '') }),
    StateChangeReason: orNull(reason),
    SubmissionDateTime: orNull(time),
    CompletionDateTime: orNull(time),
  }, { requiredKeys: ['State'] }),
  Statistics: orNull(fc.record({ DataManifestLocation: orNull(location), DataScannedInBytes: fc.nat() }, { requiredKeys: [] })),
}, { requiredKeys: ['QueryExecutionId', 'Status'] });
const stop = fc.option(fc.constantFrom({ Reason: 'QueryTimeout' }, { Error: 'Athena.InvalidRequestException', Cause: 'it has ended' }), { nil: undefined });
const state: fc.Arbitrary<JsonObject> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.tuple(query, stop).map(([QueryExecution, StopRequest]) => ({
      AthenaRequest: { QueryExecutionId: 'aaaa-bbbb' }, AthenaResult: { QueryExecution }, ...(StopRequest !== undefined && { StopRequest }),
    })),
  },
  fc.record({
    Error: fc.constantFrom('Athena.InvalidRequestException', 'States.Timeout', 'Athena.AmazonAthenaException', 'E'.repeat(300)),
    Cause: fc.string(),
  }, { requiredKeys: ['Error'] }).map((StartError) => ({ StartError })),
).map((made) => JSON.parse(JSON.stringify(made)));
const clientReference = fc.option(fc.string({ unit: 'binary', minLength: 1, maxLength: 128 }), { nil: undefined });

const schema = JSON.parse(readFileSync(join(__dirname, '../../../docs/async-athena-query-api/announcement.schema.json'), 'utf8'));
const fits = new Ajv().compile(schema);
const members = Object.keys(schema.properties);

/** Characters of each member at most, as the schema has them. */
const LONGEST: Readonly<Record<string, number>> = {
  QueryId: 80, ClientReference: 128, State: 9, Reason: 256, ResultKind: 6, Bucket: 63, Key: 1_024, SubmissionDateTime: 20, CompletionDateTime: 20,
};

test('what is announced is what the callback says, and nothing where no callback is sent', async () => {
  await fc.assert(fc.asyncProperty(state, clientReference, async (given, reference) => {
    const outcome = told(given, reference);
    expect(await announced(given, reference)).toEqual(outcome && announcementFrom(outcome, given));
  }), { numRuns: fcRuns(2_000) });
});

test('whatever is announced fits the schema, has every member of it and no other', async () => {
  expect(schema.required).toEqual(members);
  await fc.assert(fc.asyncProperty(state, clientReference, async (given, reference) => {
    const announcement = await announced(given, reference);
    fc.pre(announcement !== undefined);
    expect(Object.keys(Object(announcement))).toEqual(members);
    expect([fits(announcement), fits.errors]).toEqual([true, null]);
  }), { numRuns: fcRuns(500) });
});

test('the longest announcement that fits the schema is far from every limit on messages', () => {
  for (const name of ['ClientReference', 'Reason', 'Bucket', 'Key']) expect(schema.properties[name].maxLength).toBe(LONGEST[name]);
  expect(Object.keys(LONGEST)).toEqual(members);
  // A character of a text takes six bytes of JSON at most: `\\u0000`.
  const bytes = members.reduce((sum, name) => sum + name.length + 6 * (LONGEST[name] + 1), 2);
  // SNS allows the least: 256 KiB. Source: SNS quotas.
  expect(bytes).toBeLessThan(262_144 / 10);
});

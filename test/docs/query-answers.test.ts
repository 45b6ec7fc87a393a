/** What the page of the HTTP API says about a query is what the management function answers. */
import type { DescribeExecutionOutput, HistoryEvent } from '@aws-sdk/client-sfn';
import type { ManageAnswer, ManageOperation, QueryStatus } from '../../src/async-athena-query-api/contracts/manage-query';
import { manageQuery, ManagementServices } from '../../src/async-athena-query-api/management/function/manage-query';
import { inBackticks, jsonBlocksOf, rowsUnder, textOf } from '../support/doc-pages';

const PAGE = 'docs/async-athena-query-api/http-api.md';

const [STATUS, RESULT, CANCELLED] = jsonBlocksOf(PAGE);
const QUERY_ID = String(STATUS.QueryId);
const EXECUTION_ID = String(STATUS.QueryExecutionId);
const SUBMITTED = Number(STATUS.SubmissionDateTime);
const ENDED = Number(STATUS.CompletionDateTime);

const OWNER = { Id: 'AROAEXAMPLE', Arn: 'arn:aws:sts::111122223333:assumed-role/Analysts/one' };
const READER = { Id: 'AROAREADER', Arn: 'arn:aws:sts::111122223333:assumed-role/Operators/on-call' };
const STRANGER = { Id: 'AROASTRANGER', Arn: 'arn:aws:sts::111122223333:assumed-role/Partner/one' };

const CONFIG: ManagementServices['config'] = {
  workflowArn: 'arn:aws:states:eu-west-1:111122223333:stateMachine:Workflow',
  queryReaders: ['arn:aws:iam::111122223333:role/Operators'],
  longestStartSeconds: 3_600,
  resultLocation: 's3://bucket/results/',
  resultBucketOwner: '111122223333',
  linkRoleArn: 'arn:aws:iam::111122223333:role/Link',
  linkExpirySeconds: 3_600,
};

/** A query as AWS tells it. */
interface Situation {
  readonly status?: DescribeExecutionOutput['status'];
  /** What Athena says of it; absent if Athena has not accepted it. */
  readonly athena?: Readonly<Record<string, unknown>>;
  /** How far the workflow has come. */
  readonly at?: 'start' | 'loop' | 'delivery';
  readonly startError?: string;
  readonly asked?: typeof OWNER;
  readonly missing?: true;
  readonly unavailable?: true;
  readonly deleted?: true;
}

const athena = (state: string, more: object = {}) => ({
  QueryExecutionId: EXECUTION_ID,
  StatementType: 'DML',
  SubstatementType: 'SELECT',
  ResultConfiguration: { OutputLocation: `s3://bucket/results/${EXECUTION_ID}.csv` },
  Status: { State: state, SubmissionDateTime: SUBMITTED, ...!['QUEUED', 'RUNNING'].includes(state) && { CompletionDateTime: ENDED } },
  Statistics: STATUS.Statistics,
  ...more,
});
const SUCCEEDED = athena('SUCCEEDED');

const SITUATIONS: Readonly<Record<string, Situation>> = {
  'is not accepted by Athena yet, or its start is retried': { at: 'start' },
  'waits in Athena for a free place': { athena: athena('QUEUED') },
  'runs': { athena: athena('RUNNING') },
  'has just succeeded, which the workflow has not noticed': { athena: SUCCEEDED },
  'has succeeded, and the callback is retried': { athena: SUCCEEDED, at: 'delivery' },
  'has succeeded, and the callback was delivered': { athena: SUCCEEDED, at: 'delivery', status: 'SUCCEEDED' },
  'has succeeded, and the delivery failed for good': { athena: SUCCEEDED, at: 'delivery', status: 'FAILED' },
  'has succeeded, and its result was deleted': { athena: SUCCEEDED, at: 'delivery', status: 'SUCCEEDED', deleted: true },
  'has written several files': {
    athena: athena('SUCCEEDED', {
      SubstatementType: 'UNLOAD', Statistics: { ...Object(STATUS.Statistics), DataManifestLocation: `s3://bucket/results/${EXECUTION_ID}-manifest.csv` },
    }),
    at: 'delivery',
    status: 'SUCCEEDED',
  },
  'has written to a table, and Athena has made no list of files': { athena: athena('SUCCEEDED', { SubstatementType: 'INSERT' }), at: 'delivery', status: 'SUCCEEDED' },
  'has failed': { athena: athena('FAILED'), at: 'delivery', status: 'SUCCEEDED' },
  'could not be started': { startError: 'Athena.InvalidRequestException', at: 'delivery', status: 'SUCCEEDED' },
  'was cancelled': { athena: athena('CANCELLED'), at: 'delivery', status: 'SUCCEEDED' },
  'runs, and one of `queryReaders` asks who did not submit it': { athena: athena('RUNNING'), asked: READER },
  "is another caller's": { athena: athena('RUNNING'), asked: STRANGER },
  'does not exist, or is older than 90 days': { missing: true },
  'is any of these, and a service of AWS does not answer': { unavailable: true },
};

/** What the workflow hands to the delivery function. */
function deliveryEvent({ athena: QueryExecution, startError }: Situation): object {
  return {
    contract: 2,
    QueryId: QUERY_ID,
    StartTime: new Date(SUBMITTED).toISOString(),
    DeliveryTime: new Date(ENDED).toISOString(),
    Workflow: 'Workflow',
    RetryCount: 0,
    RedriveCount: 0,
    Request: { Query: '', CallbackUrl: 'https://hooks.example.com/athena', ClientReference: STATUS.ClientReference },
    State: startError === undefined
      ? { AthenaRequest: { QueryExecutionId: EXECUTION_ID }, AthenaResult: { QueryExecution } }
      : { StartError: { Error: startError } },
  };
}

function newestEvent(situation: Situation): HistoryEvent[] {
  const event = { id: 9, timestamp: new Date(ENDED) };
  const call = { resource: 'invoke', resourceType: 'lambda', region: 'eu-west-1' };
  switch (situation.at ?? 'loop') {
    case 'start': return [];
    case 'loop': {
      const output = JSON.stringify({ QueryExecutionId: EXECUTION_ID });
      return [{ ...event, type: 'TaskSucceeded', taskSucceededEventDetails: { ...call, output } }];
    }
    case 'delivery': {
      const parameters = JSON.stringify({ Payload: deliveryEvent(situation) });
      return [{ ...event, type: 'TaskScheduled', taskScheduledEventDetails: { ...call, parameters } }];
    }
  }
}

const failure = (name: string, more: object = {}) => Object.assign(new Error('refused'), { name }, more);

function servicesOf(situation: Situation): ManagementServices {
  const now = ENDED + 3_000;
  return {
    config: CONFIG,
    now: () => now,
    sleep: async () => {},
    log: () => {},
    queryCloud: {
      describeExecution: async (executionArn) => {
        if (situation.missing) return undefined;
        if (situation.unavailable) throw failure('ThrottlingException');
        const input = JSON.stringify({
          ApiRequest: { Query: 'SELECT 1', CallbackUrl: 'https://hooks.example.com/athena', ClientReference: STATUS.ClientReference }, Caller: { Id: OWNER.Id },
        });
        return { executionArn, stateMachineArn: CONFIG.workflowArn, startDate: new Date(SUBMITTED), status: situation.status ?? 'RUNNING', input };
      },
      latestEvents: async () => ({ events: newestEvent(situation) }),
      queryExecution: async () => situation.athena,
      stopQuery: async () => true,
    },
    linkCloud: {
      assumeRole: async () => ({
        credentials: { accessKeyId: 'A', secretAccessKey: 'S', sessionToken: 'T' },
        expiration: new Date(Math.floor(now / 1_000) * 1_000 + 3_600_000),
      }),
      headObject: async () => {
        if (situation.deleted) throw failure('NotFound', { $metadata: { httpStatusCode: 404 } });
        return undefined;
      },
      listObjects: async () => ({}),
      readRange: async () => new Uint8Array(),
      signGetObject: async () => 'https://…',
    },
  };
}

async function ask(operation: ManageOperation, situation: Situation): Promise<ManageAnswer> {
  const Caller = situation.asked ?? OWNER;
  return manageQuery({ contract: 1, Operation: operation, QueryId: QUERY_ID, Caller }, servicesOf(situation));
}

/** Status, and code or states, as the page has them. */
function told({ StatusCode, Body }: ManageAnswer): string[] {
  if ('Code' in Body) return [`${StatusCode}`, Body.Code];
  return [`${StatusCode}`, ...'Delivery' in Body ? [Body.State, Body.Delivery] : []];
}

const TABLE = rowsUnder(PAGE, 'the query | `GET /queries/{QueryId}` | `GET …/result` | `DELETE`');

test('the page has a row for each situation', () => {
  expect(TABLE.map(([query]) => query)).toEqual(Object.keys(SITUATIONS));
});

test.each(TABLE)('a query that %s', async (query, ...cells) => {
  const situation = SITUATIONS[query];
  const answers = await Promise.all((['GetQuery', 'GetQueryResult', 'CancelQuery'] as const).map((operation) => ask(operation, situation)));
  expect(cells.map(inBackticks)).toEqual(answers.map(told));
});

test('the answers of the page are those of the function', async () => {
  const body = async (operation: ManageOperation, situation: Situation): Promise<unknown> => {
    const { Body } = await ask(operation, situation);
    return JSON.parse(JSON.stringify(Body));
  };
  await expect(body('GetQuery', { athena: SUCCEEDED, at: 'delivery' })).resolves.toEqual(STATUS);
  await expect(body('GetQueryResult', { athena: SUCCEEDED, at: 'delivery' })).resolves.toEqual(RESULT);
  await expect(body('CancelQuery', { athena: athena('RUNNING') })).resolves.toEqual(CANCELLED);
});

test('the line of the log on the page about operations is one that the function writes', async () => {
  const shown = jsonBlocksOf('docs/async-athena-query-api/operations.md').find(({ Operation }) => Operation !== undefined);
  const lines: string[] = [];
  const services = servicesOf({ unavailable: true });
  await manageQuery({ contract: 1, Operation: 'GetQuery', QueryId: QUERY_ID, Caller: OWNER }, { ...services, log: (line) => lines.push(line) });
  expect(lines.map((line) => JSON.parse(line))).toEqual([{ ...shown, DurationMilliseconds: expect.any(Number) }]);
});

test('every member of an answer is in the table of the page', () => {
  const members: Readonly<Record<keyof QueryStatus, true>> = {
    QueryId: true,
    State: true,
    Delivery: true,
    ClientReference: true,
    SubmissionDateTime: true,
    CompletionDateTime: true,
    QueryExecutionId: true,
    ResultKind: true,
    Reason: true,
    AthenaError: true,
    Statistics: true,
    ReusedPreviousResult: true,
  };
  const rows = rowsUnder(PAGE, 'member of the answer | what it is').flatMap(([cell]) => inBackticks(cell));
  expect(rows.sort()).toEqual(Object.keys(members).sort());
  expect(textOf(PAGE)).toContain(`| \`State\` | ${['QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED'].map((state) => `\`${state}\``).join(', ')} or \`CANCELLED\` |`);
});

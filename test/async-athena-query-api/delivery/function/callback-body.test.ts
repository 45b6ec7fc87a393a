import { outcomeOf, releasedEvent } from './harness';
import { DeliveryErrorName } from '../../../../src/async-athena-query-api/contracts/error-names';
import { QueryExecution, WorkflowState } from '../../../../src/async-athena-query-api/contracts/workflow-state';
import { describeOutcome } from '../../../../src/async-athena-query-api/delivery/function/callback-body';
import { Delivery, parseEvent } from '../../../../src/async-athena-query-api/delivery/function/parse-event';
import { isNamedOnly, resultKind } from '../../../../src/async-athena-query-api/delivery/function/result-kind';

const EVENT = parseEvent(releasedEvent('succeeded'));

function withStatus(status: QueryExecution['Status'], more: Partial<WorkflowState> = {}): Delivery {
  if (EVENT.State.AthenaResult === undefined) throw new Error('The fixture has no result');
  const query = { ...EVENT.State.AthenaResult.QueryExecution, Status: status };
  return { ...EVENT, State: { ...EVENT.State, AthenaResult: { QueryExecution: query }, ...more } };
}

const STOPPED = { StopRequest: { Reason: 'QueryTimeout' } };

describe('state and reason', () => {
  test.each([
    ['SUCCEEDED', {}, 'SUCCEEDED', 'said by Athena'],
    ['FAILED', {}, 'FAILED', 'said by Athena'],
    ['CANCELLED', {}, 'CANCELLED', 'said by Athena'],
    ['SUCCEEDED', STOPPED, 'SUCCEEDED', 'said by Athena'],
    ['FAILED', STOPPED, 'FAILED', 'said by Athena'],
    ['CANCELLED', STOPPED, 'CANCELLED', 'QueryTimeout'],
    ['RUNNING', STOPPED, 'CANCELLED', 'QueryTimeout'],
    ['QUEUED', STOPPED, 'CANCELLED', 'QueryTimeout'],
  ])('of %s with %j: %s, %s', (state, more, expected, reason) => {
    const outcome = describeOutcome(withStatus({ State: state, StateChangeReason: 'said by Athena' }, more));
    expect([outcome.State.State, outcome.Reason]).toEqual([expected, reason]);
    expect(outcome.ResultKind).toBe(expected === 'SUCCEEDED' ? 'OBJECT' : 'NONE');
  });

  test.each([['RUNNING', {}], ['QUEUED', {}], ['PAUSED', {}], ['PAUSED', STOPPED], ['', STOPPED]])('%j with %j is not delivered', async (state, more) => {
    const outcome = await outcomeOf(Promise.resolve().then(() => describeOutcome(withStatus({ State: state }, more))));
    expect(outcome.name).toBe(DeliveryErrorName.INVALID_DELIVERY_EVENT);
  });
});

test('times that Athena does not say are those of the workflow', () => {
  expect(describeOutcome(withStatus({ State: 'FAILED' })).State).toEqual({
    State: 'FAILED', SubmissionDateTime: Date.parse(EVENT.StartTime), CompletionDateTime: Date.parse(EVENT.DeliveryTime),
  });
});

describe('reason of a query that was not started', () => {
  const reason = (Error: string, Cause?: string) => describeOutcome({
    ...EVENT, State: { StartError: { Error, Cause } },
  }).Reason;

  test('is the cause, when the SQL was at fault', () => {
    expect(reason('Athena.InvalidRequestException', 'line 1:1')).toBe('Athena.InvalidRequestException: line 1:1');
    expect(reason('Athena.InvalidRequest', 'line 1:1')).toBe('Athena.InvalidRequest: line 1:1');
    expect(reason('Athena.InvalidRequestException')).toBe('Athena.InvalidRequestException');
  });

  test.each(['Athena.AthenaException', 'Athena.TooManyRequestsException', 'States.Timeout', 'States.TaskFailed'])('is only the name for %s', (name) => {
    expect(reason(name, 'User: arn:aws:sts::111122223333:assumed-role/query is not authorized')).toBe(name);
  });
});

test('what Athena says of the account is told without its ARNs', () => {
  const told = 'User: arn:aws:sts::111122223333:assumed-role/query/x is not authorized to perform glue:GetTable on arn:aws-cn:glue:r:1:table/hr, line 1:8';
  const hidden = 'User: arn:… is not authorized to perform glue:GetTable on arn:…, line 1:8';
  const { Reason, AthenaError } = describeOutcome(withStatus({ State: 'FAILED', StateChangeReason: told, AthenaError: { ErrorMessage: told, ErrorType: 1500 } }));
  expect([Reason, AthenaError]).toEqual([hidden, { ErrorMessage: hidden, ErrorType: 1500 }]);
});

describe('kind of result', () => {
  const CSV = 's3://results-bucket/results/a.csv';
  const TXT = 's3://results-bucket/results/a.txt';
  test.each([
    ['DML', 'SELECT', CSV, 'OBJECT'],
    ['DML', 'SELECT', undefined, 'OBJECT'],
    ['DML', 'EXPLAIN', TXT, 'OBJECT'],
    ['DML', 'INSERT', 's3://results-bucket/results/a', 'FILES'],
    ['DML', 'UNLOAD', 's3://results-bucket/results/a', 'FILES'],
    ['DML', 'CREATE_TABLE_AS_SELECT', 's3://results-bucket/results/tables/a', 'FILES'],
    ['DDL', 'CREATE_TABLE_AS_SELECT', TXT, 'FILES'],
    ['DML', 'MERGE', CSV, 'FILES'],
    ['DML', 'UPDATE', CSV, 'FILES'],
    ['DML', 'DELETE', CSV, 'NONE'],
    ['DML', 'VACUUM_TABLE', CSV, 'NONE'],
    ['DML', 'SOMETHING_NEW', CSV, 'NONE'],
    ['DML', undefined, CSV, 'OBJECT'],
    ['DML', undefined, TXT, 'OBJECT'],
    ['DML', undefined, 's3://results-bucket/results/a', 'NONE'],
    ['DML', undefined, undefined, 'NONE'],
    ['DML', '', CSV, 'NONE'],
    ['DDL', 'CREATE_TABLE', TXT, 'OBJECT'],
    ['DDL', 'ALTER_TABLE_ADD_PARTITION', TXT, 'OBJECT'],
    ['DDL', 'CREATE_TABLE', CSV, 'NONE'],
    ['DDL', 'CREATE_TABLE', undefined, 'NONE'],
    ['UTILITY', 'SHOW_TABLES', TXT, 'OBJECT'],
    ['UTILITY', undefined, TXT, 'OBJECT'],
    ['UTILITY', 'SHOW_FUNCTIONS', CSV, 'OBJECT'],
    ['UTILITY', undefined, CSV, 'OBJECT'],
    ['UTILITY', 'SHOW_FUNCTIONS', 's3://results-bucket/results/a.csv.metadata', 'NONE'],
    ['UTILITY', 'SHOW_FUNCTIONS', 's3://results-bucket/results/a', 'NONE'],
    ['UTILITY', 'SHOW_FUNCTIONS', undefined, 'NONE'],
    ['UTILITY', 'DESCRIBE_TABLE', 's3://results-bucket/results/a.txt.metadata', 'NONE'],
    ['SOMETHING_NEW', 'SELECT', CSV, 'NONE'],
    [undefined, 'SELECT', CSV, 'NONE'],
    [undefined, undefined, undefined, 'NONE'],
  ])('of %s %s to %s: %s', (StatementType, SubstatementType, OutputLocation, kind) => {
    expect(resultKind({ QueryExecutionId: 'a', StatementType, SubstatementType, ResultConfiguration: { OutputLocation }, Status: { State: 'SUCCEEDED' } }))
      .toBe(kind);
  });

  test('where Athena does not say it: several files if there is a list of them, one if the name says so, which somebody has to look at', () => {
    const query = { QueryExecutionId: 'a', StatementType: 'DML', ResultConfiguration: { OutputLocation: CSV }, Status: { State: 'SUCCEEDED' } };
    const Statistics = { DataManifestLocation: 's3://results-bucket/results/a-manifest.csv' };
    expect(resultKind({ ...query, Statistics })).toBe('FILES');
    expect(resultKind({ ...query, Statistics, SubstatementType: 'DELETE' })).toBe('NONE');
    expect([isNamedOnly(query, 'OBJECT'), isNamedOnly(query, 'FILES'), isNamedOnly({ ...query, StatementType: 'UTILITY' }, 'OBJECT')]).toEqual([true, false, false]);
    expect(isNamedOnly({ ...query, SubstatementType: 'SELECT' }, 'OBJECT')).toBe(false);
  });

  test('of a request that chose a format: several files', () => {
    expect(resultKind({ QueryExecutionId: 'a', StatementType: 'DML', Status: { State: 'SUCCEEDED' } }, 'PARQUET')).toBe('FILES');
  });
});

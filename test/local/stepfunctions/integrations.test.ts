import { single } from './support';
import { AwsService, CallContext, ServiceError } from '../../../local/aws/service';
import { VirtualClock } from '../../../local/clock';
import { JsonObject, JsonValue } from '../../../local/json';
import { LambdaInvocation, LambdaInvoker } from '../../../local/stepfunctions/integrations/lambda';
import { StepFunctionsService } from '../../../local/stepfunctions/service';

const environment = { accountId: '111122223333', region: 'eu-west-1', partition: 'aws', urlSuffix: 'amazonaws.com' };
const roleArn = 'arn:aws:iam::111122223333:role/path/workflow';
const prefix = 'arn:aws:states:eu-west-1:111122223333';

interface Received {
  readonly operation: string;
  readonly input: JsonObject;
  readonly context: CallContext;
}

/** A service that answers what it is told and keeps what it received. */
function recording(name: string, answer: (operation: string) => JsonObject): { service: AwsService; received: Received[] } {
  const received: Received[] = [];
  const call = async (operation: string, input: JsonObject, context: CallContext) => {
    received.push({ operation, input, context });
    return answer(operation);
  };
  return { service: { name, call }, received };
}

function refusing(name: string, error: ServiceError): AwsService {
  return {
    name,
    call: async () => {
      throw error;
    },
  };
}

function functionAnswering(invocation: Partial<LambdaInvocation>): LambdaInvoker {
  return { invokeFunction: async () => ({ statusCode: 200, executedVersion: '$LATEST', payload: 'null', ...invocation }) };
}

interface Ended {
  readonly status: JsonValue;
  readonly output?: JsonValue;
  readonly error?: JsonValue;
  readonly cause?: JsonValue;
}

async function runTask(resource: string, parameters: JsonObject, services: readonly AwsService[], lambda?: LambdaInvoker): Promise<Ended> {
  const targets = { services, lambda };
  const states = new StepFunctionsService({ environment, clock: new VirtualClock(0), authorize: async () => undefined, targets });
  await states.createStateMachine({ name: 'child', roleArn, definition: JSON.stringify(single({ Type: 'Pass', Parameters: { 'got.$': '$' } })) });
  await states.createStateMachine({ name: 'broken', roleArn, definition: JSON.stringify(single({ Type: 'Fail', Error: 'Mine', Cause: 'why' })) });
  const task = { Type: 'Task', Resource: resource, Parameters: parameters };
  const { arn } = await states.createStateMachine({ name: 'parent', roleArn, definition: JSON.stringify(single(task)) });
  await states.call('StartExecution', { stateMachineArn: arn, name: 'e' }, { caller: {} });
  const executionArn = `${prefix}:execution:parent:e`;
  await states.ended(executionArn);
  const { status, output, error, cause } = await states.call('DescribeExecution', { executionArn }, { caller: {} });
  return { status, output: output === undefined ? undefined : JSON.parse(String(output)), error, cause };
}

describe('athena', () => {
  test('dates of the answer are epoch milliseconds, and there is no metadata', async () => {
    const { service, received } = recording('athena', () => ({
      QueryExecution: { Status: { State: 'SUCCEEDED', SubmissionDateTime: 1_645_062_485.193, CompletionDateTime: 1_645_062_487.295 } },
    }));
    const { output } = await runTask('arn:aws:states:::athena:getQueryExecution', { QueryExecutionId: 'q' }, [service]);
    expect(output).toEqual({ QueryExecution: { Status: { State: 'SUCCEEDED', SubmissionDateTime: 1_645_062_485_193, CompletionDateTime: 1_645_062_487_295 } } });
    expect(received).toEqual([{
      operation: 'GetQueryExecution',
      input: { QueryExecutionId: 'q' },
      context: { caller: { arn: 'arn:aws:sts::111122223333:assumed-role/workflow/e', accountId: '111122223333', roleArn }, secureTransport: true },
    }]);
  });

  test.each([
    ['InvalidRequestException', 'Athena.InvalidRequestException'],
    ['TooManyRequestsException', 'Athena.TooManyRequestsException'],
    ['AccessDeniedException', 'Athena.AmazonAthenaException'],
  ])('%s becomes %s', async (code, expected) => {
    const { status, error, cause } = await runTask('arn:aws:states:::athena:startQueryExecution', { QueryString: 'SELECT 1' }, [refusing('athena', new ServiceError(code, 'no'))]);
    expect([status, error]).toEqual(['FAILED', expected]);
    expect(cause).toMatch(new RegExp(`^no \\(Service: AmazonAthena; Status Code: 400; Error Code: ${code}; Request ID: [^;]+; Proxy: null\\)$`));
  });
});

describe('lambda', () => {
  const resource = 'arn:aws:states:::lambda:invoke';

  test('lambda:invoke wraps the result', async () => {
    const { output } = await runTask(resource, { FunctionName: 'f', Payload: { a: 1 } }, [], functionAnswering({ payload: '{"b":2}' }));
    expect(output).toMatchObject({ ExecutedVersion: '$LATEST', Payload: { b: 2 }, StatusCode: 200, SdkHttpMetadata: { HttpStatusCode: 200 } });
    expect(output).toHaveProperty('SdkResponseMetadata.RequestId');
  });

  test('a function ARN gives the bare result, and the function gets the input', async () => {
    const calls: string[][] = [];
    const arn = 'arn:aws:lambda:eu-west-1:111122223333:function:f';
    const { output } = await runTask(arn, { a: 1 }, [], {
      invokeFunction: async (name, payload) => {
        calls.push([name, payload]);
        return { statusCode: 200, executedVersion: '$LATEST', payload };
      },
    });
    expect(output).toEqual({ a: 1 });
    expect(calls).toEqual([[arn, '{"a":1}']]);
  });

  test('an error of the function gives its type and, as cause, its whole error object', async () => {
    const payload = '{"errorType": "Callback.Refused", "errorMessage": "no"}';
    const { error, cause } = await runTask(resource, { FunctionName: 'f' }, [], functionAnswering({ functionError: 'Unhandled', payload }));
    expect([error, JSON.parse(String(cause))]).toEqual(['Callback.Refused', JSON.parse(payload)]);
  });

  test.each([['TooManyRequestsException', 'Lambda.TooManyRequestsException'], ['AccessDeniedException', 'Lambda.AWSLambdaException']])('%s becomes %s', async (code, expected) => {
    const { error } = await runTask(resource, { FunctionName: 'f' }, [], {
      invokeFunction: async () => {
        throw new ServiceError(code, 'no', 429);
      },
    });
    expect(error).toBe(expected);
  });

  test('a result of more than 256 KiB fails the task', async () => {
    const { error, cause } = await runTask(resource, { FunctionName: 'f' }, [], functionAnswering({ payload: JSON.stringify('a'.repeat(262_144)) }));
    expect([error, cause]).toEqual(['States.DataLimitExceeded', 'The state/task \'lambda\' returned a result with a size exceeding the maximum number of bytes service limit.']);
  });
});

describe('states:startExecution', () => {
  const start = 'arn:aws:states:::states:startExecution';
  const child = { StateMachineArn: `${prefix}:stateMachine:child`, Name: 'c', Input: { a: 1 } };

  test('answers at once', async () => {
    const { output } = await runTask(start, child, []);
    expect(output).toMatchObject({ ExecutionArn: `${prefix}:execution:child:c`, StartDate: 0, SdkHttpMetadata: { HttpStatusCode: 200 } });
  });

  test.each([['.sync', '{"got":{"a":1}}'], ['.sync:2', { got: { a: 1 } }]])('%s waits for the end', async (pattern, expected) => {
    const { output } = await runTask(start + pattern, child, []);
    expect(output).toMatchObject({ Status: 'SUCCEEDED', Output: expected, StopDate: 0, RedriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven' });
  });

  test('a failed child fails the task with its description', async () => {
    const { error, cause } = await runTask(`${start}.sync:2`, { ...child, StateMachineArn: `${prefix}:stateMachine:broken` }, []);
    expect(error).toBe('States.TaskFailed');
    expect(JSON.parse(String(cause))).toMatchObject({ Error: 'Mine', Cause: 'why', Status: 'FAILED', Input: { a: 1 } });
  });

  test.each([
    [{ ...child, StateMachineArn: `${prefix}:stateMachine:none` }, 'StepFunctions.StateMachineDoesNotExistException'],
    [{ ...child, Name: 'a b' }, 'StepFunctions.InvalidNameException'],
  ])('refusals carry the names that AWS gives (%#)', async (parameters, expected) => {
    expect((await runTask(start, parameters, [])).error).toBe(expected);
  });
});

describe('messages and events', () => {
  test('sqs:sendMessage sends JSON as text', async () => {
    const { service, received } = recording('sqs', () => ({ MessageId: 'i', MD5OfMessageBody: 'd' }));
    const { output } = await runTask('arn:aws:states:::sqs:sendMessage', { QueueUrl: 'u', MessageBody: { a: 1 } }, [service]);
    expect(received[0].input).toEqual({ QueueUrl: 'u', MessageBody: '{"a":1}' });
    expect(output).toMatchObject({ MessageId: 'i', MD5OfMessageBody: 'd', SdkHttpMetadata: { HttpStatusCode: 200 } });
  });

  test('events:putEvents fails for a failed entry', async () => {
    const { service } = recording('events', () => ({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'X' }] }));
    expect((await runTask('arn:aws:states:::events:putEvents', { Entries: [{ Detail: {} }] }, [service])).error).toBe('EventBridge.FailedEntry');
  });
});

describe('aws-sdk', () => {
  test('calls the operation and shows dates as ISO 8601', async () => {
    const { service, received } = recording('secretsmanager', () => ({ Name: 's', CreatedDate: 0.5 }));
    const { output } = await runTask('arn:aws:states:::aws-sdk:secretsmanager:getSecretValue', { SecretId: 's' }, [service]);
    expect([received[0].operation, output]).toEqual(['GetSecretValue', { Name: 's', CreatedDate: '1970-01-01T00:00:00.500Z' }]);
  });

  test.each<[string, JsonObject, JsonObject]>([
    ['athena', { QueryExecutionId: 'q' }, { QueryExecution: { Status: { SubmissionDateTime: 1 } }, WorkGroup: { CreationTime: 1 } }],
    ['secretsmanager', { SecretId: 's' }, { DeletionDate: 1, NextRotationDate: 1, CreatedDate: 1, RecoveryWindowInDays: 1 }],
    ['eventbridge', { Name: 'r' }, { CreationTime: 1, LastModifiedTime: 1 }],
  ])('all dates that %s answers are found by its model', async (name, parameters, answer) => {
    const action = { athena: 'getQueryExecution', secretsmanager: 'deleteSecret', eventbridge: 'describeEventBus' }[name];
    const { service } = recording(name === 'eventbridge' ? 'events' : name, () => answer);
    const { output } = await runTask(`arn:aws:states:::aws-sdk:${name}:${action}`, parameters, [service]);
    expect(JSON.stringify(output)).toBe(JSON.stringify(answer).replace(/(Date|Time|DateTime)":1\b/g, '$1":"1970-01-01T00:00:01Z"'));
  });

  test.each([['ResourceNotFoundException', 'SecretsManager.ResourceNotFoundException'], ['ValidationException', 'SecretsManager.SecretsManagerException']])('%s becomes %s', async (code, expected) => {
    const { error, cause } = await runTask('arn:aws:states:::aws-sdk:secretsmanager:getSecretValue', { SecretId: 's' }, [refusing('secretsmanager', new ServiceError(code, 'no'))]);
    expect(error).toBe(expected);
    expect(cause).toMatch(/^no \(Service: SecretsManager, Status Code: 400, Request ID: [^)]+\) \(SDK Attempt Count: 1\)$/);
  });

  test('members of Step Functions itself begin with capitals', async () => {
    const { output } = await runTask('arn:aws:states:::aws-sdk:sfn:startExecution', { StateMachineArn: `${prefix}:stateMachine:child`, Name: 'c', Input: '{}' }, []);
    expect(output).toEqual({ ExecutionArn: `${prefix}:execution:child:c`, StartDate: '1970-01-01T00:00:00Z' });
    const updated = await runTask('arn:aws:states:::aws-sdk:sfn:updateStateMachine', { StateMachineArn: `${prefix}:stateMachine:child`, RoleArn: roleArn }, []);
    expect(updated.output).toMatchObject({ UpdateDate: '1970-01-01T00:00:00Z' });
  });
});

test.each<[string, JsonObject]>([
  ['arn:aws:states:::athena:startQueryExecution', { QueryString: 'SELECT 1' }],
  ['arn:aws:states:::glue:startJobRun.sync', {}],
  ['arn:aws:states:::aws-sdk:ec2:describeInstances', {}],
  ['arn:aws:states:::aws-sdk:sfn:getActivityTask', { ActivityArn: 'arn:aws:states:eu-west-1:111122223333:activity:a' }],
  ['arn:aws:states:::aws-sdk:sfn:tagResource', { ResourceArn: 'a', Tags: [] }],
  ['arn:aws:states:eu-west-1:111122223333:activity:a', {}],
  ['arn:aws:states:::lambda:invoke', { FunctionName: 'f' }],
])('%s without a handler is refused when the machine is created', async (resource, parameters) => {
  await expect(runTask(resource, parameters, [])).rejects.toThrow(`does not implement the Resource ${resource}`);
});

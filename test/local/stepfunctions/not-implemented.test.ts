import fc from 'fast-check';
import { definitions } from './accepted-definitions';
import { single } from './support';
import { AwsService, ServiceError } from '../../../local/aws/service';
import { VirtualClock } from '../../../local/clock';
import { JsonObject } from '../../../local/json';
import { NotImplemented } from '../../../local/not-implemented';
import { INTERNAL_ERROR } from '../../../local/stepfunctions/interpreter/failure';
import { StepFunctionsService } from '../../../local/stepfunctions/service';
import { environment } from '../http/small-cloud';

const roleArn = 'arn:aws:iam::111122223333:role/r';
const input = JSON.stringify({ 'a': { b: 1 }, 'list': [{ a: 1 }, 2, 'x'], 'number': 3, 'text': 'Event', 'time': '2016-03-14T01:59:00Z', 'x y': null });

/** A service that performs these operations and nothing else. */
function performing(name: string, ...operations: readonly string[]): AwsService {
  return {
    name,
    performs: (operation) => operations.includes(operation),
    call: async (operation): Promise<JsonObject> => {
      if (!operations.includes(operation)) throw new NotImplemented(name, operation);
      return operation === 'PutEvents' ? { FailedEntryCount: 0 } : {};
    },
  };
}

const services = [
  performing('sqs', 'SendMessage'), performing('sns', 'Publish'), performing('events', 'PutEvents'),
  performing('athena', 'StartQueryExecution', 'GetQueryExecution', 'StopQueryExecution', 'GetQueryResults'),
];

/** How creation and one execution of a definition end. */
async function outcomeOf(definition: JsonObject): Promise<'refused' | 'not implemented' | JsonObject> {
  const service = new StepFunctionsService({
    environment,
    clock: new VirtualClock(0),
    authorize: async () => undefined,
    targets: { services, lambda: { invokeFunction: async (_, payload) => ({ statusCode: 200, executedVersion: '$LATEST', payload }) } },
  });
  const create = async (name: string, machine: JsonObject) => service.createStateMachine({ name, roleArn, definition: JSON.stringify(machine) });
  await create('child', single({ Type: 'Pass' }));
  try {
    await create('m', definition);
  } catch (error) {
    if (error instanceof NotImplemented) return 'not implemented';
    if (error instanceof ServiceError) return 'refused';
    throw error;
  }
  const stateMachineArn = `arn:aws:states:${environment.region}:${environment.accountId}:stateMachine:m`;
  const { executionArn } = await service.call('StartExecution', { stateMachineArn, input }, { caller: {} });
  await service.ended(String(executionArn));
  return service.call('DescribeExecution', { executionArn }, { caller: {} });
}

test('property: what the local cloud does not implement is refused when a machine is created, and never ends an execution', async () => {
  const count = { 'refused': 0, 'not implemented': 0, 'SUCCEEDED': 0, 'FAILED': 0 };
  await fc.assert(fc.asyncProperty(definitions, async (definition) => {
    const outcome = await outcomeOf(definition);
    if (typeof outcome === 'string') {
      count[outcome]++;
      return;
    }
    count[outcome.status === 'SUCCEEDED' ? 'SUCCEEDED' : 'FAILED']++;
    expect(outcome.error === INTERNAL_ERROR ? outcome.cause : undefined).toBeUndefined();
    expect(String(outcome.cause ?? '')).not.toMatch(/not implement/);
  }), { numRuns: 600 });
  // All kinds are among them.
  expect(Math.min(...Object.values(count))).toBeGreaterThan(10);
});

import { outcomeOf } from './harness';
import { handler } from '../../../../src/paged-batch-etl/schedule/function/plan-run.lambda';
import { expectMissing, useLogLines } from '../../../support/construct-kit/handlers';

const STATE_MACHINE_ARN = 'arn:aws:states:eu-west-1:111122223333:stateMachine:Etl';
const WINDOW = '{"kind":"lastHours","begin":"from","end":"to","hours":1}';

const lines = useLogLines('console');

/** Its message, where a run could not be started. */
async function refusalOf(event: unknown): Promise<string> {
  const outcome = await outcomeOf(handler(event));
  expect(outcome).toEqual({ error: 'RunNotStarted', message: expect.any(String) });
  return JSON.stringify(outcome);
}

// The order matters, as in a sandbox: what is set up at the first good invocation stays.
test('a function that is not configured says which variable is wrong, every time', async () => {
  await expectMissing(async () => refusalOf({}), { STATE_MACHINE_ARN, WINDOW });
});

test('a configured function plans by its environment, and logs a line', async () => {
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    STATE_MACHINE_ARN,
    WINDOW,
    SCHEDULE_HASH: '0123456789abcdef0123',
  });
  expect(await outcomeOf(handler({ '@type': 'PingRequest' }))).toEqual({ error: 'InvalidPlanEvent', message: 'contract must be one of 1' });
  expect(lines().map((line) => JSON.parse(line))).toEqual([{ Outcome: 'InvalidPlanEvent' }]);
});

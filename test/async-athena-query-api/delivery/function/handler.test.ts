import { CONFIG, outcomeOf, releasedEvent } from './harness';
import { handler } from '../../../../src/async-athena-query-api/delivery/function/deliver.lambda';
import { expectMissing, useLogLines } from '../../../support/construct-kit/handlers';

const lines = useLogLines('stdout');

// The order matters, as in a sandbox: what is set up at the first good invocation stays.
test('a function that is not configured says which variable is wrong, every time', async () => {
  await expectMissing(async () => (await outcomeOf(handler(releasedEvent('succeeded')))).message, {
    SIGNING_SECRET_ARN: CONFIG.signingSecretArn, RESULT_LOCATION: CONFIG.resultLocation,
  });
});

test('a configured function delivers by its environment, and logs a line', async () => {
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    SIGNING_SECRET_ARN: CONFIG.signingSecretArn,
    RESULT_LOCATION: CONFIG.resultLocation,
    RESULT_BUCKET_OWNER: CONFIG.resultBucketOwner,
    LINK_ROLE_ARN: CONFIG.linkRoleArn,
    LINK_EXPIRY_SECONDS: '3600',
    CALLBACK_RULES: '{"hosts":["hooks.example.com"]}',
    CALLBACK_TIMEOUT_SECONDS: '10',
  });
  expect(await outcomeOf(handler(releasedEvent('succeeded')))).toEqual({
    name: 'CallbackUrlNotAllowed', message: 'The callback URL has a host that is not on the list',
  });
  expect(await outcomeOf(handler({ '@type': 'PingRequest' }))).toEqual({ name: 'InvalidDeliveryEvent', message: 'contract must be one of 1, 2, 3, 4' });
  // Metrics are in the line as it is: `delivery-line.test.ts`.
  expect(lines().map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ QueryId: releasedEvent('succeeded').QueryId, Outcome: 'CallbackUrlNotAllowed', DurationMilliseconds: expect.any(Number) }),
    { Outcome: 'InvalidDeliveryEvent', DurationMilliseconds: expect.any(Number) },
  ]);
});

import { CONFIG, event } from './harness';
import { ManageEnvironment } from '../../../../src/async-athena-query-api/contracts/manage-query';
import { handler } from '../../../../src/async-athena-query-api/management/function/manage-query.lambda';
import { readConfig } from '../../../../src/async-athena-query-api/management/function/management-config';
import { Refusal } from '../../../../src/async-athena-query-api/management/function/refusal';
import { expectMissing, useLogLines } from '../../../support/construct-kit/handlers';

const lines = useLogLines('console');

const ENVIRONMENT: Record<string, string> = {
  WORKFLOW_ARN: CONFIG.workflowArn,
  LONGEST_START_SECONDS: '601',
  RESULT_LOCATION: CONFIG.resultLocation,
  RESULT_BUCKET_OWNER: CONFIG.resultBucketOwner,
  LINK_ROLE_ARN: CONFIG.linkRoleArn,
  LINK_EXPIRY_SECONDS: '3600',
};

// The order matters, as in a sandbox: what is set up at the first good invocation stays.
test('a function that is not configured says so in its log, and the caller learns nothing of it', async () => {
  await expectMissing(async () => {
    expect(await handler(event('GetQuery'))).toEqual({ StatusCode: 500, Body: { Code: 'InternalError', Message: 'The request could not be processed.' } });
    return String(JSON.parse(lines().at(-1) ?? '{}').Outcome);
  }, { WORKFLOW_ARN: ENVIRONMENT.WORKFLOW_ARN, LONGEST_START_SECONDS: '601', RESULT_LOCATION: CONFIG.resultLocation });
});

test('a configured function answers, and logs a line', async () => {
  Object.assign(process.env, { AWS_REGION: 'eu-west-1', ...ENVIRONMENT });
  expect(await handler(event('GetQuery', { QueryId: 'a.b' }))).toMatchObject({ StatusCode: 404 });
  expect(lines().map((line) => JSON.parse(line))).toEqual([{ Operation: 'GetQuery', Outcome: 'NoSuchQuery', DurationMilliseconds: expect.any(Number) }]);
});

test('the environment becomes the configuration', () => {
  expect(readConfig(ENVIRONMENT)).toEqual(CONFIG);
  const reader = 'arn:aws:iam::111122223333:role/readers';
  expect(readConfig({ ...ENVIRONMENT, QUERY_READERS: JSON.stringify([reader]) }).queryReaders).toEqual([reader]);
});

const outcome = (environment: Record<string, string | undefined>): string => {
  try {
    readConfig(environment);
    return '';
  } catch (error) {
    return error instanceof Refusal ? `${error.code} ${error.logged}` : 'NotOurs';
  }
};

test.each(Object.keys(ENVIRONMENT))('%s must be there', (name) => {
  expect(outcome({ ...ENVIRONMENT, [name]: undefined })).toMatch(new RegExp(`^InternalError The function is not configured: ${name} must be `));
});

test('of its own variables, all but the readers must be there', () => {
  expect(Object.values(ManageEnvironment).filter((name) => !(name in ENVIRONMENT))).toEqual(['QUERY_READERS']);
});

test.each([
  ['WORKFLOW_ARN', 'Workflow'], ['LONGEST_START_SECONDS', '-1'], ['LONGEST_START_SECONDS', 'x'], ['QUERY_READERS', ''], ['QUERY_READERS', '*'],
  ['QUERY_READERS', '["*"]'], ['QUERY_READERS', '"arn:aws:iam::111122223333:role/x"'],
])('%s=%j is refused by name', (name, value) => {
  expect(outcome({ ...ENVIRONMENT, [name]: value })).toContain(name);
});

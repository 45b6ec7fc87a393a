import { CONFIG, outcomeOf } from './harness';
import { DeliveryEnvironment } from '../../../../src/async-athena-query-api/contracts/deliver';
import { DeliveryErrorName } from '../../../../src/async-athena-query-api/contracts/error-names';
import { readConfig } from '../../../../src/async-athena-query-api/delivery/function/delivery-config';

const ENVIRONMENT: Record<string, string> = {
  SIGNING_SECRET_ARN: CONFIG.signingSecretArn,
  RESULT_LOCATION: CONFIG.resultLocation,
  RESULT_BUCKET_OWNER: CONFIG.resultBucketOwner,
  LINK_ROLE_ARN: CONFIG.linkRoleArn,
  LINK_EXPIRY_SECONDS: '3600',
  CALLBACK_RULES: '{}',
  CALLBACK_TIMEOUT_SECONDS: '10',
};

const read = (environment: Record<string, string | undefined>) => outcomeOf(Promise.resolve().then(() => readConfig(environment)));

test('the environment becomes the configuration', () => {
  expect(readConfig(ENVIRONMENT)).toEqual({ ...CONFIG, callbackTimeoutSeconds: 10 });
});

test('all that may be set is read', () => {
  const environment = { ...ENVIRONMENT, RESULT_KEY_ARN: 'arn:aws:kms:eu-west-1:111122223333:key/a', RESULT_KEY_ALIAS: 'alias/a', CALLBACK_RULES: '{"hosts":["*.example.com"]}', FORMER_RESULT_LOCATIONS: '["s3://bucket/old/"]' };
  expect(readConfig(environment)).toMatchObject({
    formerResultLocations: ['s3://bucket/old/'], resultKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/a', resultKeyAlias: 'alias/a', callbackRules: { hosts: ['*.example.com'] },
  });
});

test.each(Object.values(DeliveryEnvironment).filter((name) => !/^(RESULT_KEY_|FORMER_|SIGNATURE_VERSION)/.test(name)))('%s must be there', async (name) => {
  const outcome = await read({ ...ENVIRONMENT, [name]: undefined });
  expect(outcome.name).toBe(DeliveryErrorName.DELIVERY_DEPENDENCY_FAILED);
  expect(outcome.message).toMatch(new RegExp(`^The function is not configured: ${name} must be `));
});

test.each([
  ['SIGNING_SECRET_ARN', 'signing'], ['SIGNATURE_VERSION', 'v2'], ['SIGNATURE_VERSION', ''], ['RESULT_LOCATION', 's3://bucket/prefix'], ['RESULT_LOCATION', 'bucket/'], ['RESULT_LOCATION', 's3://bucket'],
  ['FORMER_RESULT_LOCATIONS', 's3://bucket/old/'], ['FORMER_RESULT_LOCATIONS', '["s3://bucket/old"]'], ['RESULT_BUCKET_OWNER', '123'], ['RESULT_KEY_ARN', ''], ['RESULT_KEY_ARN', 'alias/key'], ['LINK_ROLE_ARN', 'link'], ['LINK_EXPIRY_SECONDS', '59'],
  ['LINK_EXPIRY_SECONDS', '3601'], ['LINK_EXPIRY_SECONDS', '60.5'], ['LINK_EXPIRY_SECONDS', ''], ['LINK_EXPIRY_SECONDS', '1e3'],
  ['CALLBACK_TIMEOUT_SECONDS', '0'], ['CALLBACK_TIMEOUT_SECONDS', '-1'], ['CALLBACK_RULES', ''], ['CALLBACK_RULES', '[]'], ['CALLBACK_RULES', 'null'],
  ['CALLBACK_RULES', '{"host":["a"]}'], ['CALLBACK_RULES', '{"hosts":"a"}'], ['CALLBACK_RULES', '{"hosts":[1]}'], ['CALLBACK_RULES', '{"hosts":null}'],
])('%s=%j is refused by name', async (name, value) => {
  const outcome = await read({ ...ENVIRONMENT, [name]: value });
  expect(outcome.name).toBe(DeliveryErrorName.DELIVERY_DEPENDENCY_FAILED);
  expect(outcome.message).toContain(name);
});

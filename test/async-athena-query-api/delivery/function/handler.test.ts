import { join } from 'node:path';
import { build } from 'esbuild';
import { CONFIG, outcomeOf, releasedEvent } from './harness';
import { handler } from '../../../../src/async-athena-query-api/delivery/function/deliver.lambda';

const original = { ...process.env };
const lines: unknown[] = [];
beforeEach(() => {
  lines.length = 0;
  jest.spyOn(console, 'log').mockImplementation((line) => void lines.push(JSON.parse(String(line))));
});
afterEach(() => {
  process.env = { ...original };
  jest.restoreAllMocks();
});

// The order matters, as in a sandbox: what is set up at the first good invocation stays.
test('a function that is not configured says which variable is wrong, every time', async () => {
  expect((await outcomeOf(handler(releasedEvent('succeeded')))).message).toContain('SIGNING_SECRET_ARN');
  process.env.SIGNING_SECRET_ARN = CONFIG.signingSecretArn;
  expect((await outcomeOf(handler(releasedEvent('succeeded')))).message).toContain('RESULT_LOCATION');
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
  expect(await outcomeOf(handler({ '@type': 'PingRequest' }))).toEqual({ name: 'InvalidDeliveryEvent', message: 'contract must be one of 1' });
  expect(lines).toEqual([
    { QueryId: releasedEvent('succeeded').QueryId, Outcome: 'CallbackUrlNotAllowed', DurationMilliseconds: expect.any(Number) },
    { Outcome: 'InvalidDeliveryEvent', DurationMilliseconds: expect.any(Number) },
  ]);
});

test('the handler is made of Node, the SDK and the address tables: nothing of the CDK gets into the bundle', async () => {
  const { metafile } = await build({
    entryPoints: [join(__dirname, '../../../../src/async-athena-query-api/delivery/function/deliver.lambda.ts')],
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    packages: 'external',
    metafile: true,
    write: false,
  });
  const external = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  expect([...new Set(external)].filter((path) => !path.startsWith('node:')).sort()).toEqual([
    '@aws-sdk/client-s3', '@aws-sdk/client-secrets-manager', '@aws-sdk/client-sts', '@aws-sdk/s3-request-presigner', 'ipaddr.js',
  ]);
});

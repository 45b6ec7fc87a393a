import { join } from 'node:path';
import { build } from 'esbuild';
import { outcomeOf } from './harness';
import { handler } from '../../../../src/paged-batch-etl/schedule/function/plan-run.lambda';

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
  expect(await outcomeOf(handler({}))).toEqual({ error: 'RunNotStarted', message: expect.stringContaining('STATE_MACHINE_ARN') });
  process.env.STATE_MACHINE_ARN = 'arn:aws:states:eu-west-1:111122223333:stateMachine:Etl';
  expect(await outcomeOf(handler({}))).toEqual({ error: 'RunNotStarted', message: expect.stringContaining('WINDOW') });
});

test('a configured function plans by its environment, and logs a line', async () => {
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    STATE_MACHINE_ARN: 'arn:aws:states:eu-west-1:111122223333:stateMachine:Etl',
    WINDOW: '{"kind":"lastHours","begin":"from","end":"to","hours":1}',
    SCHEDULE_HASH: '0123456789abcdef0123',
  });
  expect(await outcomeOf(handler({ '@type': 'PingRequest' }))).toEqual({ error: 'InvalidPlanEvent', message: 'contract must be one of 1' });
  expect(lines).toEqual([{ Outcome: 'InvalidPlanEvent' }]);
});

test('the handler is made of the SDK and the time zone rules: nothing of the CDK gets into the bundle', async () => {
  const { metafile } = await build({
    entryPoints: [join(__dirname, '../../../../src/paged-batch-etl/schedule/function/plan-run.lambda.ts')],
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    packages: 'external',
    metafile: true,
    write: false,
  });
  const external = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  expect([...new Set(external)].sort()).toEqual(['@aws-sdk/client-sfn', '@js-temporal/polyfill']);
});

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Bench, executionArn, machineArn, roleArn } from './bench';
import { MapRunRig } from './map-run-rig';
import { single } from './support';
import { ServiceError } from '../../../local/aws/service';
import { JsonObject } from '../../../local/json';
import { TaskFailure } from '../../../local/stepfunctions/interpreter/failure';

const resource = (kind: string) => `arn:aws:states:eu-west-1:111122223333:${kind}:m`;
const pass = single({ Type: 'Pass' });
const machine: JsonObject = { name: 'n', roleArn, definition: JSON.stringify(pass) };
const invalid = (problem: string) => `1 validation error detected: ${problem}`;
const violated = (name: string, value: string, rule: string) => invalid(`Value${value} at '${name}' failed to satisfy constraint: Member must ${rule}`);

async function refusal(operation: string, input: JsonObject, bench: Bench = new Bench()): Promise<string> {
  const error: unknown = await bench.call(operation, input).catch((thrown: unknown) => thrown);
  if (!(error instanceof ServiceError)) throw new Error(`${operation} was not refused: ${String(error)}`);
  expect([error.code, error.httpStatus]).toEqual(['ValidationException', 400]);
  return error.message;
}

/** Operations that answer in pages, with what they need beside the page, and the longest token. Source: API reference. */
const paged: readonly (readonly [string, JsonObject, number])[] = [
  ['GetExecutionHistory', { executionArn }, 1024],
  ['ListActivities', {}, 1024],
  ['ListExecutions', { stateMachineArn: machineArn }, 3096],
  ['ListMapRuns', { executionArn }, 1024],
  ['ListStateMachines', {}, 1024],
  ['ListStateMachineVersions', { stateMachineArn: machineArn }, 1024],
];

describe.each(paged)('the page of %s', (operation, needed, longest) => {
  test.each<[string, JsonObject, string]>([
    ['too many', { maxResults: 1001 }, violated('maxResults', ' \'1001\'', 'have value less than or equal to 1000')],
    ['less than none', { maxResults: -1 }, violated('maxResults', ' \'-1\'', 'have value greater than or equal to 0')],
    ['an empty token', { nextToken: '' }, violated('nextToken', ' \'\'', 'have length greater than or equal to 1')],
    ['a long token', { nextToken: 'x'.repeat(longest + 1) }, violated('nextToken', ` '${'x'.repeat(longest + 1)}'`, `have length less than or equal to ${longest}`)],
  ])('%s', async (_, page, message) => {
    const bench = new Bench();
    await bench.run(pass);
    expect(await refusal(operation, { ...needed, ...page }, bench)).toBe(message);
  });

  test('a token of the longest length that is none is InvalidToken', async () => {
    const bench = new Bench();
    await bench.run(pass);
    await expect(bench.call(operation, { ...needed, nextToken: 'x'.repeat(longest) })).rejects.toMatchObject({ code: 'InvalidToken' });
  });
});

/** Every operation that names something, and the longest ARN that it takes. */
const named: readonly (readonly [string, string, number])[] = [
  ...['DescribeActivity', 'DeleteActivity', 'GetActivityTask'].map((operation) => [operation, 'activityArn', 256] as const),
  ...['DescribeExecution', 'DescribeStateMachineForExecution', 'GetExecutionHistory', 'ListMapRuns', 'StopExecution', 'RedriveExecution']
    .map((operation) => [operation, 'executionArn', 256] as const),
  ...['DescribeStateMachine', 'UpdateStateMachine', 'DeleteStateMachine', 'StartExecution', 'StartSyncExecution', 'PublishStateMachineVersion', 'ListStateMachineVersions']
    .map((operation) => [operation, 'stateMachineArn', 256] as const),
  ['DeleteStateMachineVersion', 'stateMachineVersionArn', 2000],
  ...['DescribeMapRun', 'UpdateMapRun', 'ListExecutions'].map((operation) => [operation, 'mapRunArn', 2000] as const),
];

test.each(named)('%s takes a %s of 1 to %i characters', async (operation, name, longest) => {
  const long = `${resource('x')}${'x'.repeat(longest)}`;
  expect(await refusal(operation, { [name]: '' })).toBe(violated(name, ' \'\'', 'have length greater than or equal to 1'));
  expect(await refusal(operation, { [name]: long })).toBe(violated(name, ` '${long}'`, `have length less than or equal to ${longest}`));
  if (operation !== 'ListExecutions') expect(await refusal(operation, {})).toBe(violated(name, ' null', 'not be null'));
  await expect(new Bench().call(operation, { [name]: 'none' })).rejects.toMatchObject({ code: 'InvalidArn', message: 'Invalid Arn: \'Invalid ARN prefix: none\'' });
  await expect(new Bench().call(operation, { [name]: resource('other') })).rejects
    .toMatchObject({ code: 'InvalidArn', message: 'Invalid Arn: \'Resource type not valid in this context: other\'' });
});

test.each<[string, JsonObject, string]>([
  ['CreateStateMachine', { ...machine, roleArn: '' }, violated('roleArn', ' \'\'', 'have length greater than or equal to 1')],
  ['CreateStateMachine', { ...machine, definition: '' }, violated('definition', '', 'have length greater than or equal to 1')],
  ['CreateStateMachine', { ...machine, definition: ' '.repeat(1_048_577) }, violated('definition', '', 'have length less than or equal to 1048576')],
  ['CreateStateMachine', { name: 'n', roleArn }, violated('definition', ' null', 'not be null')],
  ['CreateStateMachine', { ...machine, publish: true, versionDescription: 'd'.repeat(257) }, violated('versionDescription', '', 'have length less than or equal to 256')],
  ['UpdateStateMachine', { stateMachineArn: machineArn, definition: '' }, violated('definition', '', 'have length greater than or equal to 1')],
  ['CreateActivity', { name: '' }, violated('name', ' \'\'', 'have length greater than or equal to 1')],
  ['SendTaskHeartbeat', { taskToken: '' }, violated('taskToken', ' \'\'', 'have length greater than or equal to 1')],
  ['SendTaskSuccess', { taskToken: 'a'.repeat(2049), output: '1' }, violated('taskToken', ` '${'a'.repeat(2049)}'`, 'have length less than or equal to 2048')],
  ['SendTaskSuccess', { taskToken: 'a' }, violated('output', ' null', 'not be null')],
  ['StartExecution', { stateMachineArn: machineArn, traceHeader: 'h'.repeat(257) }, violated('traceHeader', ` '${'h'.repeat(257)}'`, 'have length less than or equal to 256')],
])('%s refuses what is too short or too long: %#', async (operation, input, message) => {
  expect(await refusal(operation, input)).toBe(message);
});

describe('ListExecutions', () => {
  test.each<[string, JsonObject]>([
    ['neither a machine nor a Map Run', {}],
    ['both', { stateMachineArn: machineArn, mapRunArn: resource('mapRun') }],
    ['a redrive filter of a machine', { stateMachineArn: machineArn, redriveFilter: 'REDRIVEN' }],
  ])('refuses %s', async (_, input) => {
    expect(await refusal('ListExecutions', input)).not.toBe('');
  });

  test('finds the children of a Map Run that were redriven', async () => {
    let fails = true;
    const rig = new MapRunRig(async ({ input }) => {
      if (fails && JSON.stringify(input).includes('1')) throw new TaskFailure('Mine', 'broken');
      return null;
    });
    await rig.run([0, 1]);
    fails = false;
    await rig.redrive();
    const [redriven, others] = [await rig.children({ redriveFilter: 'REDRIVEN' }), await rig.children({ redriveFilter: 'NOT_REDRIVEN' })];
    expect([redriven, others].map((executions) => executions.map(({ redriveCount }) => redriveCount))).toEqual([[1], [0]]);
  });
});

test('DescribeStateMachineForExecution tells the Map Run and the label of a child, and of nothing else', async () => {
  const rig = new MapRunRig(async () => null);
  const { executionArn: parent } = await rig.run([0]);
  const [{ executionArn: child, mapRunArn }] = await rig.children();
  const described = await rig.call('DescribeStateMachineForExecution', { executionArn: child });
  expect(described).toMatchObject({ mapRunArn, label: 'label', stateMachineArn: expect.stringMatching(/:stateMachine:parent\/label$/) });
  expect(Object.keys(await rig.call('DescribeStateMachineForExecution', { executionArn: parent }))).not.toContain('label');
});

/** The errors of an operation. Source: the SDK's model. A ValidationException can come from any. */
function documentedErrors(operation: string): string[] {
  const declaration = readFileSync(join(dirname(require.resolve('@aws-sdk/client-sfn/package.json')), 'dist-types', 'commands', `${operation}Command.d.ts`), 'utf8');
  return ['ValidationException', ...[...declaration.matchAll(/@throws {@link (\w+)}/g)].map(([, name]) => name)];
}

test.each(named)('%s answers or fails with one of its errors, whatever its %s names', async (operation, name) => {
  const documented = documentedErrors(operation);
  expect(documented.length).toBeGreaterThan(1);
  const kinds = ['activity', 'execution', 'stateMachine', 'express', 'mapRun'].map(resource);
  const arns = [...kinds, `${machineArn}:1`, `${machineArn}:7`, `${machineArn}x:1`, `${machineArn}/label`, `${executionArn}x`, machineArn.slice(0, -2), 'none'];
  for (const arn of arns) {
    const bench = new Bench();
    await bench.run(pass);
    const error: unknown = await bench.call(operation, { [name]: arn }).catch((thrown: unknown) => thrown);
    if (error instanceof Error) expect(documented).toContain(error instanceof ServiceError ? error.code : String(error));
  }
});

test.each(['StartExecution', 'UpdateStateMachine', 'DeleteStateMachine'])('%s refuses a distributed Map in a machine', async (operation) => {
  expect(await refusal(operation, { stateMachineArn: `${machineArn}/label` })).toContain('Distributed Map');
});

test.each(['no role', 'arn:aws:iam::111122223333:user/role', 'arn:aws:iam::1:role/r'])('the role %p is refused', async (role) => {
  const bench = new Bench();
  await bench.create(pass);
  const refused = { code: 'InvalidArn', message: `Invalid Role Arn: '${role}'` };
  await expect(bench.create(pass, { name: 'n', roleArn: role })).rejects.toMatchObject(refused);
  await expect(bench.call('UpdateStateMachine', { stateMachineArn: machineArn, roleArn: role })).rejects.toMatchObject(refused);
});

test('whoever gives a machine its role needs iam:PassRole', async () => {
  const refused: string[] = [];
  const bench = new Bench({
    authorize: async ({ action, resource: asked, conditions }) => {
      if (action !== 'iam:PassRole' || asked === roleArn) return;
      refused.push(`${asked} to ${String(conditions?.['iam:PassedToService'])}`);
      throw new ServiceError('AccessDeniedException', 'no');
    },
  });
  await bench.create(pass);
  const other = `${roleArn}-of-another`;
  await expect(bench.create(pass, { name: 'n', roleArn: other })).rejects.toMatchObject({ code: 'AccessDeniedException' });
  await expect(bench.call('UpdateStateMachine', { stateMachineArn: machineArn, roleArn: other })).rejects.toMatchObject({ code: 'AccessDeniedException' });
  // An update that leaves the role alone gives none.
  await bench.call('UpdateStateMachine', { stateMachineArn: machineArn, tracingConfiguration: { enabled: true } });
  expect(refused).toEqual(Array(2).fill(`${other} to states.amazonaws.com`));
});

test('a redrive that is asked for twice with one token is one redrive, for 15 minutes', async () => {
  const bench = new Bench();
  await bench.run(single({ Type: 'Fail' }));
  const redrive = async (clientToken: string) => {
    const answer = await bench.call('RedriveExecution', { executionArn, clientToken });
    await bench.service.ended(executionArn);
    return [answer.redriveDate, (await bench.call('DescribeExecution', { executionArn })).redriveCount];
  };
  const start = bench.clock.now() / 1000;
  expect(await redrive('a')).toEqual([start, 1]);
  await bench.clock.sleep(15 * 60_000);
  expect(await redrive('a')).toEqual([start, 1]);
  expect(await redrive('b')).toEqual([start + 900, 2]);
  await bench.clock.sleep(1);
  expect(await redrive('a')).toEqual([start + 900.001, 3]);
  // Ten others make the first one unknown.
  for (let index = 0; index < 10; index++) await redrive(String(index));
  expect((await redrive('b'))[1]).toBe(14);
  expect(await refusal('RedriveExecution', { executionArn, clientToken: 'x'.repeat(65) }, bench)).toContain('less than or equal to 64');
});

describe('METADATA_ONLY', () => {
  const only = { includedData: 'METADATA_ONLY' };
  const locked = async (type: string) => {
    let open = true;
    const bench = new Bench({
      useKey: async (_key, _action, { caller: { arn = '' } }) => {
        if (!open && arn.includes(':user/')) throw new ServiceError('AccessDeniedException', 'no');
      },
    });
    await bench.create(single({ Type: 'Pass', Assign: { v: 1 } }), { type, encryptionConfiguration: { type: 'CUSTOMER_MANAGED_KMS_KEY', kmsKeyId: 'key' } });
    if (type === 'STANDARD') {
      await bench.start('{"a":1}');
      await bench.service.ended(executionArn);
    }
    open = false;
    return bench;
  };

  test.each<[string, string, JsonObject]>([
    ['DescribeStateMachine', 'STANDARD', { stateMachineArn: machineArn }],
    ['DescribeStateMachineForExecution', 'STANDARD', { executionArn }],
    ['DescribeExecution', 'STANDARD', { executionArn }],
    ['StartSyncExecution', 'EXPRESS', { stateMachineArn: machineArn, input: '{"a":1}' }],
  ])('%s needs no right to the key, and answers nothing that it encrypts', async (operation, type, input) => {
    const bench = await locked(type);
    await expect(bench.call(operation, input)).rejects.toMatchObject({ code: 'KmsAccessDeniedException' });
    const answer = await bench.call(operation, { ...input, ...only });
    expect(JSON.stringify(answer)).not.toMatch(/\\"a\\"|StartAt/);
    if (operation.startsWith('DescribeStateMachine')) expect(answer.definition).toBe('{}');
    else expect(answer).toMatchObject({ status: 'SUCCEEDED', inputDetails: { included: false }, outputDetails: { included: false } });
  });
});

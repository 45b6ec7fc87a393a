import * as fc from 'fast-check';
import { Bench, code, executionArn, machineArn, roleArn } from './bench';
import { calling, sequence, single, task } from './support';
import { isObject, JsonObject } from '../../../local/json';

const pass = (Result: string) => single({ Type: 'Pass', Result });
const wait = single({ Type: 'Wait', Seconds: 60 });
const text = (definition: JsonObject) => JSON.stringify(definition);
const other = 'arn:aws:iam::111122223333:role/other';
const executionOf = (name: string) => executionArn.replace(/e$/, name);

async function description(bench: Bench, stateMachineArn: string = machineArn): Promise<JsonObject> {
  return bench.call('DescribeStateMachine', { stateMachineArn });
}

describe('CreateStateMachine', () => {
  test('with the same settings again is the same machine, whatever the role and the tags', async () => {
    const bench = new Bench();
    const first = await bench.create(pass('a'));
    expect(await bench.create(pass('a'), { roleArn: other, tags: [{ key: 'k', value: 'v' }] })).toEqual(first);
    expect(await description(bench)).toMatchObject({ roleArn });
  });

  test.each<[string, JsonObject]>([
    ['another definition', { definition: text(pass('b')) }],
    ['another type', { type: 'EXPRESS' }],
    ['other logs', { loggingConfiguration: { level: 'OFF', includeExecutionData: true } }],
    ['traces', { tracingConfiguration: { enabled: true } }],
    ['a key', { encryptionConfiguration: { type: 'CUSTOMER_MANAGED_KMS_KEY', kmsKeyId: 'key' } }],
  ])('with %s it is a name that is taken', async (_, settings) => {
    const bench = new Bench({ useKey: async () => undefined });
    await bench.create(pass('a'));
    expect(await code(bench.create(pass('a'), settings))).toBe('StateMachineAlreadyExists');
  });

  test.each<[string, JsonObject]>([
    ['a key without a customer', { type: 'AWS_OWNED_KEY', kmsKeyId: 'key' }], ['a customer without a key', { type: 'CUSTOMER_MANAGED_KMS_KEY' }],
  ])('refuses %s', async (_, encryptionConfiguration) => {
    expect(await code(new Bench({ useKey: async () => undefined }).create(pass('a'), { encryptionConfiguration }))).toBe('InvalidEncryptionConfiguration');
  });
});

describe('UpdateStateMachine', () => {
  test('changes what executions do that start later; those that run keep their definition and their role', async () => {
    const roles: string[] = [];
    const bench = new Bench({ integrations: { supports: () => true, call: async ({ execution }) => roles.push(execution.roleArn) } });
    const definition = (Result: string) => sequence({ W: { Type: 'Wait', Seconds: 60 }, T: task(calling), P: { Type: 'Pass', Result } });
    await bench.create(definition('old'));
    await bench.start('{}', 'first');
    await bench.call('UpdateStateMachine', { stateMachineArn: machineArn, definition: text(definition('new')), roleArn: other });
    await bench.start('{}', 'second');
    const outputs = await Promise.all(['first', 'second'].map(async (name) => {
      await bench.service.ended(executionOf(name));
      return (await bench.call('DescribeExecution', { executionArn: executionOf(name) })).output;
    }));
    expect(outputs).toEqual(['"old"', '"new"']);
    expect(roles).toEqual([roleArn, other]);
    const machines = await Promise.all(['first', 'second'].map(async (name) => bench.call('DescribeStateMachineForExecution', { executionArn: executionOf(name) })));
    expect(machines).toEqual([
      expect.objectContaining({ definition: text(definition('old')), roleArn, stateMachineArn: machineArn, name: 'm' }),
      expect.objectContaining({ definition: text(definition('new')), roleArn: other, revisionId: expect.any(String), updateDate: expect.any(Number) }),
    ]);
    const { executions } = await bench.call('ListExecutions', { stateMachineArn: machineArn });
    expect(executions).toHaveLength(2);
  });

  test('a redrive keeps the definition, too', async () => {
    const bench = new Bench();
    await bench.create(sequence({ W: { Type: 'Wait', Seconds: 60 }, P: { Type: 'Pass', Result: 'old' } }));
    await bench.start();
    await bench.call('StopExecution', { executionArn });
    await bench.call('UpdateStateMachine', { stateMachineArn: machineArn, definition: text(pass('new')) });
    await bench.call('RedriveExecution', { executionArn });
    await bench.service.ended(executionArn);
    expect(await bench.call('DescribeExecution', { executionArn })).toMatchObject({ status: 'SUCCEEDED', output: '"old"' });
  });

  test('makes a revision whenever something changes, and none when nothing does', async () => {
    const bench = new Bench();
    await bench.create(pass('a'));
    expect(await description(bench)).not.toHaveProperty('revisionId');
    const update = async (change: JsonObject) => (await bench.call('UpdateStateMachine', { stateMachineArn: machineArn, ...change })).revisionId;
    const revisions: unknown[] = [];
    const changes: JsonObject[] = [{ definition: text(pass('b')) }, { roleArn: other }, { tracingConfiguration: { enabled: true } }];
    for (const change of changes) {
      revisions.push(await update(change));
      expect(await update(change)).toBe(revisions.at(-1));
      expect((await description(bench)).revisionId).toBe(revisions.at(-1));
    }
    expect(new Set(revisions).size).toBe(3);
  });

  test.each<[string, JsonObject, string]>([
    ['nothing', {}, 'MissingRequiredParameter'],
    ['an invalid definition', { definition: '{"StartAt":"A"}', roleArn: other }, 'InvalidDefinition'],
    ['a description without a version', { definition: text(pass('b')), versionDescription: 'x' }, 'ValidationException'],
  ])('with %s changes nothing', async (_, change, errorCode) => {
    const bench = new Bench();
    await bench.create(pass('a'));
    const before = await description(bench);
    expect(await code(bench.call('UpdateStateMachine', { stateMachineArn: machineArn, ...change }))).toBe(errorCode);
    expect(await description(bench)).toEqual(before);
  });

  test('takes a key away, or leaves it', async () => {
    const bench = new Bench({ useKey: async () => undefined });
    await bench.create(pass('a'), { encryptionConfiguration: { type: 'CUSTOMER_MANAGED_KMS_KEY', kmsKeyId: 'key' } });
    await bench.call('UpdateStateMachine', { stateMachineArn: machineArn, roleArn: other });
    expect(await description(bench)).toMatchObject({ encryptionConfiguration: { kmsKeyId: 'key', kmsDataKeyReusePeriodSeconds: 300 } });
    await bench.call('UpdateStateMachine', { stateMachineArn: machineArn, encryptionConfiguration: { type: 'AWS_OWNED_KEY' } });
    expect(await description(bench)).toMatchObject({ encryptionConfiguration: { type: 'AWS_OWNED_KEY' } });
  });
});

describe('DeleteStateMachine', () => {
  test('lets executions run to their end, takes no new ones, and then the machine is gone', async () => {
    const bench = new Bench();
    await bench.create(wait);
    await bench.start();
    expect(await bench.call('DeleteStateMachine', { stateMachineArn: machineArn })).toEqual({});
    expect(await description(bench)).toMatchObject({ status: 'DELETING' });
    for (const call of [
      async () => bench.start('{}', 'late'), async () => bench.create(wait), async () => bench.call('UpdateStateMachine', { stateMachineArn: machineArn, roleArn }),
      async () => bench.call('PublishStateMachineVersion', { stateMachineArn: machineArn }),
    ]) expect(await code(call())).toBe('StateMachineDeleting');
    await bench.service.ended(executionArn);
    expect(await bench.call('DescribeExecution', { executionArn })).toMatchObject({ status: 'SUCCEEDED' });
    expect(await code(description(bench))).toBe('StateMachineDoesNotExist');
    expect(await bench.call('ListStateMachines', {})).toEqual({ stateMachines: [] });
    expect(await code(bench.create(pass('again')))).toBe('no error');
  });

  test('of a machine that is idle, or that there is not, is done at once', async () => {
    const bench = new Bench();
    await bench.run(pass('a'));
    for (let times = 0; times < 2; times++) await bench.call('DeleteStateMachine', { stateMachineArn: machineArn });
    expect(await code(bench.start('{}', 'late'))).toBe('StateMachineDoesNotExist');
  });
});

describe('lists', () => {
  /** Everything that a list answers, page by page. */
  async function all(bench: Bench, operation: string, input: JsonObject, member: string): Promise<JsonObject[]> {
    const found: JsonObject[] = [];
    for (let next: JsonObject = {}; ;) {
      const page = await bench.call(operation, { ...input, ...next });
      const items = page[member];
      if (Array.isArray(items)) found.push(...items.filter(isObject));
      if (page.nextToken === undefined) return found;
      next = { nextToken: page.nextToken };
    }
  }

  test('property: pages of any size have everything once, in order', async () => {
    const bench = new Bench();
    await bench.create(wait);
    const names = Array.from({ length: 12 }, (_, index) => `e${index}`);
    await bench.clock.hold(async () => {
      for (const [index, name] of names.entries()) {
        await bench.start('{}', name);
        await bench.create(pass(name), { name, publish: index % 2 === 0 });
        await bench.call('UpdateStateMachine', { stateMachineArn: machineArn, definition: text({ ...wait, Comment: name }), publish: true });
      }
      await bench.call('StopExecution', { executionArn: executionOf('e1') });
    });
    await Promise.all(names.map(async (name) => bench.service.ended(executionOf(name))));
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 13 }), async (maxResults) => {
      const list = async (operation: string, member: string, input: JsonObject = {}) => all(bench, operation, { maxResults, ...input }, member);
      expect((await list('ListStateMachines', 'stateMachines')).map(({ name }) => name)).toEqual(['m', ...names]);
      const of = { stateMachineArn: machineArn };
      expect((await list('ListExecutions', 'executions', of)).map(({ name }) => name)).toEqual([...names].reverse());
      expect((await list('ListExecutions', 'executions', { ...of, statusFilter: 'ABORTED' })).map(({ name }) => name)).toEqual(['e1']);
      const versions = await list('ListStateMachineVersions', 'stateMachineVersions', of);
      expect(versions.map(({ stateMachineVersionArn: arn }) => arn)).toEqual(names.map((_, index) => `${machineArn}:${names.length - index}`));
    }), { numRuns: 20 });
  });

  test.each<[string, JsonObject, string]>([
    ['ListExecutions', { statusFilter: 'running' }, 'Value \'running\' at \'statusFilter\' failed to satisfy constraint: Member must satisfy enum value set'],
    ['ListExecutions', { maxResults: 1001 }, 'Value \'1001\' at \'maxResults\' failed to satisfy constraint: Member must have value less than or equal to 1000'],
    ['ListStateMachineVersions', { maxResults: -1 }, 'Value \'-1\' at \'maxResults\' failed to satisfy constraint: Member must have value greater than or equal to 0'],
    ['ListExecutions', { nextToken: 'x'.repeat(3097) }, `Value '${'x'.repeat(3097)}' at 'nextToken' failed to satisfy constraint: Member must have length less`],
    ['ListStateMachineVersions', { nextToken: 'x'.repeat(1025) }, 'Member must have length less than or equal to 1024'],
    ['ListExecutions', { nextToken: 'x' }, 'Invalid Token'],
  ])('%s refuses %j', async (operation, input, message) => {
    const bench = new Bench();
    await bench.create(pass('a'));
    await expect(bench.call(operation, { stateMachineArn: machineArn, ...input })).rejects.toThrow(message);
  });
});

describe('versions', () => {
  test('keep their revision, and executions that are started with one', async () => {
    const bench = new Bench();
    expect(await bench.create(pass('one'), { publish: true, versionDescription: 'first' })).toMatchObject({ stateMachineVersionArn: `${machineArn}:1` });
    await bench.call('UpdateStateMachine', { stateMachineArn: machineArn, definition: text(pass('two')) });
    expect(await description(bench, `${machineArn}:1`)).toMatchObject({ stateMachineArn: `${machineArn}:1`, definition: text(pass('one')), description: 'first' });
    for (const [name, stateMachineArn] of [['old', `${machineArn}:1`], ['new', machineArn]]) {
      await bench.call('StartExecution', { stateMachineArn, name });
      await bench.service.ended(executionOf(name));
    }
    expect(await bench.call('DescribeExecution', { executionArn: executionOf('old') })).toMatchObject({
      output: '"one"', stateMachineArn: machineArn, stateMachineVersionArn: `${machineArn}:1`,
    });
    expect(await bench.call('DescribeExecution', { executionArn: executionOf('new') })).not.toHaveProperty('stateMachineVersionArn');
    const { executions } = await bench.call('ListExecutions', { stateMachineArn: `${machineArn}:1` });
    expect(executions).toEqual([expect.objectContaining({ name: 'old' })]);
    expect(bench.statusChanges[0].detail).toMatchObject({ stateMachineArn: machineArn, stateMachineVersionArn: `${machineArn}:1` });
  });

  test('have numbers that are never used again, and each revision has one at most', async () => {
    const bench = new Bench();
    await bench.create(pass('one'));
    const publish = async (more: JsonObject = {}) => (await bench.call('PublishStateMachineVersion', { stateMachineArn: machineArn, ...more })).stateMachineVersionArn;
    expect(await publish({ revisionId: 'INITIAL' })).toBe(`${machineArn}:1`);
    expect(await publish()).toBe(`${machineArn}:1`);
    expect(await bench.call('UpdateStateMachine', { stateMachineArn: machineArn, definition: text(pass('two')), publish: true }))
      .toMatchObject({ stateMachineVersionArn: `${machineArn}:2` });
    expect(await code(publish({ revisionId: 'INITIAL' }))).toBe('ConflictException');
    await bench.call('DeleteStateMachineVersion', { stateMachineVersionArn: `${machineArn}:2` });
    expect(await code(description(bench, `${machineArn}:2`))).toBe('StateMachineDoesNotExist');
    expect(await publish()).toBe(`${machineArn}:3`);
  });
});

test.each<[string, JsonObject, Record<string, string[]>]>([
  ['paths, templates and intrinsic functions', {
    StartAt: 'A',
    States: {
      A: { Type: 'Pass', Parameters: { 'x.$': 'States.Format(\'$quoted {}\', $name)', 'y': '$literal' }, Assign: { name: 1, inner: '' }, Next: 'B' },
      B: { Type: 'Choice', Choices: [{ Variable: '$inner.deep', IsPresent: true, Next: 'C' }], Default: 'C' },
      C: { Type: 'Pass', Result: { 'z.$': '$nothing' }, InputPath: '$$.Execution', OutputPath: '$', End: true },
    },
  }, { A: ['name'], B: ['inner'] }],
  ['states inside of others, which are told by their own names', {
    StartAt: 'M',
    States: {
      M: {
        Type: 'Map', ItemsPath: '$items', ItemProcessor: single({ Type: 'Pass', Parameters: { 'a.$': '$b', 'c.$': '$a' } }, 'Inner'), End: true, Assign: { items: [] },
      },
    },
  }, { Inner: ['a', 'b'], M: ['items'] }],
  ['every field with a path, and none that only looks like one', {
    StartAt: 'T',
    States: {
      T: task({
        Parameters: { FunctionName: 'f', Payload: { 'MyPath': '$no', 'Variable': '$no', 'a.$': 'States.Array($arg, States.Format(\'{}\', $ünï))' } },
        TimeoutSecondsPath: '$timeout',
        HeartbeatSecondsPath: '$beat',
        Credentials: { 'RoleArn.$': '$role' },
        ResultSelector: { 'r.$': '$selected[0]' },
        Catch: [{ ErrorEquals: ['States.ALL'], Comment: '$no', Assign: { 'e.$': '$caught' }, Next: 'F' }],
        Assign: { arg: 1, ünï: 1, timeout: 1, beat: 1, role: 1, selected: 1, caught: 1, why: 1, when: 1, batch: 1 },
        Next: 'C',
      }),
      C: { Type: 'Choice', Choices: [{ And: [{ Variable: '$.a', StringEqualsPath: '$when' }], Assign: { 'x.$': '$why' }, Next: 'F' }], Default: 'D' },
      D: {
        Type: 'Map',
        ItemBatcher: { MaxItemsPerBatchPath: '$batch', BatchInput: { 'b.$': '$arg' } },
        MaxConcurrencyPath: '$beat',
        ItemProcessor: { ...single({ Type: 'Pass' }, 'Item'), ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } },
        Next: 'F',
      },
      F: { Type: 'Fail', ErrorPath: '$why', CausePath: 'States.Format(\'{}\', $when)' },
    },
  }, {
    C: ['when', 'why'], D: ['arg', 'batch', 'beat'], F: ['when', 'why'], T: ['arg', 'beat', 'caught', 'role', 'selected', 'timeout', 'ünï'],
  }],
  ['JSONata, where functions and what an expression defines are none', {
    QueryLanguage: 'JSONata',
    StartAt: 'P',
    States: {
      P: {
        Type: 'Pass',
        Comment: '{% $no %}',
        Assign: { a: 1, b: 2, c: 3 },
        Output: {
          Comment: '{% $a %}',
          defined: '{% ($x := 1; $f := function($y) { $y + $b }; $map([1, 2]#$i.($i), $string) ~> $join($f($x))) %}',
          bound: '{% $states.input.list@$v.$v.price /* $no */ & "$no" & $exists($c) %}',
        },
        Next: 'C',
      },
      C: { Type: 'Choice', Choices: [{ Condition: '{% $a = 1 %}', Next: 'W' }], Default: 'W' },
      W: { Type: 'Wait', Seconds: '{% $b %}', End: true },
    },
  }, { C: ['a'], P: ['a', 'b', 'c'], W: ['b'] }],
])('DescribeStateMachine tells which states use variables: %s', async (_, definition, variableReferences) => {
  const bench = new Bench();
  await bench.create(definition);
  expect(await description(bench)).toMatchObject({ variableReferences });
});

test('a machine that uses no variables tells of none', async () => {
  const bench = new Bench();
  await bench.create(pass('$a'));
  expect(await description(bench)).not.toHaveProperty('variableReferences');
});

import fc from 'fast-check';
import { AwsEnvironment } from '../../../local/aws/service';
import { JsonObject } from '../../../local/json';
import { SynthesizedStack } from '../../../local/template/assembly';
import { physicalName } from '../../../local/template/physical-name';
import { ResourceProviders } from '../../../local/template/resource';
import { createResources, CreateResourcesOptions } from '../../../local/template/stack';
import { parseTemplate } from '../../../local/template/template';

const ENVIRONMENT: AwsEnvironment = { accountId: '111122223333', region: 'eu-central-1', partition: 'aws', urlSuffix: 'amazonaws.com' };

/** A service whose things keep what they were given. */
class Things {
  readonly made: string[] = [];
  readonly given: Record<string, JsonObject> = {};
  readonly providers: ResourceProviders = {
    'Test::Thing': ({ logicalId, properties }) => {
      this.made.push(logicalId);
      this.given[logicalId] = Object.fromEntries(['A', 'B', 'List'].flatMap((name) => {
        const value = properties.json(name);
        return value === undefined ? [] : [[name, value]];
      }));
      return { ref: `ref-${logicalId}`, attributes: { Arn: `arn-${logicalId}` } };
    },
  };
}

function stackOf(template: JsonObject, overrides: Partial<SynthesizedStack> = {}): SynthesizedStack {
  return {
    stackName: 'Stack',
    template: parseTemplate(JSON.stringify(template)),
    parameters: {},
    asset: (key) => `/assets/${key}`,
    ...overrides,
  };
}

const thing = (properties: JsonObject = {}, attributes: JsonObject = {}) => ({ Type: 'Test::Thing', Properties: properties, ...attributes });

const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`T${index}`, thing()]));

async function deploy(template: JsonObject, options: CreateResourcesOptions = {}, things = new Things()) {
  const stack = await createResources(stackOf(template), things.providers, ENVIRONMENT, options);
  return { things, stack };
}

describe('resources', () => {
  test('are made after those they need, their references resolved', async () => {
    const { things, stack } = await deploy({
      Resources: {
        Last: thing({ A: { 'Fn::Sub': '${Middle.Arn} ${AWS::AccountId}' }, List: [{ Ref: 'First' }] }),
        Middle: thing({ A: { 'Fn::GetAtt': ['First', 'Arn'] } }),
        First: thing({}, { DependsOn: ['Zeroth'], DeletionPolicy: 'Retain', Metadata: { any: 'thing' } }),
        Zeroth: thing(),
      },
      Outputs: { Thing: { Value: { Ref: 'Last' }, Description: 'x' } },
    });
    expect(things.made).toEqual(['Zeroth', 'First', 'Middle', 'Last']);
    expect(things.given.Last).toEqual({ A: 'arn-Middle 111122223333', List: ['ref-First'] });
    expect(stack.resources.get('Middle')).toEqual({ type: 'Test::Thing', ref: 'ref-Middle', attributes: { Arn: 'arn-Middle' } });
    expect(stack.outputs).toEqual({ Thing: 'ref-Last' });
  });

  test('are made in an order that suits any acyclic graph, each once', async () => {
    const graph = fc.array(fc.array(fc.nat({ max: 11 })), { minLength: 1, maxLength: 12 });
    await fc.assert(fc.asyncProperty(graph, fc.boolean(), async (edges, reversed) => {
      const needs = edges.map((targets, from) => targets.filter((to) => to < from));
      const entries = needs.map((targets, from): [string, JsonObject] => [`T${from}`, thing({ List: targets.map((to) => ({ Ref: `T${to}` })) })]);
      const { things } = await deploy({ Resources: Object.fromEntries(reversed ? entries.reverse() : entries) });
      expect([...things.made].sort()).toEqual(needs.map((_, index) => `T${index}`).sort());
      for (const [from, targets] of needs.entries()) {
        for (const to of targets) expect(things.made.indexOf(`T${to}`)).toBeLessThan(things.made.indexOf(`T${from}`));
      }
    }), { numRuns: 50 });
  });

  test('that others need without a word come last, unless DependsOn says otherwise', async () => {
    const things = new Things();
    const providers = { ...things.providers, 'AWS::IAM::Policy': things.providers['Test::Thing'] };
    const policy = { Type: 'AWS::IAM::Policy', Properties: {} };
    const stack = stackOf({ Resources: { First: policy, Second: thing(), Needed: policy, Third: thing({}, { DependsOn: 'Needed' }), Last: policy } });
    await createResources(stack, providers, ENVIRONMENT);
    expect(things.made).toEqual(['Second', 'Needed', 'Third', 'First', 'Last']);
  });

  test('that need each other are refused, and only they are named', async () => {
    const things = new Things();
    await expect(deploy({
      Resources: { A: thing({ A: { Ref: 'B' } }), B: thing({ A: { 'Fn::Sub': '${C}' } }), C: thing({}, { DependsOn: 'B' }), D: thing() },
    }, {}, things)).rejects.toThrow('Circular dependency between resources: [B, C]');
    expect(things.made).toEqual([]);
  });

  test('of unknown types are all named, before anything is made', async () => {
    const things = new Things();
    await expect(deploy({
      Resources: {
        A: thing(), B: { Type: 'Test::Other' }, C: { Type: 'Custom::Own' }, M: { Type: 'AWS::CDK::Metadata', Properties: { Analytics: 'x' } },
      },
    }, {}, things)).rejects.toThrow('The local cloud does not implement: Test::Other (B), Custom::Own (C)');
    expect(things.made).toEqual([]);
  });

  test('whose properties a service does not read are refused', async () => {
    await expect(deploy({ Resources: { A: thing({ Unread: 1 }) } })).rejects.toThrow('A (Test::Thing): the local cloud does not implement Unread');
  });

  test('that refer to nothing known are refused', async () => {
    const message = 'Unresolved resource dependencies [Nobody] in Resources.A';
    await expect(deploy({ Resources: { A: thing({ A: { Ref: 'Nobody' } }) } })).rejects.toThrow(message);
    await expect(deploy({ Resources: { A: thing({ A: { 'Fn::Sub': '${Nobody.Arn}' } }) } })).rejects.toThrow(message);
    await expect(deploy({ Resources: { A: thing({}, { DependsOn: 'Nobody' }) } })).rejects.toThrow(message);
    await expect(deploy({ Resources: { A: thing({ A: { 'Fn::GetAtt': 'B.Name' } }), B: thing() } }))
      .rejects.toThrow('resource B does not support attribute type Name');
    await expect(deploy({ Resources: { A: thing({ A: { Ref: 'AWS::NotificationARNs' } }) } })).rejects.toThrow('AWS::NotificationARNs');
  });
});

describe('conditions', () => {
  const CONDITIONS = {
    Large: { 'Fn::Equals': [{ Ref: 'Size' }, 'large'] },
    Small: { 'Fn::Not': [{ Condition: 'Large' }] },
    Both: { 'Fn::And': [{ Condition: 'Large' }, { Condition: 'Small' }] },
    Any: { 'Fn::Or': [{ Condition: 'Large' }, { Condition: 'Small' }] },
  };
  const template = {
    Parameters: { Size: { Type: 'String', Default: 'small', AllowedValues: ['small', 'large'] } },
    Conditions: CONDITIONS,
    Resources: {
      Always: thing({ A: { 'Fn::If': ['Large', { Ref: 'OnlyLarge' }, 'none'] } }, { DependsOn: 'OnlyLarge', Condition: 'Any' }),
      OnlyLarge: thing({}, { Condition: 'Large' }),
      Never: thing({}, { Condition: 'Both' }),
    },
    Outputs: { Large: { Condition: 'Large', Value: { Ref: 'OnlyLarge' } } },
  };

  test('decide what is made, what a value is, and what is put out', async () => {
    const small = await deploy(template);
    expect(small.things.given).toEqual({ Always: { A: 'none' } });
    expect(small.stack.outputs).toEqual({});
    const large = await deploy(template, { parameters: { Size: 'large' } });
    expect(large.things.given).toEqual({ OnlyLarge: {}, Always: { A: 'ref-OnlyLarge' } });
    expect(large.stack.outputs).toEqual({ Large: 'ref-OnlyLarge' });
  });

  test.each<[string, JsonObject, string]>([
    ['a cycle', { A: { 'Fn::Not': [{ Condition: 'B' }] }, B: { 'Fn::Not': [{ Condition: 'A' }] } }, 'Circular dependency between conditions: [A, B]'],
    ['an unknown condition', { A: { 'Fn::Not': [{ Condition: 'B' }] } }, 'Unresolved condition dependency B'],
    ['an unknown function', { A: { 'Fn::Contains': [['a'], 'a'] } }, 'Conditions.A.Fn::Contains: the local cloud does not implement Fn::Contains'],
    ['one part', { A: { 'Fn::And': [{ 'Fn::Equals': [1, 1] }] } }, 'takes 2 to 10 conditions, got 1'],
    ['a resource', { A: { 'Fn::Equals': [{ Ref: 'T' }, 1] } }, 'a condition or rule cannot refer to T'],
    ['three values', { A: { 'Fn::Equals': [1, 1, 1] } }, 'takes 2 values, got 3'],
  ])('with %s are an error even where nothing uses them', async (_, conditions, message) => {
    await expect(deploy({ Conditions: conditions, Resources: { T: thing() } })).rejects.toThrow(message);
  });

  test('make a reference to what was not made an error', async () => {
    await expect(deploy({
      Conditions: { No: { 'Fn::Equals': [1, 2] } },
      Resources: { A: thing({ A: { Ref: 'B' } }), B: thing({}, { Condition: 'No' }) },
    })).rejects.toThrow('Unresolved resource dependencies [B]');
  });
});

describe('parameters', () => {
  const echo = (parameter: JsonObject, given?: string) => deploy({
    Parameters: { P: parameter }, Resources: { T: thing({ A: { Ref: 'P' } }) },
  }, given === undefined ? {} : { parameters: { P: given } }).then(({ things }) => things.given.T.A);

  test('have the value given, else the default', async () => {
    expect(await echo({ Type: 'String', Default: 'a' })).toBe('a');
    expect(await echo({ Type: 'String', Default: 'a', NoEcho: true }, 'b')).toBe('b');
    expect(await echo({ Type: 'Number', Default: 3 })).toBe('3');
    expect(await echo({ Type: 'CommaDelimitedList' }, 'a, b,c')).toEqual(['a', 'b', 'c']);
    expect(await echo({ Type: 'List<Number>' }, '1,2')).toEqual(['1', '2']);
  });

  test.each<[string, JsonObject, string | undefined, string]>([
    ['nothing given', { Type: 'String' }, undefined, 'Parameters: [P] must have values'],
    ['not allowed', { Type: 'String', AllowedValues: ['a'] }, 'b', 'does not meet AllowedValues'],
    ['too short', { Type: 'String', MinLength: 2 }, 'b', 'does not meet MinLength'],
    ['too long', { Type: 'String', MaxLength: '2' }, 'bbb', 'does not meet MinLength and MaxLength'],
    ['another pattern', { Type: 'String', AllowedPattern: '[a-z]+' }, 'a1', 'does not meet AllowedPattern'],
    ['no number', { Type: 'Number' }, 'x', 'expected a number'],
    ['too small', { Type: 'Number', MinValue: 3 }, '2', 'does not meet MinValue'],
    ['another type', { Type: 'AWS::EC2::VPC::Id' }, 'x', 'does not implement AWS::EC2::VPC::Id'],
    ['looked up', { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/x' }, undefined, 'parameter P is looked up in Parameter Store'],
  ])('are checked: %s', async (_, parameter, given, message) => {
    await expect(echo(parameter, given)).rejects.toThrow(message);
  });

  test('that do not exist cannot be given', async () => {
    await expect(deploy({ Resources: { T: thing() } }, { parameters: { Q: '1' } })).rejects.toThrow('Parameters: [Q] do not exist in the template');
  });
});

describe('rules', () => {
  const withRules = async (rules: JsonObject) => deploy({
    Parameters: {
      BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/hnb659fds/version' },
      P: { Type: 'String', Default: 'a' },
    },
    Rules: rules,
    Resources: { T: thing() },
  });

  test('hold or fail the stack; the one about the bootstrap stack does not apply', async () => {
    const isRecent = { 'Fn::Not': [{ 'Fn::Contains': [['1', '2'], { Ref: 'BootstrapVersion' }] }] };
    const bootstrap = { Assertions: [{ Assert: isRecent, AssertDescription: 'x' }] };
    const isA = { Assertions: [{ Assert: { 'Fn::Equals': [{ Ref: 'P' }, 'a'] } }] };
    await expect(withRules({ CheckBootstrapVersion: bootstrap, IsA: isA })).resolves.toBeDefined();
    const isB = { Assertions: [{ Assert: { 'Fn::Equals': [{ Ref: 'P' }, 'b'] }, AssertDescription: 'P must be b' }] };
    await expect(withRules({ IsB: isB })).rejects.toThrow('P must be b');
    await expect(withRules({ IsB: { RuleCondition: { 'Fn::Equals': [1, 2] }, ...isB } })).resolves.toBeDefined();
    await expect(withRules({ Other: bootstrap })).rejects.toThrow('does not implement Fn::Contains');
  });
});

describe('outputs', () => {
  test('are imported by stacks that come later, and not exported twice', async () => {
    const exports = new Map<string, string>();
    const source = {
      Resources: { T: thing() },
      Outputs: { O: { Value: { 'Fn::GetAtt': ['T', 'Arn'] }, Export: { Name: { 'Fn::Sub': '${AWS::StackName}:O' } } } },
    };
    const importing = { Resources: { T: thing({ A: { 'Fn::ImportValue': 'Stack:O' } }) } };
    await expect(deploy(importing, { exports })).rejects.toThrow('No export named Stack:O found');
    await deploy(source, { exports });
    expect((await deploy(importing, { exports })).things.given.T).toEqual({ A: 'arn-T' });
    await expect(deploy(source, { exports })).rejects.toThrow('Export with name Stack:O is already exported');
  });
});

describe('dynamic references', () => {
  const template = {
    Resources: {
      T: thing({ A: 'x{{resolve:secretsmanager:name:SecretString:key}}y{{resolve:secretsmanager:b}}', List: [{ B: '{{resolve:ssm:/p}}' }] }),
    },
  };

  test('are answered by whoever is there for the service', async () => {
    const answer = async (reference: string) => `<${reference}>`;
    const { things } = await deploy(template, { dynamicReferences: { secretsmanager: answer, ssm: answer } });
    expect(things.given.T).toEqual({ A: 'x<name:SecretString:key>y<b>', List: [{ B: '</p>' }] });
  });

  test('to any other service are an error that names it', async () => {
    await expect(deploy(template, { dynamicReferences: { secretsmanager: async () => '' } }))
      .rejects.toThrow('T (Test::Thing).List[0].B: the local cloud does not implement dynamic references to ssm');
  });
});

describe('a template', () => {
  test.each<[string, JsonObject, string]>([
    ['another section', { Resources: { T: thing() }, Transform: 'AWS::Serverless' }, 'Template: the local cloud does not implement Transform'],
    ['no resources', { Resources: {} }, 'At least one Resources member'],
    ['a malformed logical id', { Resources: { 'A-B': thing() } }, 'Resources.A-B: a logical id is'],
    ['a creation policy', { Resources: { T: thing({}, { CreationPolicy: {} }) } }, 'Resources.T: the local cloud does not implement CreationPolicy'],
    ['another deletion policy', { Resources: { T: thing({}, { DeletionPolicy: 'Keep' }) } }, 'Resources.T.DeletionPolicy: expected one of'],
    ['no type', { Resources: { T: {} } }, 'Resources.T.Type: expected a string'],
    ['an output without value', { Resources: { T: thing() }, Outputs: { O: {} } }, 'Outputs.O: every output needs a Value'],
    ['too many resources', { Resources: many(501) }, 'Resources: 501 entries'],
    ['too many bytes', { Resources: { T: thing({ A: 'x'.repeat(1_000_000) }) } }, 'CloudFormation takes at most 1000000'],
  ])('with %s is refused', (_, template, message) => {
    expect(() => parseTemplate(JSON.stringify(template))).toThrow(message);
  });

  test('may have 500 resources', async () => {
    const { things } = await deploy({ Resources: many(500) });
    expect(things.made).toHaveLength(500);
  });

  test('made for another place is refused', async () => {
    const stack = stackOf({ Resources: { T: thing() } }, { accountId: '444455556666' });
    await expect(createResources(stack, new Things().providers, ENVIRONMENT)).rejects.toThrow('Stack: synthesised for 444455556666/, the local cloud is');
  });
});

describe('a physical name', () => {
  const word = fc.string({ unit: fc.constantFrom(...'AbcDef123'), minLength: 1, maxLength: 80 });

  test('is no longer than asked, begins with the stack, and is the same every time', () => {
    fc.assert(fc.property(word, word, fc.integer({ min: 20, max: 255 }), (stackName, logicalId, maxLength) => {
      const name = physicalName(ENVIRONMENT, stackName, logicalId, maxLength);
      expect(name.length).toBeLessThanOrEqual(maxLength);
      expect(name).toMatch(/^[A-Za-z0-9]+-[A-Za-z0-9]+-[A-Z0-9]{12}$/);
      expect(stackName.startsWith(name.split('-')[0])).toBe(true);
      expect(physicalName(ENVIRONMENT, stackName, logicalId, maxLength)).toBe(name);
    }));
  });

  test('is whole where it fits, and another for another stack, resource or place', () => {
    const name = physicalName(ENVIRONMENT, 'Stack', 'Queue', 64);
    expect(name).toMatch(/^Stack-Queue-[A-Z0-9]{12}$/);
    const others = [
      physicalName(ENVIRONMENT, 'Stack', 'Queue2', 64),
      physicalName({ ...ENVIRONMENT, region: 'us-east-1' }, 'Stack', 'Queue', 64),
      physicalName(ENVIRONMENT, 'Stack2', 'Queue', 64),
    ].map((other) => other.split('-').at(-1));
    expect(new Set([name.split('-').at(-1), ...others]).size).toBe(4);
  });
});

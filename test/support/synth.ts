/** Synthesises the construct in a stack of its own, and reads the template as its tests need it. */
import { App, AppProps, Environment, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AsyncAthenaQueryApi, AsyncAthenaQueryApiProps } from '../../src';
import { AslMachine } from '../../src/private/synth/asl';

export interface SynthOptions {
  /** Context of the app: its feature flags. */
  readonly context?: AppProps['context'];
  readonly env?: Environment;
}

export interface Synthesised {
  readonly stack: Stack;
  readonly queries: AsyncAthenaQueryApi;
  readonly template: Template;
}

/** Props may need constructs of the same stack; `customise` runs before the template is made. */
export function synth(
  props: (stack: Stack) => AsyncAthenaQueryApiProps = () => ({}),
  customise: (queries: AsyncAthenaQueryApi, stack: Stack) => void = () => {},
  options: SynthOptions = {},
): Synthesised {
  const stack = new Stack(new App({ context: options.context, treeMetadata: false }), 'Stack', { env: options.env });
  const queries = new AsyncAthenaQueryApi(stack, 'Queries', props(stack));
  customise(queries, stack);
  return { stack, queries, template: Template.fromStack(stack) };
}

export interface Resource {
  readonly id: string;
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export function resources(template: Template): Resource[] {
  const all: Record<string, Omit<Resource, 'id'>> = template.toJSON().Resources;
  return Object.entries(all).map(([id, resource]) => ({ ...resource, id, Properties: resource.Properties ?? {} }));
}

export function resourcesOfType(template: Template, type: string): Resource[] {
  return resources(template).filter((resource) => resource.Type === type);
}

/** The only resource of the type. */
export function only(template: Template, type: string): Resource {
  const found = resourcesOfType(template, type);
  if (found.length !== 1) throw new Error(`${found.length} resources of type ${type}: ${found.map(({ id }) => id)}`);
  return found[0];
}

/** Logical ids to types, of all types that the pattern matches. */
export function idsOf(template: Template, types: RegExp): Record<string, string> {
  return Object.fromEntries(resources(template).filter(({ Type }) => types.test(Type)).map(({ id, Type }) => [id, Type]));
}

/** The value with every reference and join turned into text: `<LogicalId>`, `<LogicalId.Attribute>`; a part of a split text is `text[index]`. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value);
  const [[key, argument] = ['', undefined]] = members;
  if (members.length === 1 && key === 'Ref') return `<${argument}>`;
  if (members.length === 1 && key === 'Fn::GetAtt') return `<${argument[0]}.${argument[1]}>`;
  if (members.length === 1 && key === 'Fn::Join') return argument[1].map(plain).join(argument[0]);
  if (members.length === 1 && key === 'Fn::Split') return plain(argument[1]);
  if (members.length === 1 && key === 'Fn::Select') return `${plain(argument[1])}[${argument[0]}]`;
  return Object.fromEntries(members.map(([name, member]) => [name, plain(member)]));
}

/** The definition of the only state machine. */
export function definitionOf(template: Template): AslMachine {
  return definition(only(template, 'AWS::StepFunctions::StateMachine'));
}

/** The definition of a state machine, given its resource. */
export function definition(machine: Resource): AslMachine {
  return JSON.parse(String(plain(machine.Properties.DefinitionString)));
}

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string[];
  readonly Resource: string[];
  readonly Principal?: unknown;
  readonly Condition?: unknown;
}

const asList = (value: unknown): string[] => (value === undefined ? [] : [value].flat()).map(String);

function statementsOf(document: unknown): Statement[] {
  const { Statement: statements } = plain(document) as { Statement: Statement[] };
  return statements.map((statement) => ({ ...statement, Action: asList(statement.Action), Resource: asList(statement.Resource) }));
}

/** Statements of the identity policies of the role whose logical id starts so; of all roles without one. */
export function roleStatements(template: Template, role = ''): Statement[] {
  return resourcesOfType(template, 'AWS::IAM::Policy')
    .filter(({ Properties }) => asList(plain(Properties.Roles)).some((name) => name.startsWith(`<${role}`)))
    .flatMap(({ Properties }) => statementsOf(Properties.PolicyDocument));
}

/** Statements of the resource policies of that type. */
export function resourceStatements(template: Template, type: 'AWS::S3::BucketPolicy' | 'AWS::SQS::QueuePolicy'): Statement[] {
  return resourcesOfType(template, type).flatMap(({ Properties }) => statementsOf(Properties.PolicyDocument));
}

export function keyStatements(template: Template): Statement[] {
  return resourcesOfType(template, 'AWS::KMS::Key').flatMap(({ Properties }) => statementsOf(Properties.KeyPolicy));
}

/** Environment of the delivery function. */
export function deliveryEnvironment(template: Template): Record<string, unknown> {
  const { Variables } = plain(only(template, 'AWS::Lambda::Function').Properties.Environment) as { Variables: Record<string, unknown> };
  return Variables;
}

/** The compiled pattern of callback URLs in the request model. */
export function callbackUrlPattern(template: Template): RegExp {
  const { Schema } = only(template, 'AWS::ApiGateway::Model').Properties as { Schema: { properties: { CallbackUrl: { pattern: string } } } };
  return new RegExp(Schema.properties.CallbackUrl.pattern);
}

/** What every configuration must keep: used wherever a test changes something else. */
export function expectSecure(template: Template): void {
  template.allResourcesProperties('AWS::ApiGateway::Method', { AuthorizationType: 'AWS_IAM' });
  template.allResourcesProperties('AWS::S3::Bucket', {
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
    BucketEncryption: Match.anyValue(),
  });
  template.allResourcesProperties('AWS::Athena::WorkGroup', { WorkGroupConfiguration: { EnforceWorkGroupConfiguration: true } });
  template.allResourcesProperties('AWS::StepFunctions::StateMachine', { LoggingConfiguration: { IncludeExecutionData: false, Level: 'ERROR' } });
  template.resourceCountIs('AWS::ApiGateway::Account', 0);
  const types = resources(template).map(({ Type }) => Type);
  expect(types.filter((type) => /^Custom::|CustomResource/.test(type))).toEqual([]);
}

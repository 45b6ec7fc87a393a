/** Reads a template as tests need it. */
import { Template } from 'aws-cdk-lib/assertions';
import { AslMachine } from '../../src/private/synth/asl';

export interface Resource {
  readonly id: string;
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export function resources(template: Template): Resource[] {
  const all: Record<string, Omit<Resource, 'id'>> = template.toJSON().Resources ?? {};
  return Object.entries(all).map(([id, resource]) => ({ ...resource, id, Properties: resource.Properties ?? {} }));
}

export function resourcesOfType(template: Template, type: string): Resource[] {
  return resources(template).filter((resource) => resource.Type === type);
}

/** The only resource of the type, or of those whose logical ids contain the name. */
export function only(template: Template, type: string, name = ''): Resource {
  const found = resourcesOfType(template, type).filter(({ id }) => id.includes(name));
  if (found.length !== 1) throw new Error(`${found.length} resources of type ${type}: ${found.map(({ id }) => id)}`);
  return found[0];
}

/** Logical ids to types, of all types that the pattern matches. */
export function idsOf(template: Template, types: RegExp): Record<string, string> {
  return idsIn(resources(template), types);
}

/** The same of some resources. */
export function idsIn(some: readonly Resource[], types: RegExp): Record<string, string> {
  return Object.fromEntries(some.filter(({ Type }) => types.test(Type)).map(({ id, Type }) => [id, Type]));
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

/** A logical id without its hash. */
export function nameOf({ id }: Resource): string {
  return id.slice(0, -8);
}

/** Environment of a function. */
export function environmentOf(lambda: Resource): Record<string, string> {
  const { Variables } = plain(lambda.Properties.Environment) as { Variables: Record<string, string> };
  return Variables;
}

/** The definition of the only state machine. */
export function definitionOf(template: Template): AslMachine {
  return definition(only(template, 'AWS::StepFunctions::StateMachine'));
}

/** The definition of a state machine, given its resource. */
export function definition(machine: Resource): AslMachine {
  return JSON.parse(String(plain(machine.Properties.DefinitionString)));
}

/** The definitions of all state machines among the resources, by logical id. */
export function definitionsIn(some: readonly Resource[]): Record<string, AslMachine> {
  return Object.fromEntries(some.filter(({ Type }) => Type === 'AWS::StepFunctions::StateMachine').map((machine) => [machine.id, definition(machine)]));
}

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string[];
  readonly Resource: string[];
  readonly Principal?: unknown;
  readonly Condition?: unknown;
}

const asList = (value: unknown): string[] => (value === undefined ? [] : [value].flat()).map(String);

/** Statements of a policy document. */
export function statementsIn(document: unknown): Statement[] {
  const { Statement: statements } = plain(document) as { Statement: Statement[] };
  return statements.map((statement) => ({ ...statement, Action: asList(statement.Action), Resource: asList(statement.Resource) }));
}

/** Statements of the identity policies of the role whose logical id starts so; of all roles without one. */
export function roleStatements(template: Template, role = ''): Statement[] {
  return resourcesOfType(template, 'AWS::IAM::Policy')
    .filter(({ Properties }) => asList(plain(Properties.Roles)).some((name) => name.startsWith(`<${role}`)))
    .flatMap(({ Properties }) => statementsIn(Properties.PolicyDocument));
}

/** What each statement allows or denies, one action on one resource at a time, in an order of its own. */
export function rightsOf(statements: readonly Statement[]): string[] {
  const rights = statements.flatMap(({ Effect, Action, Resource: targets, Condition }) => (
    Action.flatMap((action) => targets.map((target) => JSON.stringify([Effect, action, target, Condition ?? null])))));
  return [...new Set(rights)].sort();
}

/** Statements of the resource policies of that type. */
export function resourceStatements(template: Template, type: 'AWS::S3::BucketPolicy' | 'AWS::SQS::QueuePolicy'): Statement[] {
  return resourcesOfType(template, type).flatMap(({ Properties }) => statementsIn(Properties.PolicyDocument));
}

export function keyStatements(template: Template): Statement[] {
  return resourcesOfType(template, 'AWS::KMS::Key').flatMap(({ Properties }) => statementsIn(Properties.KeyPolicy));
}

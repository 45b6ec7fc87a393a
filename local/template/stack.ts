import { expectText, JsonValue } from '../json';
import { SynthesizedStack } from './assembly';
import { checkRules } from './conditions';
import { DynamicReferences } from './dynamic-references';
import { evaluate } from './intrinsics';
import { parameterValues } from './parameters';
import { stackId } from './physical-name';
import { CDK_METADATA, Provisioner, ResourceRecord } from './provisioner';
import { creationOrder, dependencies } from './references';
import { CreatedResource, ResourceProviders } from './resource';
import { StackScope } from './scope';
import { Template, TemplateResource } from './template';
import { AwsEnvironment } from '../aws/service';

/**
 * Types that others need without mentioning them: rights, and what an API's deployment captures. CloudFormation makes them whenever it likes,
 * unless DependsOn says otherwise; so they are made last here, and whoever forgot a DependsOn fails every time, not now and then.
 */
const SILENTLY_NEEDED: readonly string[] = [
  'AWS::ApiGateway::GatewayResponse', 'AWS::ApiGateway::Method', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy', 'AWS::Lambda::Permission',
  'AWS::S3::BucketPolicy', 'AWS::SecretsManager::ResourcePolicy', 'AWS::SQS::QueuePolicy',
];

export interface CreateResourcesOptions {
  /** Values for parameters of the template; default: their own defaults. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Exports of all stacks of one cloud, by name: read by `Fn::ImportValue`, added to by outputs. Default: a table of its own. */
  readonly exports?: Map<string, string>;
  /** Who answers `{{resolve:service:…}}`; default: nobody, such a reference is an error. */
  readonly dynamicReferences?: DynamicReferences;
}

/** A resource that was made, and its type. */
export interface StackResource extends CreatedResource {
  readonly type: string;
}

/** A stack that was made. */
export interface CreatedStack {
  readonly stackName: string;
  readonly stackId: string;
  /** By logical id. */
  readonly resources: ReadonlyMap<string, StackResource>;
  readonly outputs: Readonly<Record<string, string>>;
  /** What the next update goes out from. */
  readonly basis: UpdateBasis;
}

/** What is known of a stack beside what everybody sees. */
export interface UpdateBasis {
  readonly source: SynthesizedStack;
  /** Values of its parameters as they were given, which the next update takes over. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly records: ReadonlyMap<string, ResourceRecord>;
  /** How many resources there have been under each logical id. */
  readonly incarnations: ReadonlyMap<string, number>;
  /** Names of its exports, and of those of other stacks that it uses. */
  readonly exported: ReadonlySet<string>;
  readonly imported: ReadonlySet<string>;
}

/**
 * Makes the resources of a stack, every one after those it needs, and evaluates its outputs.
 * All that can be refused without making anything is refused first.
 */
export async function createResources(
  stack: SynthesizedStack,
  providers: ResourceProviders,
  environment: AwsEnvironment,
  options: CreateResourcesOptions = {},
): Promise<CreatedStack> {
  const provisioner = new Provisioner(stack, { providers, changes: {} }, environment, options.dynamicReferences);
  const records = new Map<string, ResourceRecord>();
  const exports = options.exports ?? new Map<string, string>();
  const parameters = { ...stack.parameters, ...options.parameters };
  const { scope, order } = planStack(stack, providers, environment, parameters, exports, records);
  for (const logicalId of order) records.set(logicalId, await provisioner.create(logicalId, provisioner.evaluate(logicalId, scope)));
  const { outputs, exported } = evaluateOutputs(stack, scope);
  for (const [name, value] of exported) {
    if (exports.has(name)) throw new Error(`Outputs: Export with name ${name} is already exported by another stack`);
    exports.set(name, value);
  }
  const incarnations = new Map(order.map((logicalId) => [logicalId, 1]));
  return describeStack(stack, environment, outputs, {
    source: stack, parameters, records, incarnations, exported: new Set(exported.keys()), imported: scope.imported,
  });
}

/** A stack as everybody sees it. */
export function describeStack(
  { stackName }: SynthesizedStack, environment: AwsEnvironment, outputs: Readonly<Record<string, string>>, basis: UpdateBasis,
): CreatedStack {
  const resources = new Map([...basis.records].map(([id, { type, ref, attributes }]): [string, StackResource] => (
    [id, { type, ref, ...attributes !== undefined && { attributes } }]
  )));
  return { stackName, stackId: stackId(environment, stackName), resources, outputs, basis };
}

/** What a template comes to: what its names stand for, and its resources in an order in which they can be made. Nothing is made yet. */
export function planStack(
  stack: SynthesizedStack,
  providers: ResourceProviders,
  environment: AwsEnvironment,
  parameters: Readonly<Record<string, string>>,
  exports: ReadonlyMap<string, string>,
  resources: ReadonlyMap<string, CreatedResource>,
): { readonly scope: StackScope; readonly order: readonly string[] } {
  assertEnvironment(stack, environment);
  const values: ReadonlyMap<string, JsonValue> = parameterValues(stack.template.parameters, parameters);
  const scope = new StackScope(stack, environment, values, exports, resources);
  checkRules(stack.template.rules, scope.withoutResources());
  scope.conditions.check();
  const order = planResources(stack.template, scope);
  assertKnownTypes(order, stack.template, providers);
  return { scope, order };
}

function assertEnvironment(stack: SynthesizedStack, environment: AwsEnvironment): void {
  const accountFits = stack.accountId === undefined || stack.accountId === environment.accountId;
  const regionFits = stack.region === undefined || stack.region === environment.region;
  if (accountFits && regionFits) return;
  const [wanted, got] = [[stack.accountId, stack.region], [environment.accountId, environment.region]].map((place) => place.join('/'));
  throw new Error(`${stack.stackName}: synthesised for ${wanted}, the local cloud is ${got}`);
}

/** Logical ids of the resources to make, in order; those whose condition does not hold are left out. */
function planResources(template: Template, scope: StackScope): string[] {
  const exists = ({ condition }: TemplateResource, id: string) => condition === undefined || scope.condition(condition, `Resources.${id}`);
  const needs = new Map(Object.entries(template.resources).map(([id, resource]) => [id, dependencies(template, id, resource)]));
  return creationOrder(needs, (id) => SILENTLY_NEEDED.includes(template.resources[id].type)).filter((id) => exists(template.resources[id], id));
}

function assertKnownTypes(plan: readonly string[], template: Template, providers: ResourceProviders): void {
  const unknown = plan.filter((id) => {
    const { type } = template.resources[id];
    return type !== CDK_METADATA && providers[type] === undefined;
  });
  if (unknown.length === 0) return;
  throw new Error(`The local cloud does not implement: ${unknown.map((id) => `${template.resources[id].type} (${id})`).join(', ')}`);
}

/** The outputs of a stack, and what it exports by name. */
export function evaluateOutputs(
  stack: SynthesizedStack, scope: StackScope,
): { readonly outputs: Readonly<Record<string, string>>; readonly exported: ReadonlyMap<string, string> } {
  const outputs: Record<string, string> = {};
  const exported = new Map<string, string>();
  for (const [id, output] of Object.entries(stack.template.outputs)) {
    const path = `Outputs.${id}`;
    if (output.condition !== undefined && !scope.condition(output.condition, path)) continue;
    outputs[id] = expectText(evaluate(output.value, scope, `${path}.Value`), `${path}.Value`);
    if (output.exportName === undefined) continue;
    const name = expectText(evaluate(output.exportName, scope, `${path}.Export.Name`), `${path}.Export.Name`);
    if (exported.has(name)) throw new Error(`${path}: Export with name ${name} is already exported`);
    exported.set(name, outputs[id]);
  }
  return { outputs, exported };
}

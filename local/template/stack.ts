import { expectObject, expectText, JsonObject, JsonValue } from '../json';
import { SynthesizedStack } from './assembly';
import { checkRules, Conditions } from './conditions';
import { DynamicReferences, resolveDynamicReferences } from './dynamic-references';
import { evaluate, Scope } from './intrinsics';
import { parameterValues } from './parameters';
import { physicalName, stackId } from './physical-name';
import { creationOrder, dependencies } from './references';
import { CreatedResource, ResourceProviders } from './resource';
import { StrictProperties } from './strict-properties';
import { Template, TemplateResource } from './template';
import { AwsEnvironment } from '../aws/service';

/** What the CDK adds to every stack to count its constructs; it makes nothing. */
const CDK_METADATA = 'AWS::CDK::Metadata';

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
  assertEnvironment(stack, environment);
  const resources = new Map<string, StackResource>();
  const exports = options.exports ?? new Map<string, string>();
  const parameters = parameterValues(stack.template.parameters, { ...stack.parameters, ...options.parameters });
  const scope = new StackScope(stack, environment, parameters, exports, resources);
  checkRules(stack.template.rules, scope.withoutResources());
  scope.conditions.check();
  const plan = planResources(stack.template, scope);
  assertKnownTypes(plan, stack.template, providers);
  for (const logicalId of plan) {
    const { type, properties } = stack.template.resources[logicalId];
    const path = `${logicalId} (${type})`;
    const evaluated = expectObject(evaluate(properties, scope, path), path);
    const resolved = await resolveDynamicReferences(evaluated, options.dynamicReferences ?? {}, path);
    const created = type === CDK_METADATA
      ? { ref: physicalName(environment, stack.stackName, logicalId) }
      : await create(stack, providers, environment, logicalId, type, new StrictProperties(resolved, path));
    resources.set(logicalId, { type, ...created });
  }
  return {
    stackName: stack.stackName,
    stackId: stackId(environment, stack.stackName),
    resources,
    outputs: evaluateOutputs(stack, scope, exports),
  };
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

async function create(
  stack: SynthesizedStack,
  providers: ResourceProviders,
  environment: AwsEnvironment,
  logicalId: string,
  type: string,
  properties: StrictProperties,
): Promise<CreatedResource> {
  const created = await providers[type]({
    logicalId,
    type,
    properties,
    environment,
    stackName: stack.stackName,
    physicalName: (maxLength) => physicalName(environment, stack.stackName, logicalId, maxLength),
    asset: (objectKey, bucketName) => stack.asset(objectKey, bucketName),
  });
  properties.assertAllRead();
  return created;
}

function evaluateOutputs(stack: SynthesizedStack, scope: StackScope, exports: Map<string, string>): Record<string, string> {
  const outputs: Record<string, string> = {};
  for (const [id, output] of Object.entries(stack.template.outputs)) {
    const path = `Outputs.${id}`;
    if (output.condition !== undefined && !scope.condition(output.condition, path)) continue;
    outputs[id] = expectText(evaluate(output.value, scope, `${path}.Value`), `${path}.Value`);
    if (output.exportName === undefined) continue;
    const name = expectText(evaluate(output.exportName, scope, `${path}.Export.Name`), `${path}.Export.Name`);
    if (exports.has(name)) throw new Error(`${path}: Export with name ${name} is already exported by another stack`);
    exports.set(name, outputs[id]);
  }
  return outputs;
}

/** What the names of one stack stand for. */
class StackScope implements Scope {
  readonly mappings: JsonObject;
  readonly conditions: Conditions;
  private readonly pseudoParameters: Readonly<Record<string, string>>;

  constructor(
    private readonly stack: SynthesizedStack,
    environment: AwsEnvironment,
    private readonly parameters: ReadonlyMap<string, JsonValue>,
    private readonly exports: ReadonlyMap<string, string>,
    private readonly resources: ReadonlyMap<string, CreatedResource>,
  ) {
    this.mappings = stack.template.mappings;
    this.pseudoParameters = {
      'AWS::AccountId': environment.accountId,
      'AWS::Partition': environment.partition,
      'AWS::Region': environment.region,
      'AWS::StackId': stackId(environment, stack.stackName),
      'AWS::StackName': stack.stackName,
      'AWS::URLSuffix': environment.urlSuffix,
    };
    this.conditions = new Conditions(stack.template.conditions, () => this.withoutResources());
  }

  /** The scope of conditions and rules, which are decided before there are resources. */
  withoutResources(): Scope {
    return {
      mappings: this.mappings,
      ref: (name, path) => this.simple(name, path) ?? fail(path, `a condition or rule cannot refer to ${name}`),
      attribute: (logicalId, _, path) => fail(path, `a condition or rule cannot refer to ${logicalId}`),
      condition: (name, path) => this.condition(name, path),
      importValue: (name, path) => fail(path, `a condition or rule cannot import ${name}`),
    };
  }

  ref(name: string, path: string): JsonValue | undefined {
    return name === 'AWS::NoValue' ? undefined : this.simple(name, path) ?? this.resource(name, path).ref;
  }

  attribute(logicalId: string, attribute: string, path: string): JsonValue {
    const { attributes = {} } = this.resource(logicalId, path);
    return attributes[attribute]
      ?? fail(path, `Template error: resource ${logicalId} does not support attribute type ${attribute} in Fn::GetAtt, in the local cloud`);
  }

  condition(name: string, path: string): boolean {
    return this.conditions.holds(name, path);
  }

  importValue(exportName: string, path: string): string {
    return this.exports.get(exportName) ?? fail(path, `No export named ${exportName} found`);
  }

  /** A parameter or pseudo parameter. */
  private simple(name: string, path: string): JsonValue | undefined {
    const value = this.parameters.get(name) ?? this.pseudoParameters[name];
    if (value === undefined && name.startsWith('AWS::')) return fail(path, `the local cloud does not implement ${name}`);
    if (value === undefined && this.stack.template.parameters[name] !== undefined) {
      return fail(path, `parameter ${name} is looked up in Parameter Store, which the local cloud does not implement`);
    }
    return value;
  }

  private resource(logicalId: string, path: string): CreatedResource {
    return this.resources.get(logicalId) ?? fail(path, `Template format error: Unresolved resource dependencies [${logicalId}]`);
  }
}

function fail(path: string, message: string): never {
  throw new Error(`${path}: ${message}`);
}

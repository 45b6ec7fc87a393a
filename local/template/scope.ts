import { JsonObject, JsonValue } from '../json';
import { SynthesizedStack } from './assembly';
import { Conditions } from './conditions';
import { Scope } from './intrinsics';
import { stackId } from './physical-name';
import { CreatedResource } from './resource';
import { AwsEnvironment } from '../aws/service';

/** What the names of one stack stand for. */
export class StackScope implements Scope {
  readonly mappings: JsonObject;
  readonly conditions: Conditions;
  /** Names of the exports of other stacks that were asked for. */
  readonly imported = new Set<string>();
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
    this.imported.add(exportName);
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

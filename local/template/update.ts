import { isDeepStrictEqual } from 'node:util';
import { SynthesizedStack } from './assembly';
import { CDK_METADATA, Provisioner, ResourceRecord, ResourceTypes } from './provisioner';
import { DeletionRefused } from './resource';
import { StackScope } from './scope';
import { CreatedStack, CreateResourcesOptions, describeStack, evaluateOutputs, planStack, UpdateBasis } from './stack';
import { DeletionPolicy } from './template';
import { compareProperties, UpdateBehaviors } from './update-behavior';
import { UPDATE_BEHAVIORS } from './update-behaviors.generated';
import { AwsEnvironment } from '../aws/service';
import { messageOf } from '../errors';

export interface UpdateOptions extends CreateResourcesOptions {
  /** Name of another stack that uses an export. Default: none does. */
  readonly importer?: (exportName: string) => string | undefined;
  /** Default: those of the CloudFormation reference. */
  readonly behaviors?: UpdateBehaviors;
}

/** What became of the resources of an update, each `LogicalId`. */
export interface UpdateSummary {
  readonly created: readonly string[];
  readonly updated: readonly string[];
  readonly replaced: readonly string[];
  readonly deleted: readonly string[];
  /** Taken out of the stack by a policy that keeps them. */
  readonly retained: readonly string[];
  /** Taken out of the stack, but not deleted, for AWS would not delete them; why. The update is complete nevertheless. */
  readonly notDeleted: Readonly<Record<string, string>>;
}

/** A stack after an update. */
export interface UpdatedStack extends CreatedStack {
  readonly summary: UpdateSummary;
}

/** An update that failed. What it had done is undone, unless the status says otherwise. */
export class UpdateFailed extends Error {
  constructor(
    readonly status: 'UPDATE_ROLLBACK_COMPLETE' | 'UPDATE_ROLLBACK_FAILED',
    /** The resource that it failed at; absent where it was none. */
    readonly logicalId: string | undefined,
    /** The stack as it is now. */
    readonly restored: CreatedStack,
    reason: string,
  ) {
    super(`${status}: ${reason}`);
  }
}

/** Custom names of types that CloudFormation does not replace under the same name. Source: CloudFormation user guide, "Name type". */
const CUSTOM_NAMES: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::ApiKey': 'Name',
  'AWS::CloudWatch::Alarm': 'AlarmName',
  'AWS::CloudWatch::Dashboard': 'DashboardName',
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::EC2::SecurityGroup': 'GroupName',
  'AWS::Events::Rule': 'Name',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::StepFunctions::StateMachine': 'StateMachineName',
};

/** Something of a former template that the new one no longer has, or has as another resource. */
interface Leftover {
  readonly record: ResourceRecord;
  readonly policy: DeletionPolicy;
}

/**
 * Brings a stack to another template, in the order of CloudFormation: resources are made, changed and replaced, each after those it needs;
 * then those that are no longer needed are deleted. An update that fails is rolled back and throws `UpdateFailed`. Whatever can be refused
 * before a resource is touched throws an ordinary error, and so does an update that changes nothing.
 */
export async function updateResources(
  before: CreatedStack, stack: SynthesizedStack, types: ResourceTypes, environment: AwsEnvironment, options: UpdateOptions = {},
): Promise<UpdatedStack> {
  return new StackUpdate(before, stack, types, environment, options).run();
}

class StackUpdate {
  private readonly basis: UpdateBasis;
  private readonly former: Provisioner;
  private readonly next: Provisioner;
  private readonly parameters: Readonly<Record<string, string>>;
  private readonly exports: Map<string, string>;
  /** The resources of the stack as far as it is updated. */
  private readonly records = new Map<string, ResourceRecord>();
  private readonly incarnations: Map<string, number>;
  private readonly created: ResourceRecord[] = [];
  private readonly updated: string[] = [];
  private readonly replaced: string[] = [];
  /** What a failure in mid-change may have left of a resource. */
  private underway?: ResourceRecord;

  constructor(
    private readonly before: CreatedStack, private readonly stack: SynthesizedStack, private readonly types: ResourceTypes,
    private readonly environment: AwsEnvironment, private readonly options: UpdateOptions,
  ) {
    this.basis = before.basis;
    this.former = new Provisioner(this.basis.source, types, environment, options.dynamicReferences);
    this.next = new Provisioner(stack, types, environment, options.dynamicReferences);
    // A value that is not given again stays, as `cdk deploy` has it.
    const kept = Object.entries(this.basis.parameters).filter(([name]) => stack.template.parameters[name] !== undefined);
    this.parameters = { ...Object.fromEntries(kept), ...stack.parameters, ...options.parameters };
    this.exports = options.exports ?? new Map();
    this.incarnations = new Map(this.basis.incarnations);
  }

  async run(): Promise<UpdatedStack> {
    const { scope, order } = planStack(this.stack, this.types.providers, this.environment, this.parameters, this.exports, this.records);
    this.assertSameTypes(order);
    const removed = this.removed(order);
    let outcome: ReturnType<typeof evaluateOutputs>;
    try {
      for (const logicalId of order) await this.bring(logicalId, scope);
      outcome = evaluateOutputs(this.stack, scope);
      this.assertExports(outcome.exported);
    } catch (error) {
      if (!this.touched) throw error;
      return this.rollBack(error);
    }
    if (!this.touched && removed.length === 0 && this.tellsTheSame(outcome)) throw new Error('No updates are to be performed.');
    for (const name of this.basis.exported) this.exports.delete(name);
    for (const [name, value] of outcome.exported) this.exports.set(name, value);
    const cleaned = await this.cleanUp([...removed, ...this.replacedRecords()]);
    const described = describeStack(this.stack, this.environment, outcome.outputs, {
      source: this.stack,
      parameters: this.parameters,
      records: this.records,
      incarnations: this.incarnations,
      exported: new Set(outcome.exported.keys()),
      imported: scope.imported,
    });
    const created = this.created.map(({ logicalId }) => logicalId).filter((id) => !this.replaced.includes(id));
    return { ...described, summary: { created, updated: this.updated, replaced: this.replaced, ...cleaned } };
  }

  private tellsTheSame({ outputs, exported }: ReturnType<typeof evaluateOutputs>): boolean {
    return isDeepStrictEqual(outputs, this.before.outputs) && isDeepStrictEqual(new Set(exported.keys()), this.basis.exported);
  }

  private get touched(): boolean {
    return this.created.length > 0 || this.updated.length > 0 || this.underway !== undefined;
  }

  private assertSameTypes(order: readonly string[]): void {
    const changed = order.filter((id) => (this.basis.records.get(id)?.type ?? this.typeOf(id)) !== this.typeOf(id));
    if (changed.length === 0) return;
    throw new Error(`Update of resource type is not permitted. The new template modifies resource type of the following resources: [${changed.join(', ')}]`);
  }

  private typeOf(logicalId: string): string {
    return this.stack.template.resources[logicalId].type;
  }

  /** Resources that the new template does not have, last made first. */
  private removed(order: readonly string[]): Leftover[] {
    const leftovers = [...this.basis.records.values()].filter(({ logicalId }) => !order.includes(logicalId)).map((record) => (
      { record, policy: this.basis.source.template.resources[record.logicalId].deletionPolicy }
    )).reverse();
    leftovers.forEach((leftover) => this.assertRemovable(leftover, 'DeletionPolicy'));
    return leftovers;
  }

  private replacedRecords(): Leftover[] {
    return this.replaced.flatMap((id) => {
      const record = this.basis.records.get(id);
      return record === undefined ? [] : [{ record, policy: this.stack.template.resources[id].updateReplacePolicy }];
    }).reverse();
  }

  private assertRemovable({ record: { logicalId, type }, policy }: Leftover, attribute: string): void {
    const path = `${logicalId} (${type})`;
    if (policy === 'Snapshot') throw new Error(`${path}: the local cloud does not implement ${attribute} Snapshot`);
    if (policy === 'Delete' && type !== CDK_METADATA && this.types.changes[type]?.remove === undefined) {
      throw new Error(`${path}: the local cloud does not implement deletions`);
    }
  }

  /** Makes a resource what the new template says. */
  private async bring(logicalId: string, scope: StackScope): Promise<void> {
    const properties = this.next.evaluate(logicalId, scope);
    const record = this.basis.records.get(logicalId);
    try {
      this.records.set(logicalId, record === undefined ? await this.create(logicalId, properties) : await this.change(record, properties));
    } catch (error) {
      throw new ResourceFailed(logicalId, messageOf(error));
    }
  }

  private async create(logicalId: string, properties: ResourceRecord['properties']): Promise<ResourceRecord> {
    const incarnation = (this.incarnations.get(logicalId) ?? 0) + 1;
    this.incarnations.set(logicalId, incarnation);
    const record = await this.next.create(logicalId, properties, incarnation);
    this.created.push(record);
    return record;
  }

  private async change(record: ResourceRecord, properties: ResourceRecord['properties']): Promise<ResourceRecord> {
    const { logicalId, type } = record;
    if (isDeepStrictEqual(record.properties, properties)) return record;
    const path = `${logicalId} (${type})`;
    if (type !== CDK_METADATA) {
      const behavior = (this.options.behaviors ?? UPDATE_BEHAVIORS)[type];
      if (behavior === undefined) throw new Error(`${path}: it is not documented what updates of this type do`);
      const { changed, replacing, conditional } = compareProperties(record.properties, properties, behavior, path);
      if (replacing.length > 0) return this.replace(record, properties, replacing);
      if (conditional.length > 0) {
        throw new Error(`${path}: the local cloud does not implement changes of ${conditional.join(', ')}, which may replace the resource`);
      }
      if (this.types.changes[type]?.update === undefined) throw new Error(`${path}: the local cloud does not implement updates of ${changed.join(', ')}`);
    }
    this.underway = { ...record, properties };
    const updated = await this.next.update(record, properties);
    this.underway = undefined;
    this.updated.push(logicalId);
    return updated;
  }

  private async replace(record: ResourceRecord, properties: ResourceRecord['properties'], replacing: readonly string[]): Promise<ResourceRecord> {
    const { logicalId, type } = record;
    const name = properties[CUSTOM_NAMES[type] ?? ''];
    if (name !== undefined && isDeepStrictEqual(name, record.properties[CUSTOM_NAMES[type]])) {
      throw new Error(`CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${String(name)} and update the stack again.`
        + ` What requires it: ${replacing.join(', ')}`);
    }
    this.assertRemovable({ record, policy: this.stack.template.resources[logicalId].updateReplacePolicy }, 'UpdateReplacePolicy');
    const created = await this.create(logicalId, properties);
    this.replaced.push(logicalId);
    return created;
  }

  /** An export that another stack uses can be neither changed nor taken away. */
  private assertExports(exported: ReadonlyMap<string, string>): void {
    for (const name of exported.keys()) {
      if (this.exports.has(name) && !this.basis.exported.has(name)) throw new Error(`Export with name ${name} is already exported by another stack`);
    }
    for (const name of this.basis.exported) {
      const user = exported.get(name) === this.exports.get(name) ? undefined : this.options.importer?.(name);
      if (user !== undefined) throw new Error(`Export ${name} cannot be ${exported.has(name) ? 'updated' : 'deleted'} as it is in use by ${user}`);
    }
  }

  private async cleanUp(leftovers: readonly Leftover[]): Promise<Pick<UpdateSummary, 'deleted' | 'retained' | 'notDeleted'>> {
    const [deleted, retained]: string[][] = [[], []];
    const notDeleted: Record<string, string> = {};
    for (const { record, policy } of leftovers) {
      if (policy !== 'Delete') {
        retained.push(record.logicalId);
        continue;
      }
      try {
        await this.former.remove(record);
        deleted.push(record.logicalId);
      } catch (error) {
        if (!(error instanceof DeletionRefused)) throw error;
        notDeleted[record.logicalId] = error.message;
      }
    }
    return { deleted, retained, notDeleted };
  }

  /** Takes back what was changed, in the order of the former template, then deletes what was made. */
  private async rollBack(failure: unknown): Promise<never> {
    const failedAt = failure instanceof ResourceFailed ? failure.logicalId : undefined;
    const records = new Map(this.basis.records);
    const end = (status: UpdateFailed['status'], reason: string): never => {
      const basis = { ...this.basis, records, incarnations: this.incarnations };
      const stack = describeStack(this.basis.source, this.environment, this.before.outputs, basis);
      throw new UpdateFailed(status, failedAt, stack, reason);
    };
    let at: string | undefined;
    try {
      for (const [logicalId, { properties }] of this.basis.records) {
        const changed = this.changedRecord(logicalId);
        if (changed === undefined) continue;
        at = logicalId;
        records.set(logicalId, await this.former.update(changed, properties));
      }
      for (const record of [...this.created].reverse()) {
        at = record.logicalId;
        await this.discard(record);
      }
    } catch (error) {
      return end('UPDATE_ROLLBACK_FAILED', `${messageOf(failure)}; then the rollback failed at ${at}: ${messageOf(error)}`);
    }
    return end('UPDATE_ROLLBACK_COMPLETE', messageOf(failure));
  }

  /** A resource as it became in place, as far as is known. */
  private changedRecord(logicalId: string): ResourceRecord | undefined {
    if (this.underway?.logicalId === logicalId) return this.underway;
    return this.updated.includes(logicalId) ? this.records.get(logicalId) : undefined;
  }

  /** Deletes what a failed update made, but for what its policy keeps even then. */
  private async discard(record: ResourceRecord): Promise<void> {
    const { deletionPolicy, updateReplacePolicy } = this.stack.template.resources[record.logicalId];
    const policy = this.replaced.includes(record.logicalId) ? updateReplacePolicy : deletionPolicy;
    if (policy === 'Retain') return;
    try {
      await this.next.remove(record);
    } catch (error) {
      // It stays, and nobody knows it: as on AWS.
      if (!(error instanceof DeletionRefused)) throw error;
    }
  }
}

class ResourceFailed extends Error {
  constructor(readonly logicalId: string, reason: string) {
    super(reason.startsWith(logicalId) ? reason : `${logicalId}: ${reason}`);
  }
}

import { expectObject, JsonObject } from '../json';
import { SynthesizedStack } from './assembly';
import { DynamicReferences, resolveDynamicReferences } from './dynamic-references';
import { evaluate } from './intrinsics';
import { physicalName } from './physical-name';
import { CreatedResource, ResourceChanges, ResourceProvider, ResourceProviders, ResourceRequest } from './resource';
import { StackScope } from './scope';
import { StrictProperties } from './strict-properties';
import { changedProperties } from './update-behavior';
import { AwsEnvironment } from '../aws/service';

/** What the CDK adds to every stack to count its constructs; it makes nothing. */
export const CDK_METADATA = 'AWS::CDK::Metadata';

/** What the services make, and how it lives on. */
export interface ResourceTypes {
  readonly providers: ResourceProviders;
  readonly changes: ResourceChanges;
}

/** A resource that was made, and of what. */
export interface ResourceRecord extends CreatedResource {
  readonly logicalId: string;
  readonly type: string;
  /** Its functions evaluated. Dynamic references stay as they are: what they stand for is asked for whenever it is needed. */
  readonly properties: JsonObject;
  /** 1 for the first resource under its logical id. */
  readonly incarnation: number;
}

/** Makes, changes and deletes single resources of a template. */
export class Provisioner {
  constructor(
    private readonly stack: SynthesizedStack,
    private readonly types: ResourceTypes,
    private readonly environment: AwsEnvironment,
    private readonly dynamicReferences: DynamicReferences = {},
  ) {}

  /** Properties of a resource of the template, their functions evaluated. */
  evaluate(logicalId: string, scope: StackScope): JsonObject {
    const { type, properties } = this.stack.template.resources[logicalId];
    const path = `${logicalId} (${type})`;
    return expectObject(evaluate(properties, scope, path), path);
  }

  async create(logicalId: string, properties: JsonObject, incarnation = 1): Promise<ResourceRecord> {
    const { type } = this.stack.template.resources[logicalId];
    const record = { logicalId, type, properties, incarnation };
    if (type === CDK_METADATA) return { ...record, ref: physicalName(this.environment, this.stack.stackName, logicalId) };
    return { ...record, ...await this.perform(record, properties, this.types.providers[type]) };
  }

  /** Brings a resource to other properties. */
  async update(record: ResourceRecord, properties: JsonObject): Promise<ResourceRecord> {
    if (record.type === CDK_METADATA) return { ...record, properties };
    const update = this.types.changes[record.type]?.update;
    if (update === undefined) throw new Error(`${record.logicalId} (${record.type}): the local cloud does not implement updates`);
    const changed = changedProperties(record.properties, properties);
    const { ref, attributes } = await this.perform(record, properties, async (request) => update({ ...request, current: record, changed }));
    return { ...record, properties, ref, attributes };
  }

  /** Deletes a resource. */
  async remove(record: ResourceRecord): Promise<void> {
    if (record.type === CDK_METADATA) return;
    const { logicalId, type, properties } = record;
    const remove = this.types.changes[type]?.remove;
    if (remove === undefined) throw new Error(`${logicalId} (${type}): the local cloud does not implement deletions`);
    // What a deletion has no use for was read when the resource was made.
    await remove({ ...this.request(record, properties), current: record, changed: [] });
  }

  private async perform(
    record: Omit<ResourceRecord, keyof CreatedResource>, properties: JsonObject, act: ResourceProvider,
  ): Promise<CreatedResource> {
    const resolved = await resolveDynamicReferences(properties, this.dynamicReferences, `${record.logicalId} (${record.type})`);
    const request = this.request(record, resolved);
    const created = await act(request);
    request.properties.assertAllRead();
    return created;
  }

  private request({ logicalId, type, incarnation }: Omit<ResourceRecord, keyof CreatedResource>, properties: JsonObject): ResourceRequest {
    const { stackName } = this.stack;
    const identity = incarnation === 1 ? logicalId : `${logicalId}-${incarnation}`;
    return {
      logicalId,
      identity,
      type,
      properties: new StrictProperties(properties, `${logicalId} (${type})`),
      environment: this.environment,
      stackName,
      physicalName: (maxLength) => physicalName(this.environment, stackName, logicalId, maxLength, identity),
      asset: (objectKey, bucketName) => this.stack.asset(objectKey, bucketName),
    };
  }
}

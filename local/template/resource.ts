import { JsonObject } from '../json';
import { StrictProperties } from './strict-properties';
import { AwsEnvironment } from '../aws/service';

/** One resource of a template, its references resolved, to be made real by the service that knows its type. */
export interface ResourceRequest {
  readonly logicalId: string;
  /** What ids are derived from: the logical id, with a number from the second resource under it on, so that a replacement has ids of its own. */
  readonly identity: string;
  readonly type: string;
  readonly properties: StrictProperties;
  readonly environment: AwsEnvironment;
  readonly stackName: string;
  /** A name as CloudFormation would generate it: stack, logical id, suffix; the same in every run. */
  physicalName(maxLength?: number): string;
  /** Folder or file of an asset, by the object key that the template gives (`Code.S3Key`); a bucket, where given, must be the asset's own. */
  asset(objectKey: string, bucketName?: string): string;
}

/** What `Ref` and `Fn::GetAtt` answer for a resource. */
export interface CreatedResource {
  readonly ref: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Makes resources of one type. It must read, or name as not modelled, every property it is given. */
export type ResourceProvider = (request: ResourceRequest) => CreatedResource | Promise<CreatedResource>;

/** Resource type (`AWS::SQS::Queue`) to its provider: each service folder exports one such table from `resources.ts`. */
export type ResourceProviders = Readonly<Record<string, ResourceProvider>>;

/** A resource that is there, to be changed or deleted. */
export interface ExistingResourceRequest extends ResourceRequest {
  readonly current: CreatedResource & {
    /** As they are now, with dynamic references not replaced. For a deletion, the properties of the request are the same. */
    readonly properties: JsonObject;
  };
  /** Names of the properties that change. Empty for a deletion. */
  readonly changed: readonly string[];
}

/** How resources of one type live on after they were made. What a template asks for and is not here is refused by type and property. */
export interface ResourceChange {
  /**
   * Brings a resource to the properties of the request, without loss of what it stores; its generated name is what it was.
   * Like a provider, it must read every property. It is also called to take a change back.
   */
  readonly update?: (request: ExistingResourceRequest) => CreatedResource | Promise<CreatedResource>;
  /** Deletes it; what is gone already is no error. Fails with `DeletionRefused` where AWS would not delete it. */
  readonly remove?: (request: ExistingResourceRequest) => void | Promise<void>;
}

/** Resource type to its changes: each service folder exports one such table beside that of its providers. */
export type ResourceChanges = Readonly<Record<string, ResourceChange>>;

/** AWS does not delete the resource, such as a bucket with objects in it. It stays where it is, and the stack forgets it. */
export class DeletionRefused extends Error {}

/** The request that would make a resource as it is now: what is to be known of it is read from it. */
export function formerly(request: ExistingResourceRequest): ExistingResourceRequest {
  return { ...request, properties: new StrictProperties(request.current.properties, request.logicalId) };
}

/**
 * Changes of what stores nothing and is known by ids that do not change: it is taken away and made again.
 *
 * @param provider makes it
 * @param remove takes it away
 */
export function remadeInPlace(provider: ResourceProvider, remove: (request: ExistingResourceRequest) => void | Promise<void>): ResourceChange {
  return {
    update: async (request) => {
      await remove(formerly(request));
      return provider(request);
    },
    remove,
  };
}

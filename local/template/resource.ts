import { StrictProperties } from './strict-properties';
import { AwsEnvironment } from '../aws/service';

/** One resource of a template, its references resolved, to be made real by the service that knows its type. */
export interface ResourceRequest {
  readonly logicalId: string;
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

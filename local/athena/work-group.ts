import { JsonObject } from '../json';
import { invalid } from './input';
import { AwsEnvironment } from '../aws/service';

export type ResultEncryption = { readonly option: 'SSE_S3' } | { readonly option: 'SSE_KMS'; readonly keyArn: string };

/** Where results go and how. */
export interface ResultSettings {
  /** `s3://bucket/prefix`. */
  readonly outputLocation?: string;
  readonly encryption?: ResultEncryption;
  readonly expectedBucketOwner?: string;
}

export interface WorkGroup {
  readonly name: string;
  readonly description?: string;
  readonly enabled: boolean;
  /** Settings of the workgroup win over those of a request. */
  readonly enforced: boolean;
  readonly results: ResultSettings;
  /** Bytes; a query that would read more is cancelled. */
  readonly bytesScannedCutoff?: number;
  /** Default: false. */
  readonly publishesMetrics?: boolean;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

/** The workgroups of the account; `primary` is always there. */
export class WorkGroups {
  private readonly groups = new Map<string, WorkGroup>();

  constructor(private readonly environment: AwsEnvironment, now: number) {
    this.add({ name: 'primary', enabled: true, enforced: false, results: {}, createdAt: now });
  }

  add(group: WorkGroup): void {
    if (this.groups.has(group.name)) throw new Error(`Athena workgroup ${group.name} exists already`);
    this.groups.set(group.name, group);
  }

  /** Changes everything about a workgroup but its age. Queries that run go on as they were started. */
  change(group: WorkGroup): void {
    this.groups.set(group.name, { ...group, createdAt: this.get(group.name).createdAt });
  }

  remove(name: string): void {
    this.groups.delete(name);
  }

  get(name: string): WorkGroup {
    const group = this.groups.get(name);
    if (group === undefined) throw invalid('WorkGroup is not found.');
    return group;
  }

  /** Changes where the results of queries go that start from now on, as UpdateWorkGroup does. */
  moveResults(name: string, outputLocation: string): void {
    const group = this.get(name);
    this.groups.set(name, { ...group, results: { ...group.results, outputLocation } });
  }

  arn(name: string): string {
    const { partition, region, accountId } = this.environment;
    return `arn:${partition}:athena:${region}:${accountId}:workgroup/${name}`;
  }
}

/** The answer of GetWorkGroup. */
export function describeWorkGroup(group: WorkGroup): JsonObject {
  return {
    Name: group.name,
    State: group.enabled ? 'ENABLED' : 'DISABLED',
    ...group.description !== undefined && { Description: group.description },
    CreationTime: group.createdAt / 1_000,
    Configuration: {
      EnforceWorkGroupConfiguration: group.enforced,
      ResultConfiguration: describeResults(group.results),
      ...group.bytesScannedCutoff !== undefined && { BytesScannedCutoffPerQuery: group.bytesScannedCutoff },
      EngineVersion: ENGINE_VERSION,
    },
  };
}

export function describeResults(results: ResultSettings): JsonObject {
  const { outputLocation, encryption, expectedBucketOwner } = results;
  return {
    ...outputLocation !== undefined && { OutputLocation: outputLocation },
    ...encryption !== undefined && {
      EncryptionConfiguration: { EncryptionOption: encryption.option, ...encryption.option === 'SSE_KMS' && { KmsKey: encryption.keyArn } },
    },
    ...expectedBucketOwner !== undefined && { ExpectedBucketOwner: expectedBucketOwner },
  };
}

export const ENGINE_VERSION = { SelectedEngineVersion: 'AUTO', EffectiveEngineVersion: 'Athena engine version 3' };

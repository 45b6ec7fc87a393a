import { PolicyDocument, ServiceError } from '../aws/service';

/** One version of a secret's value. */
export interface SecretVersion {
  readonly id: string;
  readonly value: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly stages: Set<string>;
}

export const CURRENT = 'AWSCURRENT';
export const PREVIOUS = 'AWSPREVIOUS';

/** A secret: versions, and the staging labels that tell them apart. A label is on one version at most. */
export class Secret {
  readonly versions = new Map<string, SecretVersion>();
  resourcePolicy?: PolicyDocument;

  constructor(
    readonly arn: string,
    readonly name: string,
    readonly createdAt: number,
    public description?: string,
    /** Customer key; absent for the key that AWS manages. */
    public keyId?: string,
  ) {}

  /** Adds a version with these labels, taking them from the versions that have them. The same id and value once more changes nothing. */
  put(version: { readonly id: string; readonly value: string; readonly createdAt: number }, stages: readonly string[]): SecretVersion {
    const existing = this.versions.get(version.id);
    if (existing !== undefined && existing.value !== version.value) {
      throw new ServiceError(
        'ResourceExistsException',
        `A resource with the ID you requested already exists: you can't use ClientRequestToken ${version.id} because that value is already in use.`,
      );
    }
    if (existing !== undefined) return existing;
    const added: SecretVersion = { ...version, stages: new Set() };
    this.versions.set(version.id, added);
    for (const stage of stages) this.moveStage(stage, added);
    return added;
  }

  /** Moves a label, or takes it away. Where AWSCURRENT was, AWSPREVIOUS comes. */
  moveStage(stage: string, to: SecretVersion | undefined): void {
    const from = this.withStage(stage);
    if (from === to) return;
    from?.stages.delete(stage);
    to?.stages.add(stage);
    if (stage === CURRENT && from !== undefined) this.moveStage(PREVIOUS, from);
  }

  withStage(stage: string): SecretVersion | undefined {
    for (const version of this.versions.values()) {
      if (version.stages.has(stage)) return version;
    }
    return undefined;
  }
}

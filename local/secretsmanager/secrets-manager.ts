import { createHash, randomUUID } from 'node:crypto';
import { Authorize, AwsEnvironment, AwsService, CallContext, PolicyDocument, ServiceError } from '../aws/service';
import { Clock } from '../clock';
import { CURRENT, Secret, SecretVersion } from './secret';
import { InputReader } from '../http/input-reader';
import { UseKey, viaService } from '../iam/key-use';
import { JsonObject, JsonValue } from '../json';

/** Bytes of a value, from the quotas of Secrets Manager. */
const MAX_SECRET_BYTES = 65_536;

export interface SecretsManagerOptions {
  readonly environment: AwsEnvironment;
  readonly clock: Clock;
  readonly authorize: Authorize;
  /** Default: secrets with a customer key are refused. */
  readonly useKey?: UseKey;
}

export interface NewSecret {
  readonly name: string;
  readonly description?: string;
  readonly keyId?: string;
  /** Absent for a secret that has no version yet. */
  readonly value?: string;
}

/** What it performs. */
const OPERATIONS: readonly string[] = [
  'GetSecretValue', 'PutSecretValue', 'DescribeSecret', 'UpdateSecretVersionStage',
];

/** Secrets with versions and staging labels. */
export class SecretsManager implements AwsService {
  readonly name = 'secretsmanager';
  private readonly secrets = new Map<string, Secret>();

  constructor(private readonly options: SecretsManagerOptions) {}

  /** Makes a secret as a deployment does, without asking anybody; answers its ARN. */
  create(secret: NewSecret): string {
    const { environment: { partition, region, accountId }, clock } = this.options;
    if (!/^[\w/+=.@-]{1,512}$/.test(secret.name)) throw invalid(`${secret.name} is no name of a secret.`);
    if ([...this.secrets.values()].some(({ name }) => name === secret.name)) {
      throw new ServiceError('ResourceExistsException', `The operation failed because the secret ${secret.name} already exists.`);
    }
    this.assertKey(secret);
    const suffix = createHash('sha256').update(secret.name).digest('base64').replace(/[+/=]/g, '').slice(0, 6);
    const arn = `arn:${partition}:secretsmanager:${region}:${accountId}:secret:${secret.name}-${suffix}`;
    const created = new Secret(arn, secret.name, clock.now(), secret.description, secret.keyId);
    if (secret.value !== undefined) created.put({ id: randomUUID(), value: checked(secret.value), createdAt: clock.now() }, [CURRENT]);
    this.secrets.set(arn, created);
    return arn;
  }

  /** Changes a secret as a deployment does; a value becomes the current version, and without one the versions stay as they are. */
  change(arn: string, secret: NewSecret): void {
    this.assertKey(secret);
    const found = this.find(arn);
    if (found === undefined) throw notFound();
    found.description = secret.description;
    found.keyId = secret.keyId;
    const { clock } = this.options;
    if (secret.value !== undefined) found.put({ id: randomUUID(), value: checked(secret.value), createdAt: clock.now() }, [CURRENT]);
  }

  /** Deletes a secret at once. */
  remove(arn: string): void {
    this.secrets.delete(arn);
  }

  /** Takes the policy of a secret away; there need not be such a secret any more. */
  removeResourcePolicy(secretId: string): void {
    const secret = this.find(secretId);
    if (secret !== undefined) secret.resourcePolicy = undefined;
  }

  private assertKey({ name, keyId }: NewSecret): void {
    if (keyId === undefined || this.options.useKey !== undefined) return;
    throw new Error(`Secret ${name}: the local cloud has no KMS, so it does not implement KmsKeyId ${keyId}`);
  }

  /** Sets the policy of a secret as a deployment does. */
  setResourcePolicy(secretId: string, policy: PolicyDocument): void {
    const secret = this.find(secretId);
    if (secret === undefined) throw notFound();
    secret.resourcePolicy = policy;
  }

  performs(operation: string): boolean {
    return OPERATIONS.includes(operation);
  }

  async call(operation: string, input: JsonObject, context: CallContext): Promise<JsonObject> {
    const reader = new InputReader(operation, input);
    switch (operation) {
      case 'GetSecretValue': return this.getSecretValue(reader, context);
      case 'PutSecretValue': return this.putSecretValue(reader, context);
      case 'DescribeSecret': return this.describeSecret(reader, context);
      case 'UpdateSecretVersionStage': return this.updateSecretVersionStage(reader, context);
      default: throw new Error(`The local Secrets Manager does not implement ${operation}`);
    }
  }

  private async getSecretValue(input: InputReader, context: CallContext): Promise<JsonObject> {
    const secretId = input.string('SecretId');
    const versionId = input.optionalString('VersionId');
    const stage = input.optionalString('VersionStage');
    input.end();
    const secret = await this.authorized('GetSecretValue', secretId, context, {
      'secretsmanager:VersionId': versionId ?? [],
      'secretsmanager:VersionStage': stage ?? [],
    });
    const version = findVersion(secret, versionId, stage);
    await this.useKey(secret, 'kms:Decrypt', context);
    return { ...describeVersion(secret, version), SecretString: version.value, CreatedDate: version.createdAt / 1000 };
  }

  private async putSecretValue(input: InputReader, context: CallContext): Promise<JsonObject> {
    const secretId = input.string('SecretId');
    const value = input.string('SecretString');
    const id = input.optionalString('ClientRequestToken') ?? randomUUID();
    const stages = input.strings('VersionStages') ?? [CURRENT];
    input.end();
    if (id.length < 32 || id.length > 64) throw invalid('ClientRequestToken must be 32 to 64 characters long.');
    if (stages.length === 0) throw invalid('VersionStages must not be empty.');
    const secret = await this.authorized('PutSecretValue', secretId, context);
    await this.useKey(secret, 'kms:GenerateDataKey', context);
    await this.useKey(secret, 'kms:Decrypt', context);
    // The first version is always the current one.
    const labels = secret.versions.size === 0 ? [...new Set([CURRENT, ...stages])] : stages;
    const version = secret.put({ id, value: checked(value), createdAt: this.options.clock.now() }, labels);
    return describeVersion(secret, version);
  }

  private async describeSecret(input: InputReader, context: CallContext): Promise<JsonObject> {
    const secretId = input.string('SecretId');
    input.end();
    const secret = await this.authorized('DescribeSecret', secretId, context);
    const labelled = [...secret.versions.values()].filter(({ stages }) => stages.size > 0);
    return {
      ARN: secret.arn,
      Name: secret.name,
      CreatedDate: secret.createdAt / 1000,
      VersionIdsToStages: Object.fromEntries(labelled.map(({ id, stages }) => [id, [...stages]])),
      ...(secret.description === undefined ? {} : { Description: secret.description }),
      ...(secret.keyId === undefined ? {} : { KmsKeyId: secret.keyId }),
    };
  }

  private async updateSecretVersionStage(input: InputReader, context: CallContext): Promise<JsonObject> {
    const secretId = input.string('SecretId');
    const stage = input.string('VersionStage');
    const moveTo = input.optionalString('MoveToVersionId');
    const removeFrom = input.optionalString('RemoveFromVersionId');
    input.end();
    const secret = await this.authorized('UpdateSecretVersionStage', secretId, context, { 'secretsmanager:VersionStage': stage });
    const holder = secret.withStage(stage);
    const target = moveTo === undefined ? undefined : findVersion(secret, moveTo, undefined);
    if (holder !== undefined && holder !== target && holder.id !== removeFrom) {
      throw invalid(`The parameter RemoveFromVersionId can't be empty or another version. Staging label ${stage} is currently attached to ${holder.id}.`);
    }
    if (stage === CURRENT && target === undefined) throw invalid('You can only move staging label AWSCURRENT to a different secret version.');
    secret.moveStage(stage, target);
    return { ARN: secret.arn, Name: secret.name };
  }

  private async authorized(
    operation: string, secretId: string, context: CallContext, conditions: Readonly<Record<string, string | readonly string[]>> = {},
  ): Promise<Secret> {
    const secret = this.find(secretId);
    const { partition, region, accountId } = this.options.environment;
    await this.options.authorize({
      action: `secretsmanager:${operation}`,
      // A name that does not exist is decided by what its ARN would be, its suffix unknown.
      resource: secret?.arn ?? (secretId.startsWith('arn:') ? secretId : `arn:${partition}:secretsmanager:${region}:${accountId}:secret:${secretId}-??????`),
      resourcePolicy: secret?.resourcePolicy,
      conditions: { 'secretsmanager:SecretId': secretId, ...conditions },
    }, context);
    if (secret === undefined) throw notFound();
    return secret;
  }

  private async useKey(secret: Secret, action: 'kms:Decrypt' | 'kms:GenerateDataKey', context: CallContext): Promise<void> {
    if (secret.keyId === undefined) return;
    await this.options.useKey?.(secret.keyId, action, context, { viaService: viaService('secretsmanager', this.options.environment) });
  }

  /** By ARN, by ARN without its random suffix, or by name. */
  private find(secretId: string): Secret | undefined {
    for (const secret of this.secrets.values()) {
      if ([secret.arn, secret.arn.slice(0, -7), secret.name].includes(secretId)) return secret;
    }
    return undefined;
  }
}

function findVersion(secret: Secret, versionId: string | undefined, stage: string | undefined): SecretVersion {
  if (versionId === undefined) {
    const version = secret.withStage(stage ?? CURRENT);
    if (version === undefined) throw notFound(`value for staging label: ${stage ?? CURRENT}`);
    return version;
  }
  const version = secret.versions.get(versionId);
  if (version === undefined) throw notFound(`value for VersionId: ${versionId}`);
  if (stage !== undefined && !version.stages.has(stage)) {
    throw new ServiceError('InvalidRequestException', 'You provided a VersionStage that is not associated to the provided VersionId.');
  }
  return version;
}

function describeVersion(secret: Secret, version: SecretVersion): Record<string, JsonValue> {
  return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: [...version.stages] };
}

function checked(value: string): string {
  const bytes = Buffer.byteLength(value);
  if (bytes < 1 || bytes > MAX_SECRET_BYTES) throw invalid(`SecretString must be 1 to ${MAX_SECRET_BYTES} bytes long, got ${bytes}.`);
  return value;
}

function notFound(what?: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', `Secrets Manager can't find the specified secret${what === undefined ? '' : ` ${what}`}.`);
}

function invalid(message: string): ServiceError {
  return new ServiceError('InvalidParameterException', message);
}

import { parseArn } from '../aws/arn';
import { Authorize, AwsEnvironment, PolicyDocument, ServiceError } from '../aws/service';
import { KeyCircumstances, UseKey } from '../iam/key-use';

/** Encryption contexts that some policy may ask for. A call states each of them, be it as absent. */
const ENCRYPTION_CONTEXTS = [
  'SourceArn', 'aws:dynamodb:subscriberId', 'aws:dynamodb:tableName', 'aws:logs:arn', 'aws:s3:arn', 'aws:states:stateMachineArn',
];

interface Key {
  readonly arn: string;
  readonly policy: PolicyDocument;
}

/** The customer keys of KMS and who may use them. Nothing is encrypted here: a key is a right. */
export class Keys {
  private readonly keys = new Map<string, Key>();
  private readonly deleted = new Set<string>();
  /** `alias/name` to the ARN of a key. */
  private readonly aliases = new Map<string, string>();

  constructor(private readonly environment: AwsEnvironment, private readonly authorize: Authorize) {}

  /** Makes a key; answers its ARN. */
  create(id: string, policy?: PolicyDocument): string {
    const arn = this.arn(`key/${id}`);
    this.keys.set(arn, { arn, policy: policy ?? defaultKeyPolicy(arn) });
    return arn;
  }

  changePolicy(arn: string, policy: PolicyDocument | undefined): void {
    this.keys.set(arn, { arn, policy: policy ?? defaultKeyPolicy(arn) });
  }

  /** As from its deletion on, when AWS only begins to wait: nobody can use the key any more. */
  scheduleDeletion(arn: string): void {
    this.deleted.add(arn);
  }

  removeAlias(name: string): void {
    this.aliases.delete(name);
  }

  /** Gives another name to a key, `alias/…`. */
  addAlias(name: string, keyId: string): void {
    if (!/^alias\/(?!aws\/)[\w/-]{1,250}$/.test(name)) throw new Error(`${name} is no alias that a customer's key can have`);
    if (this.aliases.has(name)) throw new Error(`An alias with the name ${this.arn(name)} already exists`);
    this.aliases.set(name, this.find(keyId).arn);
  }

  readonly use: UseKey = async (keyId, action, context, { viaService, encryptionContext = {} }: KeyCircumstances = {}) => {
    const { arn, policy } = this.find(keyId);
    if (this.deleted.has(arn)) throw new ServiceError('KMSInvalidStateException', `${arn} is pending deletion.`);
    const asked = [...new Set([...ENCRYPTION_CONTEXTS, ...Object.keys(encryptionContext)])];
    await this.authorize({
      action,
      resource: arn,
      resourcePolicy: policy,
      resourceAccount: parseArn(arn).account,
      conditions: {
        ...Object.fromEntries(asked.map((name) => [`kms:EncryptionContext:${name}`, encryptionContext[name] ?? []])),
        'kms:ResourceAliases': [...this.aliases].filter(([, key]) => key === arn).map(([name]) => name),
        'kms:ViaService': viaService ?? [],
      },
      // `aws:CalledVia` does not name the services that call KMS, and it is not known whether they pass on what called them before.
    }, { ...context, calledVia: [] });
  };

  /** By id, ARN, alias or the ARN of an alias. A key that was not made here has the policy that keys have by default. */
  private find(keyId: string): Key {
    const arn = keyId.startsWith('arn:') ? keyId : this.arn(keyId.startsWith('alias/') ? keyId : `key/${keyId}`);
    const name = /:(alias\/.+)$/.exec(arn)?.[1];
    if (name === undefined) return this.keys.get(arn) ?? { arn, policy: defaultKeyPolicy(arn) };
    const target = this.aliases.get(name);
    if (target === undefined) throw new ServiceError('NotFoundException', `Alias ${arn} is not found.`);
    return this.find(target);
  }

  private arn(resource: string): string {
    const { partition, region, accountId } = this.environment;
    return `arn:${partition}:kms:${region}:${accountId}:${resource}`;
  }
}

/** The policy that a key has when nobody gave it another: the account's own policies decide. */
function defaultKeyPolicy(keyArn: string): PolicyDocument {
  const { partition, account } = parseArn(keyArn);
  const principal = { AWS: `arn:${partition}:iam::${account}:root` };
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: principal, Action: 'kms:*', Resource: '*' }] };
}

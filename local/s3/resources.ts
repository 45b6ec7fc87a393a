import { isObject, JsonValue } from '../json';
import { Bucket, BucketSettings, PublicAccessBlock } from './bucket';
import { LifecycleRule } from './lifecycle';
import { Encryption } from './objects';
import { isPublicPolicy } from './public-policy';
import { S3Store } from './store';
import { PolicyDocument } from '../aws/service';
import { readPolicy } from '../iam/policy-document';
import { CreatedResource, DeletionRefused, ResourceChanges, ResourceProviders, ResourceRequest } from '../template/resource';
import { StrictProperties } from '../template/strict-properties';

/** Buckets and their policies, as CloudFormation makes them. */
export function s3Resources(store: S3Store): ResourceProviders {
  return {
    'AWS::S3::Bucket': (request) => {
      const settings = readBucket(request);
      store.createBucket(settings);
      return createdBucket(settings, request);
    },

    'AWS::S3::BucketPolicy': async (request) => putBucketPolicy(store, request),
  };
}

/** What becomes of them in updates: objects stay. */
export function s3Changes(store: S3Store): ResourceChanges {
  return {
    'AWS::S3::Bucket': {
      update: (request) => {
        const settings = readBucket(request);
        existing(store, settings.name, request).configure(settings);
        return createdBucket(settings, request);
      },
      remove: ({ current: { ref } }) => {
        const bucket = store.bucket(ref);
        if (bucket !== undefined && bucket.list('').length > 0) throw new DeletionRefused(`${ref}: The bucket you tried to delete is not empty`);
        store.deleteBucket(ref);
      },
    },
    'AWS::S3::BucketPolicy': {
      update: async (request) => putBucketPolicy(store, request),
      remove: ({ current: { ref } }) => {
        const bucket = store.bucket(ref);
        if (bucket !== undefined) bucket.policy = undefined;
      },
    },
  };
}

function existing(store: S3Store, name: string, { logicalId }: ResourceRequest): Bucket {
  const bucket = store.bucket(name);
  if (bucket === undefined) throw new Error(`${logicalId}: the bucket ${name} does not exist`);
  return bucket;
}

async function putBucketPolicy(store: S3Store, request: ResourceRequest): Promise<CreatedResource> {
  const { properties, logicalId } = request;
  const bucket = existing(store, properties.string('Bucket'), request);
  const policy = await readPolicy(properties, 'PolicyDocument', 'resource', logicalId);
  assertOwnResources(policy, bucket.settings.arn, logicalId);
  if (bucket.settings.publicAccess.blockPublicPolicy && isPublicPolicy(policy)) {
    throw new Error(`${logicalId}: the policy is public, which BlockPublicPolicy of the bucket ${bucket.settings.name} refuses`);
  }
  bucket.policy = policy;
  return { ref: bucket.settings.name };
}

function readBucket({ properties, environment, physicalName }: ResourceRequest): BucketSettings {
  const name = properties.optionalString('BucketName') ?? physicalName(63).toLowerCase();
  assertBucketName(name);
  const { accountId, region, partition } = environment;
  assertSimpleOwnership(properties);
  if (properties.object('VersioningConfiguration', (versioning) => versioning.string('Status')) === 'Enabled') {
    properties.unsupported('VersioningConfiguration', 'versioning');
  }
  properties.notModelled('Tags');
  return {
    name,
    arn: `arn:${partition}:s3:::${name}`,
    ownerAccount: accountId,
    region,
    encryption: readEncryption(properties),
    lifecycle: readLifecycle(properties),
    publicAccess: readPublicAccess(properties),
  };
}

function createdBucket({ name, arn }: BucketSettings, { environment: { region, urlSuffix } }: ResourceRequest): CreatedResource {
  return {
    ref: name,
    attributes: { Arn: arn, DomainName: `${name}.s3.${urlSuffix}`, RegionalDomainName: `${name}.s3.${region}.${urlSuffix}` },
  };
}

/** Source: S3 user guide, "Bucket naming rules". */
function assertBucketName(name: string): void {
  const allowed = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !/\.\.|^\d+\.\d+\.\d+\.\d+$|^xn--|^sthree-|^amzn-s3-demo-|-s3alias$|--ol-s3$|\.mrap$|--x-s3$/.test(name);
  if (!allowed) throw new Error(`Bucket name ${name}: The specified bucket is not valid.`);
}

/** A bucket's policy speaks of the bucket and its objects only: S3 refuses one that names anything else. */
function assertOwnResources(policy: PolicyDocument, bucketArn: string, where: string): void {
  for (const statement of [policy.Statement].flat()) {
    const resources = isObject(statement) ? [statement.Resource ?? statement.NotResource ?? []].flat() : [];
    if (resources.length === 0) throw new Error(`${where}: MalformedPolicy: Missing required field Resource`);
    const foreign = resources.find((resource: JsonValue) => resource !== bucketArn && !String(resource).startsWith(`${bucketArn}/`));
    if (foreign !== undefined) throw new Error(`${where}: MalformedPolicy: Policy has invalid resource: ${String(foreign)}`);
  }
}

function assertSimpleOwnership(properties: StrictProperties): void {
  const ownership = properties.object('OwnershipControls', (controls) => controls.list('Rules', (rule) => rule.string('ObjectOwnership')));
  if (ownership?.some((rule) => rule !== 'BucketOwnerEnforced')) properties.unsupported('OwnershipControls', 'access control lists');
}

function readEncryption(properties: StrictProperties): Encryption {
  const rules = properties.object('BucketEncryption', (encryption) => encryption.list('ServerSideEncryptionConfiguration', (rule) => {
    // Bucket keys change what KMS costs, not who may read.
    rule.notModelled('BucketKeyEnabled');
    return rule.object('ServerSideEncryptionByDefault', (byDefault): Encryption => {
      const algorithm = byDefault.string('SSEAlgorithm');
      if (algorithm === 'AES256') return { algorithm };
      if (algorithm !== 'aws:kms') return byDefault.unsupported('SSEAlgorithm', 'this algorithm');
      const keyArn = byDefault.optionalString('KMSMasterKeyID');
      if (!keyArn?.startsWith('arn:')) return byDefault.unsupported('KMSMasterKeyID', 'a KMS key that is not named by its ARN');
      return { algorithm, keyArn };
    });
  }));
  return rules?.[0] ?? { algorithm: 'AES256' };
}

/** Since April 2023 a bucket that says nothing blocks all public access. */
function readPublicAccess(properties: StrictProperties): PublicAccessBlock {
  const access = properties.object('PublicAccessBlockConfiguration', (block) => {
    // Access control lists do not exist here, so what blocks them has no effect.
    block.notModelled('BlockPublicAcls', 'IgnorePublicAcls');
    return {
      blockPublicPolicy: block.boolean('BlockPublicPolicy') ?? false,
      restrictPublicBuckets: block.boolean('RestrictPublicBuckets') ?? false,
    };
  });
  return access ?? { blockPublicPolicy: true, restrictPublicBuckets: true };
}

function readLifecycle(properties: StrictProperties): LifecycleRule[] {
  const rules = properties.object('LifecycleConfiguration', (configuration) => configuration.list('Rules', readRule)) ?? [];
  return rules.flatMap(({ enabled, ...rule }, index) => (enabled ? [{ ...rule, id: rule.id ?? `rule-${index + 1}` }] : []));
}

function readRule(rule: StrictProperties) {
  // Without versioning there are neither old versions nor delete markers.
  rule.notModelled('NoncurrentVersionExpiration', 'NoncurrentVersionExpirationInDays', 'ExpiredObjectDeleteMarker');
  const expirationDate = rule.optionalString('ExpirationDate');
  return {
    id: rule.optionalString('Id'),
    enabled: rule.string('Status') === 'Enabled',
    prefix: rule.optionalString('Prefix') ?? '',
    expirationDays: rule.number('ExpirationInDays'),
    expirationDate: expirationDate === undefined ? undefined : Date.parse(expirationDate),
    abortIncompleteDays: rule.object('AbortIncompleteMultipartUpload', (abort) => abort.number('DaysAfterInitiation')),
  };
}

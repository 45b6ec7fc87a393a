import { isObject, JsonValue } from '../json';
import { PublicAccessBlock } from './bucket';
import { LifecycleRule } from './lifecycle';
import { Encryption } from './objects';
import { isPublicPolicy } from './public-policy';
import { S3Store } from './store';
import { PolicyDocument } from '../aws/service';
import { readPolicy } from '../iam/policy-document';
import { ResourceProviders } from '../template/resource';
import { StrictProperties } from '../template/strict-properties';

/** Buckets and their policies, as CloudFormation makes them. */
export function s3Resources(store: S3Store): ResourceProviders {
  return {
    'AWS::S3::Bucket': ({ properties, environment, physicalName }) => {
      const name = properties.optionalString('BucketName') ?? physicalName(63).toLowerCase();
      assertBucketName(name);
      const { accountId, region, partition, urlSuffix } = environment;
      const arn = `arn:${partition}:s3:::${name}`;
      assertSimpleOwnership(properties);
      if (properties.object('VersioningConfiguration', (versioning) => versioning.string('Status')) === 'Enabled') {
        properties.unsupported('VersioningConfiguration', 'versioning');
      }
      properties.notModelled('Tags');
      store.createBucket({
        name,
        arn,
        ownerAccount: accountId,
        region,
        encryption: readEncryption(properties),
        lifecycle: readLifecycle(properties),
        publicAccess: readPublicAccess(properties),
      });
      return {
        ref: name,
        attributes: { Arn: arn, DomainName: `${name}.s3.${urlSuffix}`, RegionalDomainName: `${name}.s3.${region}.${urlSuffix}` },
      };
    },

    'AWS::S3::BucketPolicy': async ({ properties, logicalId }) => {
      const name = properties.string('Bucket');
      const bucket = store.bucket(name);
      if (bucket === undefined) throw new Error(`${logicalId}: the bucket ${name} does not exist`);
      const policy = await readPolicy(properties, 'PolicyDocument', 'resource', logicalId);
      assertOwnResources(policy, bucket.settings.arn, logicalId);
      if (bucket.settings.publicAccess.blockPublicPolicy && isPublicPolicy(policy)) {
        throw new Error(`${logicalId}: the policy is public, which BlockPublicPolicy of the bucket ${name} refuses`);
      }
      bucket.policy = policy;
      return { ref: name };
    },
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

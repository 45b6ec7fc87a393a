import { Index, TableSettings, Throughput } from './table';
import { toPolicyDocument } from '../iam/policy-document';
import { ResourceRequest } from '../template/resource';
import { StrictProperties } from '../template/strict-properties';

/** Reads `AWS::DynamoDB::Table`. */
export function readTable(request: ResourceRequest): TableSettings {
  const { properties } = request;
  const onDemand = isOnDemand(properties);
  const throughput = properties.object('ProvisionedThroughput', readThroughput);
  assertThroughput(request.logicalId, onDemand, throughput);
  const encryption = properties.object('SSESpecification', (sse) => (
    readEncryption(sse.boolean('SSEEnabled') ?? false, sse, sse)
  ));
  return {
    ...readSchema(request, (index) => {
      const ofIndex = index.object('ProvisionedThroughput', readThroughput);
      assertThroughput(request.logicalId, onDemand, ofIndex);
      return ofIndex;
    }),
    ...readLocal(request, properties),
    throughput,
    encryption,
  };
}

/** Reads `AWS::DynamoDB::GlobalTable` with one replica, in the Region of the stack. */
export function readGlobalTable(request: ResourceRequest): TableSettings {
  const { properties, environment: { region } } = request;
  const provisioned = !isOnDemand(properties);
  const written = provisioned ? properties.object('WriteProvisionedThroughputSettings', (settings) => readCapacity(settings, 'Write')) : undefined;
  const encrypted = properties.object('SSESpecification', (sse) => {
    assertKms(sse);
    return sse.boolean('SSEEnabled') ?? false;
  });
  const replicas = properties.list('Replicas', (replica) => {
    if (replica.string('Region') !== region) replica.unsupported('Region', 'a replica in another Region than that of the stack');
    const read = provisioned ? replica.object('ReadProvisionedThroughputSettings', (settings) => readCapacity(settings, 'Read')) : undefined;
    replica.list('GlobalSecondaryIndexes', (index) => index.string('IndexName'));
    const encryption = encrypted === undefined ? undefined : replica.object('SSESpecification', (sse) => readEncryption(encrypted, sse))
      ?? readEncryption(encrypted);
    return { ...readLocal(request, replica), encryption, read };
  }) ?? [];
  if (replicas.length !== 1) properties.unsupported('Replicas', 'another number of replicas than one');
  const [{ read, ...local }] = replicas;
  const throughput = written === undefined || read === undefined ? undefined : { ReadCapacityUnits: read, WriteCapacityUnits: written };
  assertThroughput(request.logicalId, !provisioned, throughput);
  return {
    ...readSchema(request, (index) => {
      if (provisioned) index.unsupported('IndexName', 'an index of a provisioned GlobalTable');
      return undefined;
    }),
    ...local,
    throughput,
  };
}

/** The units with which a table begins. What scales them has no effect: they limit nothing. */
function readCapacity(settings: StrictProperties, kind: 'Read' | 'Write'): number | undefined {
  const scaled = settings.object(`${kind}CapacityAutoScalingSettings`, (scaling) => {
    scaling.notModelled('MaxCapacity', 'TargetTrackingScalingPolicyConfiguration');
    const least = scaling.number('MinCapacity');
    return scaling.number('SeedCapacity') ?? least;
  });
  return settings.number(`${kind}CapacityUnits`) ?? scaled;
}

type Schema = 'TableName' | 'KeySchema' | 'AttributeDefinitions' | 'LocalSecondaryIndexes' | 'GlobalSecondaryIndexes' | 'timeToLiveAttribute';

/** What all replicas of a table have in common. */
function readSchema(
  { properties, physicalName, logicalId }: ResourceRequest, throughputOf: (index: StrictProperties) => Throughput | undefined,
): Pick<TableSettings, Schema> {
  const schema = {
    TableName: properties.optionalString('TableName') ?? physicalName(255),
    KeySchema: readKeySchema(properties),
    AttributeDefinitions: properties.list('AttributeDefinitions', (definition) => (
      { AttributeName: definition.string('AttributeName'), AttributeType: definition.string('AttributeType') }
    )) ?? [],
    LocalSecondaryIndexes: properties.list('LocalSecondaryIndexes', readIndex) ?? [],
    GlobalSecondaryIndexes: properties.list('GlobalSecondaryIndexes', (index) => {
      const throughput = throughputOf(index);
      return { ...readIndex(index), throughput };
    }) ?? [],
    timeToLiveAttribute: properties.object('TimeToLiveSpecification', (timeToLive) => {
      const name = timeToLive.optionalString('AttributeName');
      return timeToLive.boolean('Enabled') ?? false ? name : undefined;
    }),
  };
  const keySchemas = [schema, ...schema.LocalSecondaryIndexes, ...schema.GlobalSecondaryIndexes].flatMap(({ KeySchema }) => KeySchema);
  const keys = keySchemas.map(({ AttributeName }) => AttributeName);
  const unused = schema.AttributeDefinitions.find(({ AttributeName }) => !keys.includes(AttributeName));
  if (unused !== undefined) {
    throw new Error(`${logicalId}: One or more parameter values were invalid: Some AttributeDefinitions are not used. ${unused.AttributeName} is no key`);
  }
  return schema;
}

type Local = 'tableClass' | 'deletionProtection' | 'policy';

/** What each replica has for itself. Stacks are not deleted, so that nothing is to be protected, and nothing is ever restored from a backup. */
function readLocal({ logicalId }: ResourceRequest, local: StrictProperties): Pick<TableSettings, Local> {
  // A policy that asks for tags is an error of the evaluator.
  local.notModelled('PointInTimeRecoverySpecification', 'Tags');
  const insights = local.object('ContributorInsightsSpecification', (specification) => specification.boolean('Enabled'));
  if (insights === true) local.unsupported('ContributorInsightsSpecification', 'insights into who uses a table');
  const tableClass = local.optionalString('TableClass') ?? 'STANDARD';
  if (!['STANDARD', 'STANDARD_INFREQUENT_ACCESS'].includes(tableClass)) local.unsupported('TableClass', 'a class that DynamoDB does not have');
  return {
    tableClass,
    deletionProtection: local.boolean('DeletionProtectionEnabled') ?? false,
    policy: local.object('ResourcePolicy', (policy) => toPolicyDocument(policy.json('PolicyDocument'), `${logicalId}.ResourcePolicy.PolicyDocument`)),
  };
}

function readKeySchema(properties: StrictProperties) {
  return properties.list('KeySchema', (key) => ({ AttributeName: key.string('AttributeName'), KeyType: key.string('KeyType') })) ?? [];
}

function readIndex(index: StrictProperties): Index {
  const projection = index.object('Projection', (properties) => ({
    ProjectionType: properties.string('ProjectionType'),
    NonKeyAttributes: properties.strings('NonKeyAttributes'),
  }));
  if (projection === undefined) throw new Error(`The index ${index.string('IndexName')} has no Projection`);
  return { IndexName: index.string('IndexName'), KeySchema: readKeySchema(index), Projection: projection };
}

function isOnDemand(properties: StrictProperties): boolean {
  const mode = properties.optionalString('BillingMode') ?? 'PROVISIONED';
  if (mode !== 'PROVISIONED' && mode !== 'PAY_PER_REQUEST') return properties.unsupported('BillingMode', 'a mode that DynamoDB does not have');
  return mode === 'PAY_PER_REQUEST';
}

function readThroughput(properties: StrictProperties): Throughput {
  const units = (name: string): number => {
    const value = properties.number(name) ?? 0;
    if (!Number.isInteger(value) || value < 1) throw new Error(`${name} must be a whole number of at least 1, got ${value}`);
    return value;
  };
  return { ReadCapacityUnits: units('ReadCapacityUnits'), WriteCapacityUnits: units('WriteCapacityUnits') };
}

/** As CloudFormation has it: where it is provisioned, and nowhere else. */
function assertThroughput(logicalId: string, onDemand: boolean, throughput: Throughput | undefined): void {
  if (onDemand && throughput !== undefined) {
    throw new Error(`${logicalId}: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST`);
  }
  if (!onDemand && throughput === undefined) {
    throw new Error(`${logicalId}: ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED`);
  }
}

function readEncryption(enabled: boolean, key?: StrictProperties, kind?: StrictProperties): TableSettings['encryption'] {
  if (kind !== undefined) assertKms(kind);
  const keyId = key?.optionalString('KMSMasterKeyId');
  if (!enabled && keyId !== undefined) throw new Error(`KMSMasterKeyId ${keyId} needs SSEEnabled`);
  // Everybody in the account may use the key that AWS manages.
  return enabled ? { type: 'KMS', ...keyId !== undefined && keyId !== 'alias/aws/dynamodb' && { keyId } } : undefined;
}

function assertKms(specification: StrictProperties): void {
  if ((specification.optionalString('SSEType') ?? 'KMS') !== 'KMS') specification.unsupported('SSEType', 'another type than KMS');
}

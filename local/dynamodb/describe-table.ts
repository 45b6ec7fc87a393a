import { Index, Table, Throughput } from './table';
import { JsonObject } from '../json';

/** What DescribeTable answers. Counts stay 0: AWS counts every six hours. */
export function describeTable({ settings, arn, id, createdAt }: Table): JsonObject {
  const { throughput } = settings;
  const CreationDateTime = createdAt / 1000;
  return {
    TableName: settings.TableName,
    TableArn: arn,
    TableId: id,
    TableStatus: 'ACTIVE',
    CreationDateTime,
    KeySchema: settings.KeySchema.map((key) => ({ ...key })),
    AttributeDefinitions: settings.AttributeDefinitions.map((definition) => ({ ...definition })),
    ItemCount: 0,
    TableSizeBytes: 0,
    ProvisionedThroughput: describeThroughput(settings.throughput),
    DeletionProtectionEnabled: settings.deletionProtection,
    TableClassSummary: { TableClass: settings.tableClass },
    ...throughput === undefined && { BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST', LastUpdateToPayPerRequestDateTime: CreationDateTime } },
    ...describeIndexes('LocalSecondaryIndexes', settings.LocalSecondaryIndexes, arn, () => ({})),
    ...describeIndexes('GlobalSecondaryIndexes', settings.GlobalSecondaryIndexes, arn, (index) => (
      { IndexStatus: 'ACTIVE', ProvisionedThroughput: describeThroughput(index.throughput) }
    )),
    ...describeEncryption(settings.encryption),
  };
}

function describeThroughput(throughput: Throughput | undefined): JsonObject {
  const { ReadCapacityUnits, WriteCapacityUnits } = throughput ?? { ReadCapacityUnits: 0, WriteCapacityUnits: 0 };
  return { NumberOfDecreasesToday: 0, ReadCapacityUnits, WriteCapacityUnits };
}

function describeIndexes(member: string, indexes: readonly Index[], tableArn: string, more: (index: Index) => JsonObject): JsonObject {
  if (indexes.length === 0) return {};
  const described = indexes.map((index): JsonObject => ({
    IndexName: index.IndexName,
    IndexArn: `${tableArn}/index/${index.IndexName}`,
    KeySchema: index.KeySchema.map((key) => ({ ...key })),
    Projection: describeProjection(index),
    IndexSizeBytes: 0,
    ItemCount: 0,
    ...more(index),
  }));
  return { [member]: described };
}

function describeProjection({ Projection: { ProjectionType, NonKeyAttributes } }: Index): JsonObject {
  return { ProjectionType, ...NonKeyAttributes !== undefined && { NonKeyAttributes: [...NonKeyAttributes] } };
}

function describeEncryption(encryption: Table['settings']['encryption']): JsonObject {
  if (encryption === undefined) return {};
  const { type: SSEType, keyId } = encryption;
  return { SSEDescription: { Status: 'ENABLED', SSEType, ...keyId !== undefined && { KMSMasterKeyArn: keyId } } };
}

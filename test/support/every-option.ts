/** One stack with every option of the construct used, each in the way that adds the most to the template. */
import { Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { InterfaceVpcEndpoint, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { User } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import {
  AccessLogs, ApiEndpoint, AsyncAthenaQueryApiProps, CallbackPolicy, NamedQuery, OrcCompression, ParquetCompression, QueryableData, QueryAnnouncement,
  QueryCompletion, QueryOwnership, QueryParameter, ResultFormat, SigningKeys, SubmitAccess, SubmittedQueries,
} from '../../src';

/** Every option that changes behaviour and leaves all resources to the construct. */
export function everyOption(stack: Stack): AsyncAthenaQueryApiProps {
  return {
    queryableData: [
      QueryableData.glueTables({ database: 'sales', bucket: Bucket.fromBucketName(stack, 'Sales', 'sales-data') }),
      QueryableData.glueTables({
        database: 'scratch', tables: ['totals'], bucket: Bucket.fromBucketName(stack, 'Scratch', 'scratch-data'), prefix: 'totals/', write: true,
      }),
    ],
    database: 'sales',
    databases: ['sales', 'scratch'],
    catalog: 'AwsDataCatalog',
    submittedQueries: SubmittedQueries.named({
      queries: {
        orders: NamedQuery.of({ sql: 'SELECT * FROM orders WHERE day = :day', parameters: { day: QueryParameter.date() } }),
        tables: NamedQuery.of({ sql: 'SHOW TABLES' }),
      },
    }),
    resultFormats: [
      ResultFormat.csv(),
      ResultFormat.parquet({ compression: ParquetCompression.ZSTD }),
      ResultFormat.orc({ compression: OrcCompression.SNAPPY }),
      ResultFormat.avro(),
      ResultFormat.json(),
      ResultFormat.textFile({ fieldDelimiter: '|' }),
    ],
    resultReuse: Duration.minutes(10),
    queryCompletion: QueryCompletion.adaptivePolling({ percentage: 10, maxInterval: Duration.minutes(1) }),
    queryTimeout: Duration.hours(2),
    bytesScannedCutoffPerQuery: Size.gibibytes(5),
    submitAccess: SubmitAccess.iam({ ownership: QueryOwnership.SESSION, accounts: ['444455556666', '777788889999'] }),
    endpoint: ApiEndpoint.privateEndpoint({
      vpcEndpoints: [InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(stack, 'Endpoint', { vpcEndpointId: 'vpce-0aaa1111bbb2222cc', port: 443 })],
    }),
    throttlingRateLimit: 5,
    throttlingBurstLimit: 7,
    queryReaders: [new User(stack, 'Operator')],
    managementThrottlingRateLimit: 2,
    managementThrottlingBurstLimit: 3,
    signingKeys: SigningKeys.ed25519(),
    stageName: 'v1',
    accessLogs: AccessLogs.logGroup(),
    announcements: [
      QueryAnnouncement.eventBus({ bus: EventBus.fromEventBusName(stack, 'Bus', 'bus') }),
      QueryAnnouncement.queue({ queue: Queue.fromQueueArn(stack, 'Queue', stack.formatArn({ service: 'sqs', resource: 'queue' })) }),
      QueryAnnouncement.topic({ topic: Topic.fromTopicArn(stack, 'Topic', stack.formatArn({ service: 'sns', resource: 'topic' })) }),
    ],
    callbackPolicy: CallbackPolicy.hosts({ hosts: ['hooks.example.com', '*.example.org'], privateAddresses: ['10.20.0.0/16', 'fd12::/16'] }),
    deliveryNetwork: {
      vpc: Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['a', 'b'], privateSubnetIds: ['subnet-a', 'subnet-b'] }),
      vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      allowAllOutbound: false,
      ipv6AllowedForDualStack: true,
    },
    callbackTimeout: Duration.seconds(5),
    deliveryWindow: Duration.hours(1),
    deliveryMemorySize: 512,
    deliveryReservedConcurrency: 20,
    linkExpiry: Duration.minutes(15),
    resultPrefix: 'answers/',
    formerResultPrefixes: ['results/'],
    resultEncryptionKey: new Key(stack, 'ResultKey', { enableKeyRotation: true }),
    resultRetention: Duration.days(20),
    logRetention: RetentionDays.ONE_WEEK,
    encryptionKey: new Key(stack, 'ExecutionKey', { enableKeyRotation: true }),
    tracing: true,
    removalPolicy: RemovalPolicy.DESTROY,
  };
}

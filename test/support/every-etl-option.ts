/** Every option of PagedBatchEtl used, each in the way that adds the most to the template. */
import { Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { knownFunction } from './known-function';
import { importedFunction, importedSecret } from './synth-etl';
import {
  EmptyRun, FailurePolicy, IdempotencyScope, ItemProcessor, MissingCollection, MongoFilter, MongoItemFormat, MongoReadConcern, MongoReadPreference,
  PagedBatchEtlProps, PageSource, PageTransport, Partitions, RunContinuation, RunLedger, RunParameter, WhenLocked,
} from '../../src';

/** Every option that changes behaviour and leaves all resources to the construct. */
export function everyEtlOption(stack: Stack): PagedBatchEtlProps {
  return {
    source: PageSource.mongo({
      connectionSecret: importedSecret(stack),
      database: 'Analytics',
      collection: 'jobs',
      sort: ['runDate', '_id'],
      filter: MongoFilter.ejson('{ "runDate": { "$gte": "$$date_begin", "$lt": "$$date_end" }, "team": "$$team", "delay": { "$gt": "$$least_delay" } }'),
      unindexedFilterFields: ['delay'],
      certificateAuthority: importedSecret(stack, 'authority'),
      host: 'one.example.com:27017,two.example.com:27017',
      projection: ['delay', 'origin'],
      hint: 'by_team',
      readPreference: MongoReadPreference.SECONDARY_PREFERRED,
      readConcern: MongoReadConcern.MAJORITY,
      collation: { locale: 'en', strength: 2 },
      ifMissing: MissingCollection.EMPTY,
      itemFormat: MongoItemFormat.CANONICAL,
      timeout: Duration.minutes(2),
      memorySize: 1024,
      vpc: Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['a', 'b'], privateSubnetIds: ['subnet-a', 'subnet-b'] }),
    }),
    parameters: {
      date_begin: RunParameter.date({ timeZone: 'Europe/Berlin' }),
      date_end: RunParameter.date({ timeZone: 'Europe/Berlin', defaultValue: '2026-11-24' }),
      team: RunParameter.objectId({ defaultValue: '65a1f0c2e4b0a1b2c3d4e5f6' }),
      least_delay: RunParameter.integer({ defaultValue: 15 }),
      label: RunParameter.text({ defaultValue: '' }),
    },
    processor: ItemProcessor.perBatch({ handler: knownFunction(stack, importedFunction(stack, 'calc-metrics').functionArn), maxConcurrency: 10, retryAttempts: 3 }),
    transport: PageTransport.s3({ prefix: 'etl/pages/', maxPageBytes: Size.mebibytes(8), retention: Duration.days(20), deletePages: true }),
    partitions: Partitions.ofTime({ workers: 8, slices: 4 }),
    ledger: RunLedger.table({
      whenLocked: WhenLocked.WAIT, waitAtMost: Duration.hours(2), takeOverAfter: Duration.minutes(20), retention: Duration.days(30),
    }),
    batchSize: 20,
    failurePolicy: FailurePolicy.tolerate({ maxItems: 100, maxPercentage: 1.5, deadLetters: { prefix: 'etl/letters/', withDocuments: true } }),
    emptyRun: EmptyRun.FAIL,
    idempotencyScope: IdempotencyScope.WINDOW,
    continuation: RunContinuation.supervised({ pagesPerSegment: 5 }),
    logRetention: RetentionDays.ONE_WEEK,
    encryptionKey: new Key(stack, 'ExecutionKey', { enableKeyRotation: true }),
    tracing: true,
    removalPolicy: RemovalPolicy.DESTROY,
  };
}

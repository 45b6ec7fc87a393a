import { join } from 'node:path';
import { App, Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { BlockPublicAccess, Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import {
  FailurePolicy, ItemProcessor, MongoFilter, PagedBatchEtl, PageSource, PageTransport, Partitions, RunLedger, RunParameter,
} from 'cdk-data-workflows';
import { Construct } from 'constructs';

const AIRPORTS_KEY = 'airports.json';

/**
 * Metrics of the flights in a MongoDB collection, calculated page by page: a function gets a page at a time, by one worker or by four, or one item, inline or
 * through S3.
 */
class FlightMetricsStack extends Stack {
  private readonly database: string = this.node.tryGetContext('database') ?? 'Analytics';
  /** Where the server is and who we are: to be filled in once it is deployed. */
  private readonly connectionSecret = new Secret(this, 'Connection');
  /** Reference data, from which the metrics are calculated. */
  private readonly reference = new Bucket(this, 'Reference', {
    enforceSSL: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    removalPolicy: RemovalPolicy.DESTROY,
  });

  constructor(scope: Construct, id: string) {
    super(scope, id);

    const source = PageSource.mongo({
      connectionSecret: this.connectionSecret,
      database: this.database,
      collection: 'jobs',
      sort: ['runDate', '_id'],
      filter: MongoFilter.ejson('{ "runDate": { "$gte": "$$date_begin", "$lt": "$$date_end" } }'),
      // Only a server on one's own machine has reason to do without.
      tls: this.node.tryGetContext('tls') !== 'false',
    });
    const parameters = { date_begin: RunParameter.date(), date_end: RunParameter.date() };

    const perBatch = ItemProcessor.perBatch({ handler: this.calcMetrics('CalcMetrics', 'per-batch.ts') });
    new PagedBatchEtl(this, 'Metrics', { source, parameters, processor: perBatch, removalPolicy: RemovalPolicy.DESTROY });

    const inParallel = new PagedBatchEtl(this, 'MetricsInParallel', {
      source,
      parameters,
      processor: perBatch,
      // Larger pages cost less; with these, a run of some minutes tells every few seconds how far it is.
      transport: PageTransport.s3({ maxPageBytes: Size.mebibytes(1) }),
      partitions: Partitions.ofTime({ workers: 4, slices: 1 }),
      failurePolicy: FailurePolicy.tolerate({ maxPercentage: 1 }),
      ledger: RunLedger.table(),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    inParallel.addDashboard();

    const perItem = this.calcMetrics('CalcMetricsPerItem', 'per-item.ts', Duration.seconds(12));
    // Each call at the same time has a connection of its own to the server.
    const processor = ItemProcessor.perItem({ handler: perItem, maxConcurrency: 10 });
    new PagedBatchEtl(this, 'MetricsPerItem', {
      source,
      parameters,
      processor,
      // All attempts at that many items are sure to fit into the five minutes of an Express execution.
      batchSize: 20,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const throughS3 = new PagedBatchEtl(this, 'MetricsPerItemS3', {
      source,
      parameters,
      processor,
      transport: PageTransport.s3(),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // Large documents stay there, and the function reads them itself.
    throughS3.grantReadPages(perItem);
  }

  /** A function that reads another collection and a file in S3, and writes to a third collection. */
  private calcMetrics(id: string, entry: string, timeout: Duration = Duration.seconds(30)): NodejsFunction {
    const calcMetrics = new NodejsFunction(this, id, {
      entry: join(__dirname, 'calc-metrics', entry),
      runtime: Runtime.NODEJS_22_X,
      memorySize: 512,
      timeout,
      environment: {
        CONNECTION_SECRET_ARN: this.connectionSecret.secretArn,
        DATABASE: this.database,
        REFERENCE_BUCKET: this.reference.bucketName,
        AIRPORTS_KEY,
      },
    });
    this.connectionSecret.grantRead(calcMetrics);
    this.reference.grantRead(calcMetrics, AIRPORTS_KEY);
    return calcMetrics;
  }
}

const app = new App();
new FlightMetricsStack(app, 'FlightMetrics');

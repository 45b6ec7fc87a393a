import { App, Duration, RemovalPolicy, Stack, TimeZone } from 'aws-cdk-lib';
import { DatabaseCluster } from 'aws-cdk-lib/aws-docdb';
import { InstanceClass, InstanceSize, InstanceType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { RunContinuation, ItemProcessor, MongoFilter, PagedBatchEtl, PageSource, RunParameter, RunWindow } from 'cdk-data-workflows';
import { Construct } from 'constructs';

/** Which jobs of a day are archived: a value of every type that a filter may need, and a parameter of every type that a run may have. */
const FILTER = `{
  "team": "$$team",
  "deleted": null,
  "kind": { "$in": ["report", "$$kind"] },
  "owner": { "$ne": { "$oid": "65a1f0c2e4b0a1b2c3d4e5f6" } },
  "bytes": { "$gte": "$$least_bytes", "$lt": { "$numberLong": "9007199254740993" } },
  "created": { "$gte": { "$date": "2020-01-01T00:00:00Z" } },
  "runDate": { "$gte": "$$date_begin", "$lt": "$$date_end" }
}`;

/** Every night, the jobs of the day before are read from an Amazon DocumentDB cluster and archived. */
class NightlyArchiveStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    const vpc = new Vpc(this, 'Vpc', { maxAzs: 2, natGateways: 1 });
    const cluster = new DatabaseCluster(this, 'Cluster', {
      vpc,
      masterUser: { username: 'admin_user', excludeCharacters: '"@/:' },
      instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.MEDIUM),
      engineVersion: '5.0.0',
      storageEncrypted: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const archive = new LambdaFunction(this, 'Archive', {
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = async ({ item, idempotencyKey }) => console.log(idempotencyKey, item);'),
      timeout: Duration.seconds(30),
    });

    const nightly = new PagedBatchEtl(this, 'Nightly', {
      source: PageSource.documentDb({
        connectionSecret: cluster.secret!,
        vpc,
        database: 'Analytics',
        collection: 'jobs',
        sort: ['runDate', '_id'],
        filter: MongoFilter.ejson(FILTER),
        // Few documents of a day are left out by these.
        unindexedFilterFields: ['bytes', 'created', 'owner'],
        projection: ['team', 'bytes', 'result'],
      }),
      parameters: {
        date_begin: RunParameter.date({ timeZone: 'Europe/Berlin' }),
        date_end: RunParameter.date({ timeZone: 'Europe/Berlin' }),
        team: RunParameter.objectId({ defaultValue: '65a1f0c2e4b0a1b2c3d4e5f7' }),
        kind: RunParameter.text({ defaultValue: 'invoice' }),
        least_bytes: RunParameter.integer({ defaultValue: 1024 }),
      },
      processor: ItemProcessor.perItem({ handler: archive, maxConcurrency: 10 }),
      batchSize: 50,
      continuation: RunContinuation.selfRestart(),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // From this side, so that the rule is in this stack also where the cluster is in another one.
    nightly.connections.allowToDefaultPort(cluster);
    nightly.addSchedule('AtOne', {
      schedule: ScheduleExpression.cron({ hour: '1', minute: '0', timeZone: TimeZone.EUROPE_BERLIN }),
      window: RunWindow.previousDay({ begin: 'date_begin', end: 'date_end', timeZone: 'Europe/Berlin' }),
    });
  }
}

const app = new App();
new NightlyArchiveStack(app, 'NightlyArchive');

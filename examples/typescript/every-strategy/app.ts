import { App, Duration, RemovalPolicy, Size, Stack, TimeZone } from 'aws-cdk-lib';
import { ApiKey, Period, UsagePlan } from 'aws-cdk-lib/aws-apigateway';
import { OAuthScope, ResourceServerScope, UserPool } from 'aws-cdk-lib/aws-cognito';
import { DatabaseCluster } from 'aws-cdk-lib/aws-docdb';
import { InstanceClass, InstanceSize, InstanceType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, Pass, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import {
  AccessLogs, AsyncAthenaQueryApi, CallbackPolicy, EmptyRun, FailurePolicy, IdempotencyScope, ItemProcessor, MissingCollection,
  MongoFilter, MongoItemFormat, MongoReadConcern, NamedQuery, PagedBatchEtl, PageSource, PageTransport, Partitions, QueryableData,
  QueryAnnouncement, QueryCompletion, QueryOwnership, QueryParameter, RunContinuation, RunLedger, RunParameter, RunWindow, SigningKeys,
  SubmitAccess, SubmittedQueries, WhenLocked,
} from 'cdk-data-workflows';
import { Construct } from 'constructs';

/** Analysts of the company query a lake, and sign their requests. */
class AnalystQueriesStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    const lake = Bucket.fromBucketName(this, 'Lake', 'lake-data');
    const queries = new AsyncAthenaQueryApi(this, 'Queries', {
      database: 'sales',
      queryableData: [
        QueryableData.glueTables({ database: 'sales', bucket: lake, prefix: 'sales/' }),
        QueryableData.glueTables({ database: 'scratch', tables: ['totals'], bucket: lake, prefix: 'totals/', write: true }),
      ],
      submittedQueries: SubmittedQueries.anySql(),
      submitAccess: SubmitAccess.iam({ ownership: QueryOwnership.SESSION, accounts: ['444455556666'] }),
      queryReaders: [new Role(this, 'Support', { assumedBy: new AccountPrincipal(this.account) })],
      queryCompletion: QueryCompletion.adaptivePolling({ percentage: 10, maxInterval: Duration.minutes(1) }),
      queryTimeout: Duration.hours(2),
      bytesScannedCutoffPerQuery: Size.gibibytes(5),
      callbackPolicy: CallbackPolicy.hosts({ hosts: ['hooks.example.com', '*.example.org'] }),
      signingKeys: SigningKeys.sharedSecret(),
      accessLogs: AccessLogs.logGroup({ logGroup: new LogGroup(this, 'Requests', { retention: RetentionDays.ONE_MONTH }) }),
      deliveryWindow: Duration.hours(6),
      linkExpiry: Duration.minutes(15),
      logRetention: RetentionDays.ONE_WEEK,
      encryptionKey: new Key(this, 'Key', { enableKeyRotation: true }),
      tracing: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    queries.addData(QueryableData.lakeFormation({ database: 'governed', tables: ['people'] }));
    queries.grantInvoke(new Role(this, 'Analysts', { assumedBy: new AccountPrincipal(this.account) }));
    queries.addDashboard({ defaultInterval: Duration.days(7) });
    queries.metricDeadLetters({ period: Duration.minutes(1) }).createAlarm(this, 'Lost', { threshold: 1, evaluationPeriods: 1 });
    this.exportValue(queries.queriesUrl, { name: 'AnalystQueriesUrl' });
  }
}

/** Programs of customers have tokens of a user pool, and submit queries by name. */
class CustomerQueriesStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    const customers = new UserPool(this, 'Customers', { removalPolicy: RemovalPolicy.DESTROY });
    const submit = new ResourceServerScope({ scopeName: 'submit', scopeDescription: 'Submit queries' });
    const server = customers.addResourceServer('Server', { identifier: 'queries', scopes: [submit] });
    customers.addDomain('Domain', { cognitoDomain: { domainPrefix: `queries-${this.account}` } });
    customers.addClient('Customer', {
      generateSecret: true,
      oAuth: { flows: { clientCredentials: true }, scopes: [OAuthScope.resourceServer(server, submit)] },
    });
    const queries = new AsyncAthenaQueryApi(this, 'Queries', {
      database: 'sales_eu',
      databases: ['sales_eu', 'sales_us'],
      queryableData: [
        QueryableData.glueTables({ database: 'sales_eu', tables: ['orders'], bucket: Bucket.fromBucketName(this, 'Eu', 'sales-eu'), prefix: 'orders/' }),
        QueryableData.glueTables({ database: 'sales_us', tables: ['orders'], bucket: Bucket.fromBucketName(this, 'Us', 'sales-us'), prefix: 'orders/' }),
      ],
      submittedQueries: SubmittedQueries.named({
        queries: {
          by_day: NamedQuery.of({
            sql: 'SELECT product, amount FROM orders WHERE day = :day AND amount >= :least AND paid = :paid',
            parameters: { day: QueryParameter.date(), least: QueryParameter.decimalNumber(), paid: QueryParameter.trueOrFalse() },
          }),
          by_product: NamedQuery.of({
            sql: 'SELECT day, amount FROM orders WHERE product = :product AND amount >= :least AND changed < :until',
            parameters: {
              least: QueryParameter.integer(), product: QueryParameter.text({ maxLength: 40 }), until: QueryParameter.timestamp(),
            },
          }),
          days: NamedQuery.of({ sql: 'SELECT DISTINCT day FROM orders' }),
        },
      }),
      submitAccess: SubmitAccess.cognito({ userPools: [customers], scopes: ['queries/submit'] }),
      queryCompletion: QueryCompletion.managed(),
      callbackPolicy: CallbackPolicy.publicHosts(),
      signingKeys: SigningKeys.ed25519(),
      accessLogs: AccessLogs.none(),
      announcements: [
        QueryAnnouncement.eventBus({ bus: EventBus.fromEventBusName(this, 'Bus', 'company') }),
        QueryAnnouncement.queue({ queue: new Queue(this, 'Ended', { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true }) }),
        QueryAnnouncement.topic({ topic: Topic.fromTopicArn(this, 'Topic', this.formatArn({ service: 'sns', resource: 'ended' })) }),
      ],
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.exportValue(queries.queriesUrl, { name: 'CustomerQueriesUrl' });
  }
}

/** Partners have API keys. What keeps state was there before. */
class PartnerQueriesStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    const plan = new UsagePlan(this, 'Partners', { throttle: { rateLimit: 1, burstLimit: 5 }, quota: { limit: 1000, period: Period.DAY } });
    plan.addApiKey(new ApiKey(this, 'Partner'));
    new AsyncAthenaQueryApi(this, 'Queries', {
      queryableData: [QueryableData.glueTables({ database: 'public', bucket: Bucket.fromBucketName(this, 'Data', 'public-data') })],
      submitAccess: SubmitAccess.apiKey({ plans: [plan] }),
      queryManagement: false,
      queryCompletion: QueryCompletion.polling({ interval: Duration.seconds(30) }),
      signingSecret: Secret.fromSecretNameV2(this, 'Secret', 'callback-secret'),
      resultBucket: Bucket.fromBucketName(this, 'Results', 'partner-results'),
      resultPrefix: 'answers/',
      workGroupName: 'partners',
      deadLetterQueue: Queue.fromQueueArn(this, 'DeadLetters', this.formatArn({ service: 'sqs', resource: 'dead-letters' })),
    });
  }
}

/** Runs over collections of MongoDB and DocumentDB, and over a source of one's own. */
class RunsStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    const connectionSecret = Secret.fromSecretNameV2(this, 'Connection', 'mongodb');
    const handler = new LambdaFunction(this, 'Handler', {
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = async (event) => console.log(JSON.stringify(event));'),
      timeout: Duration.seconds(20),
    });

    const byTime = new PagedBatchEtl(this, 'ByTime', {
      source: PageSource.mongo({
        connectionSecret,
        database: 'analytics',
        collection: 'jobs',
        sort: ['runDate', '_id'],
        filter: MongoFilter.ejson('{ "runDate": { "$gte": "$$begin", "$lt": "$$end" }, "team": "$$team" }'),
        projection: ['team', 'result'],
        ifMissing: MissingCollection.EMPTY,
        itemFormat: MongoItemFormat.CANONICAL,
        readConcern: MongoReadConcern.MAJORITY,
      }),
      parameters: { begin: RunParameter.date(), end: RunParameter.date(), team: RunParameter.text({ defaultValue: 'sales' }) },
      processor: ItemProcessor.perBatch({ handler, retryAttempts: 3 }),
      transport: PageTransport.s3({ maxPageBytes: Size.mebibytes(4) }),
      partitions: Partitions.ofTime({ workers: 4 }),
      failurePolicy: FailurePolicy.tolerate({ maxItems: 100, deadLetters: { withDocuments: true } }),
      ledger: RunLedger.table({ whenLocked: WhenLocked.WAIT }),
      emptyRun: EmptyRun.FAIL,
      continuation: RunContinuation.supervised({ outageTolerance: Duration.minutes(30) }),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    byTime.addSchedule('Hourly', {
      schedule: ScheduleExpression.rate(Duration.hours(1)),
      window: RunWindow.sinceWatermark({ begin: 'begin', end: 'end', startAt: '2026-01-01T00:00:00Z' }),
    });
    byTime.addBackfill('Year', {
      begin: '2025-01-01', end: '2026-01-01', step: Duration.days(1), beginParameter: 'begin', endParameter: 'end', concurrency: 2,
    });
    byTime.addStalenessAlarm('Stale', { after: Duration.hours(6) });
    byTime.addDashboard();
    const operators = new Role(this, 'Operators', { assumedBy: new AccountPrincipal(this.account) });
    byTime.grantStartExecution(operators);
    byTime.grantRedrive(operators);
    byTime.grantReadDeadLetters(operators);
    byTime.metricItemsRead({ period: Duration.hours(1) }).createAlarm(this, 'Few', { threshold: 1, evaluationPeriods: 1 });

    new PagedBatchEtl(this, 'ById', {
      source: PageSource.mongo({ connectionSecret, database: 'analytics', collection: 'events' }),
      processor: ItemProcessor.perItem({ handler, maxConcurrency: 20 }),
      partitions: Partitions.ofObjectIds({ workers: 2, slices: 8 }),
      failurePolicy: FailurePolicy.failFast(),
      idempotencyScope: IdempotencyScope.ITEM,
      removalPolicy: RemovalPolicy.DESTROY,
    });

    const enrich = new StateMachine(this, 'Enrich', { definitionBody: DefinitionBody.fromChainable(new Pass(this, 'Nothing')) });
    new PagedBatchEtl(this, 'ByName', {
      source: PageSource.mongo({ connectionSecret, database: 'analytics', collection: 'people', sort: ['name', '_id'] }),
      parameters: { owner: RunParameter.objectId(), least: RunParameter.integer({ defaultValue: 0 }) },
      processor: ItemProcessor.stateMachine({ stateMachine: enrich, timeout: Duration.minutes(10) }),
      transport: PageTransport.inline(),
      partitions: Partitions.at({ boundaries: ['"g"', '"n"', '"t"'] }),
      ledger: RunLedger.none(),
      removalPolicy: RemovalPolicy.DESTROY,
    });

    const vpc = new Vpc(this, 'Vpc', { maxAzs: 2, natGateways: 1 });
    const cluster = new DatabaseCluster(this, 'Cluster', {
      vpc,
      masterUser: { username: 'reader' },
      instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.MEDIUM),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const nightly = new PagedBatchEtl(this, 'Nightly', {
      source: PageSource.documentDb({
        connectionSecret: cluster.secret!,
        vpc,
        database: 'analytics',
        collection: 'jobs',
        sort: ['runDate', '_id'],
        filter: MongoFilter.ejson('{ "runDate": { "$gte": "$$begin", "$lt": "$$end" } }'),
      }),
      parameters: { begin: RunParameter.date(), end: RunParameter.date() },
      processor: ItemProcessor.perBatch({ handler }),
      partitions: Partitions.none(),
      continuation: RunContinuation.selfRestart(),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    nightly.connections.allowToDefaultPort(cluster);
    nightly.addSchedule('AtFour', {
      schedule: ScheduleExpression.cron({ hour: '4', minute: '0', timeZone: TimeZone.EUROPE_BERLIN }),
      window: RunWindow.previousDay({ begin: 'begin', end: 'end', timeZone: 'Europe/Berlin' }),
    });

    const orders = new PagedBatchEtl(this, 'Orders', {
      source: PageSource.custom({ handler, timeout: Duration.minutes(2) }),
      parameters: { begin: RunParameter.date(), end: RunParameter.date() },
      processor: ItemProcessor.perBatch({ handler }),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    orders.addSchedule('EverySixHours', {
      schedule: ScheduleExpression.rate(Duration.hours(6)),
      window: RunWindow.lastHours({ begin: 'begin', end: 'end', hours: 6 }),
    });
  }
}

const app = new App();
new AnalystQueriesStack(app, 'AnalystQueries');
new CustomerQueriesStack(app, 'CustomerQueries');
new PartnerQueriesStack(app, 'PartnerQueries');
new RunsStack(app, 'Runs');

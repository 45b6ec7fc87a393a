import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { OAuthScope, ResourceServerScope, UserPool } from 'aws-cdk-lib/aws-cognito';
import { CfnEIP, NatProvider, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import {
  AsyncAthenaQueryApi, NamedQuery, QueryableData, QueryAnnouncement, QueryCompletion, QueryParameter, ResultFormat, SigningKeys, SubmitAccess,
  SubmittedQueries,
} from 'cdk-data-workflows';
import { Construct } from 'constructs';

/** An API for customers: their programs have no AWS credentials, run the queries that are named here, and nothing else. */
class CustomerQueriesStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    // Each customer's program has an app client of its own in this pool, which is its owner of queries.
    const customers = new UserPool(this, 'Customers', { removalPolicy: RemovalPolicy.DESTROY });
    const submit = new ResourceServerScope({ scopeName: 'submit', scopeDescription: 'Submit queries' });
    const server = customers.addResourceServer('Queries', { identifier: 'queries', scopes: [submit] });
    customers.addDomain('Domain', { cognitoDomain: { domainPrefix: `queries-${this.account}` } });
    customers.addClient('FirstCustomer', {
      generateSecret: true,
      oAuth: { flows: { clientCredentials: true }, scopes: [OAuthScope.resourceServer(server, submit)] },
    });

    // What watches over all queries, such as for bills, reads this queue.
    const ended = new Queue(this, 'Ended', { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, removalPolicy: RemovalPolicy.DESTROY });

    // Callbacks come from this one address, so that customers can let in nobody else. A NAT gateway costs by the hour.
    const address = new CfnEIP(this, 'CallbackAddress', { domain: 'vpc' });
    const natGatewayProvider = NatProvider.gateway({ eipAllocationIds: [address.attrAllocationId] });
    const vpc = new Vpc(this, 'Network', { maxAzs: 2, natGateways: 1, natGatewayProvider });

    const queries = new AsyncAthenaQueryApi(this, 'Queries', {
      database: 'sales_eu',
      databases: ['sales_eu', 'sales_us'],
      queryableData: ['sales_eu', 'sales_us'].map((database) => QueryableData.glueTables({
        database, tables: ['orders'], bucket: Bucket.fromBucketName(this, `Data-${database}`, database.replace('_', '-')), prefix: 'orders/',
      })),
      submittedQueries: SubmittedQueries.named({
        queries: {
          daily_sales: NamedQuery.of({
            sql: 'SELECT product, sum(amount) AS total FROM orders WHERE day = :day AND amount >= :least GROUP BY product',
            parameters: { day: QueryParameter.date(), least: QueryParameter.decimalNumber() },
          }),
          days: NamedQuery.of({ sql: 'SELECT DISTINCT day FROM orders' }),
        },
      }),
      // A program that computes with a large result asks for Parquet. The others get one CSV.
      resultFormats: [ResultFormat.csv(), ResultFormat.parquet()],
      submitAccess: SubmitAccess.cognito({ userPools: [customers], scopes: ['queries/submit'] }),
      // Receivers are not ours: with a public key they can check a callback, and cannot sign one.
      signingKeys: SigningKeys.ed25519(),
      deliveryNetwork: { vpc },
      announcements: [QueryAnnouncement.queue({ queue: ended })],
      // The fewest state transitions, for customers who can wait a minute longer.
      queryCompletion: QueryCompletion.managed(),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.exportValue(queries.queriesUrl, { name: 'CustomerQueriesUrl' });
    this.exportValue(address.attrPublicIp, { name: 'CustomerCallbackAddress' });
  }
}

const app = new App();
new CustomerQueriesStack(app, 'CustomerQueries');

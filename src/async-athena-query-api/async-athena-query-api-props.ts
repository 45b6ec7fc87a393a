import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { AccessLogs } from './access-logs/access-logs';
import { QueryAnnouncement } from './announcement/query-announcement';
import { ApiEndpoint } from './api-endpoint/api-endpoint';
import { CallbackPolicy } from './callback-policy/callback-policy';
import { DeliveryNetwork } from './delivery-network/delivery-network';
import { QueryCompletion } from './query-completion/query-completion';
import { QueryableData } from './queryable-data/queryable-data';
import { ResultFormat } from './result-format/result-format';
import { SigningKeys } from './signing-keys/signing-keys';
import { SubmitAccess } from './submit-access/submit-access';
import { SubmittedQueries } from './submitted-queries/submitted-queries';

/** Properties of `AsyncAthenaQueryApi`. */
export interface AsyncAthenaQueryApiProps {
  /**
   * What queries may read or write. More can be added with `addData`.
   *
   * @default - nothing: queries can use no table
   */
  readonly queryableData?: QueryableData[];

  /**
   * Database of table names that a query writes without one: without a catalog before it, and in lower case where the catalog is Athena's own.
   *
   * @default - Athena's own, `default`
   */
  readonly database?: string;

  /**
   * Databases that a request may choose from by `Database`, written as `database` is. Queries of requests that choose none have `database`.
   *
   * A database that is chosen has to be in `queryableData` too, for its tables to be read.
   *
   * @default - requests cannot choose
   */
  readonly databases?: string[];

  /**
   * What callers may submit.
   *
   * @default SubmittedQueries.anySql()
   */
  readonly submittedQueries?: SubmittedQueries;

  /**
   * Formats of results that a request may choose from by `ResultFormat`. The first one holds where it chooses none. All but CSV are files, none or many, which
   * Athena's UNLOAD writes: it takes SELECT statements whose columns have names, without a semicolon at the end.
   *
   * @default [ResultFormat.csv()] - requests cannot choose
   */
  readonly resultFormats?: ResultFormat[];

  /**
   * How old a result may be that Athena takes again for the same query, in whole minutes from 1 minute to 7 days, in place of a run. Athena does not look
   * whether data has changed since. Two callers that ask the same then share one result, and results in other formats than CSV are never taken again.
   *
   * @default - every query runs
   */
  readonly resultReuse?: Duration;

  /**
   * Data catalog of table names that a query writes without one. What lies behind another catalog than Athena's own, such as a connector
   * function, has to be granted to the construct too.
   *
   * @default - Athena's own, `AwsDataCatalog`
   */
  readonly catalog?: string;

  /**
   * How the workflow learns that a query is finished.
   *
   * @default QueryCompletion.adaptivePolling()
   */
  readonly queryCompletion?: QueryCompletion;

  /**
   * How long a query may take, time in the queue included, before it is stopped and its callback says so. Whole seconds, from 1 second to
   * 24 hours. It counts the waits between two polls, and the query is stopped at the first poll after it: the calls to Athena and the last
   * wait come on top. With `QueryCompletion.managed()` it is counted from the start, and the query is stopped at once. How long it may be at most depends on `queryCompletion` and is checked at synthesis; Athena has time-outs of its own.
   *
   * @default Duration.minutes(30)
   */
  readonly queryTimeout?: Duration;

  /**
   * How much data one query may scan before Athena cancels it, at least 10 MB. Athena still charges for what was scanned.
   * Not together with `workGroupName`.
   *
   * @default Size.gibibytes(100)
   */
  readonly bytesScannedCutoffPerQuery?: Size;

  /**
   * Who may submit queries.
   *
   * @default SubmitAccess.iam()
   */
  readonly submitAccess?: SubmitAccess;

  /**
   * Where the API is called: over the internet, or through VPC endpoints alone.
   *
   * @default ApiEndpoint.regional()
   */
  readonly endpoint?: ApiEndpoint;

  /**
   * Requests a second that are accepted on average, over all callers: a whole number from 1 to 10,000, the default quota of an
   * account. Source: API Gateway developer guide, "Quotas".
   *
   * @default 10
   */
  readonly throttlingRateLimit?: number;

  /**
   * Requests that are accepted at once, over all callers: a whole number from 1 to 5,000. By default, Athena takes at most 80 calls of
   * `StartQueryExecution` at once for an account and Region, as the burst capacity in the Amazon Athena user guide, "Per account API call
   * quotas", says.
   *
   * @default 20
   */
  readonly throttlingBurstLimit?: number;

  /**
   * Whether callers can look at their queries (`GET /queries/{QueryId}`), fetch a fresh link to a result (`GET /queries/{QueryId}/result`) and cancel a query
   * (`DELETE /queries/{QueryId}`). A function serves these routes; submitting takes none.
   *
   * @default true
   */
  readonly queryManagement?: boolean;

  /**
   * Roles and users of this account that may look at every query and fetch every result, such as those of operators; a query is cancelled by its owner only.
   * They are given the right to call the two `GET` routes, and no right to submit queries.
   *
   * @default - everybody sees their own queries only
   */
  readonly queryReaders?: IGrantable[];

  /**
   * Requests per second about single queries that are accepted on average, over all callers, for each of the three routes that `queryManagement` makes, and
   * for `GET /signing-keys`: a whole number from 1 to 10,000. More than that is answered 429 with `Retry-After`.
   *
   * Each request asks Step Functions, which answers 15 DescribeExecution and 20 GetExecutionHistory a second in the smaller Regions, for the whole account.
   * Source: Step Functions developer guide, "Service quotas".
   *
   * @default 5
   */
  readonly managementThrottlingRateLimit?: number;

  /**
   * Requests about single queries that are accepted at once, over all callers, for each of the three routes that `queryManagement` makes, and for
   * `GET /signing-keys`: a whole number from 1 to 5,000.
   *
   * @default 10
   */
  readonly managementThrottlingBurstLimit?: number;

  /**
   * Log group of the function that serves requests about single queries.
   *
   * @default - a new log group
   */
  readonly managementLogGroup?: ILogGroup;

  /**
   * Name of the stage, the first part of the path in `queriesUrl`: 1 to 128 letters, digits and underscores.
   *
   * A change of it makes a new stage and deletes the old one in the same deployment: callers that still use the old URL get 403 from then on, and
   * rights that `grantInvoke` did not give, a WAF association or a mapping of a custom domain have to be made for the new stage. Choose it once.
   *
   * @default 'prod'
   */
  readonly stageName?: string;

  /**
   * Where API Gateway writes a line for each request.
   *
   * @default AccessLogs.none()
   */
  readonly accessLogs?: AccessLogs;

  /**
   * Where the end of every query is announced, before its callback is delivered: up to 10 event buses, queues and topics. A request may then leave
   * `CallbackUrl` out. Each costs a state transition for every query, and three more for all of them together.
   *
   * One that cannot be reached delays callbacks by half a minute at most. It is tried again after the callback, and if that fails too, the execution fails with
   * the error of the service and can be redriven.
   *
   * @default - nowhere: every request names a callback URL
   */
  readonly announcements?: QueryAnnouncement[];

  /**
   * Who may be called back.
   *
   * @default CallbackPolicy.publicHosts()
   */
  readonly callbackPolicy?: CallbackPolicy;

  /**
   * Where in a VPC the delivery function is: for receivers inside your network, together with `privateAddresses` of `CallbackPolicy.hosts`, and for receivers that let
   * in only the address of your NAT gateway. `deliveryWindow` must then be 10 minutes or more.
   *
   * @default - in no VPC: receivers are reached over the internet, from addresses of Lambda
   */
  readonly deliveryNetwork?: DeliveryNetwork;

  /**
   * How long a receiver may take to answer one callback, in whole seconds from 1 to 30 seconds. Standard Webhooks asks for 15 to 30 seconds.
   *
   * Where its name has several addresses, they are tried one after the other, and each may take an equal share of it to connect.
   *
   * @default Duration.seconds(15)
   */
  readonly callbackTimeout?: Duration;

  /**
   * How long a delivery is retried at least while the receiver is down, in whole seconds from 1 minute to 3 days. It can be retried for two to
   * five times that, since delays are drawn at random.
   *
   * @default Duration.hours(4)
   */
  readonly deliveryWindow?: Duration;

  /**
   * How long a link to a result works, in whole seconds from 1 minute to 1 hour, which is the longest a role session of this kind can be. Source: IAM user
   * guide, on role chaining.
   *
   * @default Duration.hours(1)
   */
  readonly linkExpiry?: Duration;

  /**
   * With what callbacks are signed.
   *
   * @default SigningKeys.sharedSecret()
   */
  readonly signingKeys?: SigningKeys;

  /**
   * Secret that signs callbacks, as Standard Webhooks asks: base64 text of 24 to 64 bytes, with or without `whsec_` before it. With `SigningKeys.ed25519()`,
   * the seed of the key: 64 hexadecimal digits, or `whsk_` and base64 text of its 32 bytes, with or without those of the public key after them.
   *
   * @default - a new secret with a generated value
   */
  readonly signingSecret?: ISecret;

  /**
   * Bucket for results, with a prefix that no other construct uses. It should refuse requests without TLS and let objects under the prefix
   * expire no sooner than 15 days, or later where `queryTimeout` and `deliveryWindow` are long.
   *
   * @default - a new bucket: encrypted, TLS only, no public access, with expiry
   */
  readonly resultBucket?: IBucket;

  /**
   * Prefix of results in the bucket, ending in a slash and not starting with one. If you change it, name the old one in `formerResultPrefixes`.
   *
   * @default 'results/'
   */
  readonly resultPrefix?: string;

  /**
   * Prefixes that `resultPrefix` had before. Executions that were started with them, and run or can still be redriven, go on as they began: their
   * queries may write there, and their callbacks get links to results there. One can be left out when nothing under it is waited for any more: 14 days
   * after the last delivery could have failed. Up to five.
   *
   * @default - there was no other
   */
  readonly formerResultPrefixes?: string[];

  /**
   * Customer key that results are encrypted with. An imported bucket does not tell its key, so name it here.
   *
   * @default - the key of `resultBucket` where it is known, else keys managed by S3
   */
  readonly resultEncryptionKey?: IKey;

  /**
   * How long results are kept in the bucket made here, in whole days, at least 15: a failed delivery can be redriven for 14 days. Long
   * `queryTimeout` and `deliveryWindow` take more. Not together with `resultBucket`.
   *
   * @default Duration.days(30)
   */
  readonly resultRetention?: Duration;

  /**
   * Name of an existing Athena workgroup. Its configuration must be enforced and its output location must be `resultPrefix` in `resultBucket`,
   * which must be given too.
   *
   * @default - a new workgroup
   */
  readonly workGroupName?: string;

  /**
   * Queue for dead letters: a message for every execution that ended without a delivered callback, on EventBridge's best effort. A standard
   * queue; an imported one must allow `events.amazonaws.com` to send.
   *
   * @default - a new queue, encrypted with keys managed by SQS, kept for 14 days
   */
  readonly deadLetterQueue?: IQueue;

  /**
   * Log group of the workflow, which logs executions that fail, without data and without errors of Athena, because those can quote the SQL.
   *
   * @default - a new log group
   */
  readonly workflowLogGroup?: ILogGroup;

  /**
   * Log group of the delivery function.
   *
   * @default - a new log group
   */
  readonly deliveryLogGroup?: ILogGroup;

  /**
   * How long the log groups made here keep their lines.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;

  /**
   * Customer key that encrypts the workflow, its executions with SQL and callback URLs, and the log groups made here: a symmetric one of this
   * Region. Dead letters then do not name the error. For results there is `resultEncryptionKey`.
   *
   * The policy of a key of the same app is completed. That of an imported key must allow what a warning names. Whoever reads executions needs
   * `kms:Decrypt` too; to start, stop or redrive them takes no right to the key. When you replace a key, let the workflow use the old one as long as
   * executions of before run or can be redriven: `oldKey.grantEncryptDecrypt(queries.workflow)`.
   *
   * @default - keys of AWS
   */
  readonly encryptionKey?: IKey;

  /**
   * Whether requests, executions and the delivery function are traced with AWS X-Ray, which charges for every trace.
   *
   * @default false
   */
  readonly tracing?: boolean;

  /**
   * Runtime of the delivery function: the way out when Lambda retires a runtime before you can upgrade this library. Node.js 22 or newer.
   *
   * @default - Node.js 24 where the CDK of the app knows it, else Node.js 22
   */
  readonly deliveryRuntime?: Runtime;

  /**
   * Memory of the delivery function in MiB: a whole number from 128 to 10,240. Lambda gives processor time in proportion, and the
   * function needs it only while it loads the AWS SDK: 256 is enough memory for every callback, and loads in half the time of 128. More makes the
   * first callback after a pause faster.
   *
   * @default 256
   */
  readonly deliveryMemorySize?: number;

  /**
   * Concurrency that is reserved for the delivery function: no more callbacks are under way at once, whatever the number of queries that end, and no
   * other function of the account can use it up. A whole number from 1 to 10,000. The account must keep 100 unreserved, or the deployment fails.
   *
   * A callback that finds none free is retried like every other (`Lambda.TooManyRequestsException`), within `deliveryWindow`. The metrics of queries
   * miss those whose first attempt this was.
   *
   * @default - none is reserved: the function shares the concurrency of the account
   */
  readonly deliveryReservedConcurrency?: number;

  /**
   * What becomes of results, secret, workgroup, dead letters, logs and the workflow when the construct is removed. With `DESTROY` the bucket must be
   * emptied first; with `RETAIN` the workgroup keeps its name, so delete it by hand before the same stack is deployed again.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Alarm, Dashboard, Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { Connections, IConnectable } from 'aws-cdk-lib/aws-ec2';
import { Grant, IGrantable, IPrincipal, IRole } from 'aws-cdk-lib/aws-iam';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { AccessLogs } from './access-logs/access-logs';
import { Api } from './api/api';
import { ApiEndpoint } from './api-endpoint/api-endpoint';
import { AsyncAthenaQueryApiProps } from './async-athena-query-api-props';
import { CallbackPolicy } from './callback-policy/callback-policy';
import { DeliveryMetric, DeliveryMetricName } from './contracts/delivery-metric';
import { QueryDashboardOptions } from './dashboard/dashboard-options';
import { createQueryDashboard } from './dashboard/query-dashboard';
import { DEFAULTS } from './defaults';
import { CallbackDelivery } from './delivery/callback-delivery';
import { DeadLetters } from './delivery/dead-letters';
import { QueryManagement } from './management/query-management';
import { letReadersCall } from './management/query-readers';
import { checkProps } from './props-check';
import { QueryCompletion } from './query-completion/query-completion';
import { QueryableData } from './queryable-data/queryable-data';
import { formatChoice } from './result-format/format-choice';
import { ResultStore } from './results/result-store';
import { KeyPublication } from './signing-keys/key-publication';
import { SigningKeys } from './signing-keys/signing-keys';
import { SubmitAccess } from './submit-access/submit-access';
import { SubmittedQueries } from './submitted-queries/submitted-queries';
import { Workflow } from './workflow';
import { letLogsUse } from '../private/synth/customer-key';
import { createFailureAlarm, FAILURES } from '../private/synth/failure-alarm';
import { connectionsOf } from '../private/synth/function-network';
import { defaultRuntime } from '../private/synth/node-runtime';
import { operationsPage } from '../private/synth/operations-page';
import { choice, principal } from '../private/synth/option-kinds';
import { retained } from '../private/synth/retained';
import { located } from '../private/synth/validation';

/**
 * An HTTP API that takes SQL and a callback URL, runs the SQL in Amazon Athena, and sends a signed callback with a link to the result.
 *
 * Nobody polls, no Lambda waits, and results may have any number of rows. Every accepted request ends in a delivered callback, or in a
 * failed execution that raises the alarm and can be redriven.
 *
 * @example
 * declare const sales: s3.IBucket;
 *
 * const queries = new AsyncAthenaQueryApi(this, 'Queries', {
 *   queryableData: [QueryableData.glueTables({ database: 'sales', bucket: sales })],
 * });
 */
export class AsyncAthenaQueryApi extends Construct implements IGrantable, IConnectable {
  /** The role that queries run with. What is granted to it, anyone who may submit SQL can use through Athena; with named queries, those queries can. */
  public readonly grantPrincipal: IPrincipal;

  /** The REST API. */
  public readonly restApi: RestApi;

  /** URL to POST queries to. */
  public readonly queriesUrl: string;

  /**
   * The API as an OpenAPI 3.1 document, in JSON: every route with its parameters, answers and error codes, how callers show who they are, and the callback.
   *
   * It is made at synthesis from what checks requests, and nothing is deployed by it. The address of the server in it is a token, as are databases that are
   * tokens: properties of resources resolve it, such as the source of a `BucketDeployment`. To write a file at synthesis, parse it and put an address of your
   * own into `servers`.
   */
  public readonly openApi: string;

  /** The workflow: one execution for each accepted request. */
  public readonly workflow: IStateMachine;

  /** The role that queries run with. */
  public readonly queryRole: IRole;

  /** Log group of the workflow. */
  public readonly workflowLogGroup: ILogGroup;

  /** The function that signs and sends callbacks. */
  public readonly deliveryFunction: IFunction;

  /** Log group of the delivery function. */
  public readonly deliveryLogGroup: ILogGroup;

  /** The function that says how a query stands, makes fresh links and cancels; undefined with `queryManagement: false`. */
  public readonly managementFunction?: IFunction;

  /** Log group of the management function; undefined with `queryManagement: false`. */
  public readonly managementLogGroup?: ILogGroup;

  /** The role that links are signed with: it can read results and nothing else. */
  public readonly linkRole: IRole;

  /**
   * The secret that signs callbacks. Receivers need its value, with `whsec_` before it unless it begins with that. With `SigningKeys.ed25519()` it is the seed
   * of the key, which nobody else needs.
   */
  public readonly signingSecret: ISecret;

  /** URL to GET the public keys from; undefined without `SigningKeys.ed25519()`. */
  public readonly signingKeysUrl?: string;

  /** The function that tells the public keys; undefined without `SigningKeys.ed25519()`. */
  public readonly signingKeysFunction?: IFunction;

  /** Log group of the function that tells the public keys; undefined without `SigningKeys.ed25519()`. */
  public readonly signingKeysLogGroup?: ILogGroup;

  /** The bucket with the results. */
  public readonly resultBucket: IBucket;

  /** Prefix of results in the bucket. */
  public readonly resultPrefix: string;

  /** Name of the Athena workgroup that queries run in. */
  public readonly workGroupName: string;

  /** Queue with a message for every execution that ended without a delivered callback, as far as EventBridge delivers: best effort. */
  public readonly deadLetterQueue: IQueue;

  /** Alarm on executions that ended without a delivered callback. It has no action until you add one. */
  public readonly failureAlarm: Alarm;

  /**
   * Alarm on queries that could not be started: their callers are told `FAILED`, and no execution fails. It has no action until you add one. Its
   * description has the address of the page that says what to do.
   *
   * One such query in 5 minutes sets it off, also if its caller is at fault: Athena does not start SQL that it cannot parse.
   */
  public readonly notStartedAlarm: Alarm;

  private readonly submitAccess: SubmitAccess;
  private readonly methodArns: string[];
  private readonly workflowName: string;

  constructor(scope: Construct, id: string, props: AsyncAthenaQueryApiProps = {}) {
    super(scope, id);
    located(this, () => checkProps(props));
    const removalPolicy = retained(props.removalPolicy);
    const logRetention = props.logRetention ?? RetentionDays.ONE_MONTH;
    const { encryptionKey, tracing } = props;
    const common = { logRetention, removalPolicy, encryptionKey, tracing };
    if (encryptionKey !== undefined) located(this, () => letLogsUse(this, encryptionKey));
    const callbackPolicy = props.callbackPolicy ?? CallbackPolicy.publicHosts();
    const { _binding: submittedQueries } = props.submittedQueries ?? SubmittedQueries.anySql();
    const announcements = props.announcements ?? [];
    const callbackTimeout = props.callbackTimeout ?? DEFAULTS.callbackTimeout;
    const deliveryWindow = props.deliveryWindow ?? DEFAULTS.deliveryWindow;
    this.submitAccess = props.submitAccess ?? SubmitAccess.iam();
    this.resultPrefix = props.resultPrefix ?? DEFAULTS.resultPrefix;

    const results = located(this, () => new ResultStore(this, {
      resultBucket: props.resultBucket,
      resultPrefix: this.resultPrefix,
      formerResultPrefixes: props.formerResultPrefixes ?? [],
      resultEncryptionKey: props.resultEncryptionKey,
      resultRetention: props.resultRetention ?? DEFAULTS.resultRetention,
      workGroupName: props.workGroupName,
      bytesScannedCutoffPerQuery: props.bytesScannedCutoffPerQuery ?? DEFAULTS.bytesScannedCutoffPerQuery,
      removalPolicy,
    }));
    this.resultBucket = results.bucket;
    this.workGroupName = results.workGroupName;
    const formats = formatChoice((props.resultFormats ?? []).map(({ _binding }) => _binding), results.location);

    const signingKeys = (props.signingKeys ?? SigningKeys.sharedSecret())._binding;
    const delivery = located(this, () => new CallbackDelivery(this, {
      results,
      callbackPolicy: callbackPolicy._binding,
      callbackTimeout,
      linkExpiry: props.linkExpiry ?? DEFAULTS.linkExpiry,
      signingKeys,
      signingSecret: props.signingSecret,
      deliveryNetwork: props.deliveryNetwork,
      deliveryRuntime: props.deliveryRuntime,
      deliveryMemorySize: props.deliveryMemorySize ?? DEFAULTS.deliveryMemorySize,
      deliveryReservedConcurrency: props.deliveryReservedConcurrency,
      deliveryLogGroup: props.deliveryLogGroup,
      ...common,
    }));
    this.deliveryFunction = delivery.deliveryFunction;
    this.deliveryLogGroup = delivery.logGroup;
    this.signingSecret = delivery.signingSecret;
    this.linkRole = delivery.links.role;

    const workflow = located(this, () => new Workflow(this, {
      results,
      queryCompletion: (props.queryCompletion ?? QueryCompletion.adaptivePolling())._binding,
      queryTimeout: props.queryTimeout ?? DEFAULTS.queryTimeout,
      database: props.database,
      catalog: props.catalog,
      databases: props.databases,
      choosesFormat: formats !== undefined,
      resultReuse: props.resultReuse,
      withParameters: submittedQueries.withParameters,
      deliveryFunction: delivery.deliveryFunction,
      deliveryTimeout: delivery.timeout,
      deliveryWindow,
      announcements: announcements.map(({ _binding }) => _binding),
      workflowLogGroup: props.workflowLogGroup,
      ...common,
    }));
    this.workflow = workflow.stateMachine;
    this.workflowName = workflow.stateMachine.stateMachineName;
    this.workflowLogGroup = workflow.logGroup;
    this.queryRole = workflow.role;
    this.grantPrincipal = workflow.role;
    for (const data of props.queryableData ?? []) this.addData(data);

    const deadLetters = located(this, () => new DeadLetters(this, {
      workflow: workflow.stateMachine,
      deadLetterQueue: props.deadLetterQueue,
      removalPolicy,
      announced: announcements.length > 0,
      encrypted: encryptionKey !== undefined,
    }));
    this.deadLetterQueue = deadLetters.queue;
    this.failureAlarm = deadLetters.alarm;
    this.notStartedAlarm = createFailureAlarm(this, 'NotStartedAlarm', {
      description: `Queries that could not be started, such as for one mistake in the SQL of a caller. What to do: ${operationsPage('async-athena-query-api', 'queries-cannot-be-started')}`,
      metric: this.metricNotStartedQueries(FAILURES),
    });

    const management = props.queryManagement === false ? undefined : located(this, () => new QueryManagement(this, {
      workflow: workflow.stateMachine,
      results,
      links: delivery.links,
      queryReaders: props.queryReaders ?? [],
      longestStart: workflow.longestStart,
      runtime: props.deliveryRuntime ?? defaultRuntime(),
      logGroup: props.managementLogGroup,
      ...common,
    }));
    this.managementFunction = management?.managementFunction;
    this.managementLogGroup = management?.logGroup;

    const publication = signingKeys.publication && new KeyPublication(this, {
      signingSecret: this.signingSecret,
      runtime: props.deliveryRuntime ?? defaultRuntime(),
      logGroup: signingKeys.publication.logGroup,
      ...common,
    });
    this.signingKeysFunction = publication?.keysFunction;
    this.signingKeysLogGroup = publication?.logGroup;

    const managementThrottles = {
      throttlingRateLimit: props.managementThrottlingRateLimit ?? DEFAULTS.managementThrottlingRateLimit,
      throttlingBurstLimit: props.managementThrottlingBurstLimit ?? DEFAULTS.managementThrottlingBurstLimit,
    };
    const api = located(this, () => new Api(this, {
      workflow: this.workflow,
      submitAccess: this.submitAccess._binding,
      endpoint: (props.endpoint ?? ApiEndpoint.regional())._binding,
      callbackPolicy: callbackPolicy._binding,
      submittedQueries,
      databaseChoice: props.databases && { databases: props.databases, defaultDatabase: props.database ?? 'default' },
      formatChoice: formats,
      callbackOptional: announcements.length > 0,
      callback: { signingKeys, callbackTimeout, deliveryWindow },
      accessLogs: (props.accessLogs ?? AccessLogs.none())._binding,
      logGroupProps: { retention: logRetention, removalPolicy, encryptionKey },
      stageName: props.stageName ?? DEFAULTS.stageName,
      throttlingRateLimit: props.throttlingRateLimit ?? DEFAULTS.throttlingRateLimit,
      throttlingBurstLimit: props.throttlingBurstLimit ?? DEFAULTS.throttlingBurstLimit,
      management: management && { managementFunction: management.managementFunction, ...managementThrottles },
      signingKeys: publication && { keysFunction: publication.keysFunction, ...managementThrottles },
      tracing,
    }));
    this.restApi = api.restApi;
    this.openApi = api.openApi;
    this.queriesUrl = api.restApi.urlForPath('/queries');
    this.signingKeysUrl = api.signingKeys && api.restApi.urlForPath('/signing-keys');
    this.methodArns = [api.submit, ...Object.values(api.manage), api.signingKeys].flatMap((method) => method?.methodArn ?? []);
    const reading = [api.manage.GetQuery, api.manage.GetQueryResult].flatMap((method) => method?.methodArn ?? []);
    letReadersCall(this, props.queryReaders ?? [], reading);
  }

  /**
   * Network connections of the delivery function, which needs a `deliveryNetwork` for them. Rules for a receiver of another stack are made from this side, as in
   * `queries.connections.allowToDefaultPort(receiver)`: from the other side, the two stacks would depend on each other, which CloudFormation refuses.
   */
  public get connections(): Connections {
    return located(this, () => connectionsOf(this.deliveryFunction, 'deliveryNetwork', 'name the VPC that receivers are reached from: deliveryNetwork: { vpc }'));
  }

  /** Lets queries read or write more data. */
  public addData(data: QueryableData): void {
    const statements = located(this, () => {
      choice(QueryableData).check('what addData adds', data);
      return data._binding.statements(this);
    });
    for (const statement of statements) this.grantPrincipal.addToPrincipalPolicy(statement);
  }

  /**
   * Grants the right to submit queries, to look at them, fetch their results and cancel them, and to get the public keys, to a principal of this
   * account: callers in others assume a role of this one, or come in by `accounts` of `SubmitAccess.iam`. Everybody sees their own queries only.
   *
   * With `SubmittedQueries.anySql()`, whoever has it can use all that the query role may do through Athena. With `SubmittedQueries.named` they can run the
   * named queries, and nothing else.
   */
  public grantInvoke(grantee: IGrantable): Grant {
    return located(this, () => {
      principal.check('the grantee of grantInvoke', grantee);
      return this.submitAccess._binding.grantInvoke(this, grantee, this.methodArns);
    });
  }

  /**
   * Makes a dashboard: the alarms, requests, queries by state, what they scan and how long they take, deliveries that fail, dead letters. It can be
   * called once. AWS charges for a dashboard, so there is none until you call it.
   *
   * @returns the dashboard, to which you can add widgets
   */
  public addDashboard(options: QueryDashboardOptions = {}): Dashboard {
    return located(this, () => createQueryDashboard(this, options, this));
  }

  /** Requests to the API, refused ones included; by default their number over 5 minutes. */
  public metricRequests(options?: MetricOptions): Metric {
    return this.restApi.metricCount(options);
  }

  /** Requests refused for what the caller did; by default the sum over 5 minutes. */
  public metricClientErrors(options?: MetricOptions): Metric {
    return this.restApi.metricClientError(options);
  }

  /** Requests that failed on our side; by default the sum over 5 minutes. */
  public metricServerErrors(options?: MetricOptions): Metric {
    return this.restApi.metricServerError(options);
  }

  /** Requests accepted, each with a workflow execution of its own; by default the sum over 5 minutes. */
  public metricAccepted(options?: MetricOptions): Metric {
    return this.workflow.metricStarted(options);
  }

  /** Callbacks delivered, those of failed queries included; by default the sum over 5 minutes. */
  public metricDelivered(options?: MetricOptions): Metric {
    return this.workflow.metricSucceeded(options);
  }

  /** Executions that failed: the callback was not delivered. By default the sum over 5 minutes. */
  public metricFailed(options?: MetricOptions): Metric {
    return this.workflow.metricFailed(options);
  }

  /** Time from acceptance to delivery in milliseconds; by default the average over 5 minutes. */
  public metricTime(options?: MetricOptions): Metric {
    return this.workflow.metricTime(options);
  }

  /** Dead letters waiting in the queue; by default the maximum over 5 minutes. */
  public metricDeadLetters(options?: MetricOptions): Metric {
    return this.deadLetterQueue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', ...options });
  }

  /** Queries that succeeded, counted with the first attempt to deliver each; by default the sum over 5 minutes. The average is their share. */
  public metricSucceededQueries(options?: MetricOptions): Metric {
    return this.deliveryMetric(DeliveryMetric.SUCCEEDED_QUERIES, { statistic: 'Sum', ...options });
  }

  /** Queries that were started and failed, counted with the first attempt to deliver each; by default the sum over 5 minutes. */
  public metricFailedQueries(options?: MetricOptions): Metric {
    return this.deliveryMetric(DeliveryMetric.FAILED_QUERIES, { statistic: 'Sum', ...options });
  }

  /**
   * Queries that were cancelled, those that took longer than `queryTimeout` included, counted with the first attempt to deliver each; by default the sum
   * over 5 minutes.
   */
  public metricCancelledQueries(options?: MetricOptions): Metric {
    return this.deliveryMetric(DeliveryMetric.CANCELLED_QUERIES, { statistic: 'Sum', ...options });
  }

  /**
   * Queries that could not be started, counted with every attempt to deliver the callback that says so: rather twice than never. By default the sum
   * over 5 minutes.
   */
  public metricNotStartedQueries(options?: MetricOptions): Metric {
    return this.deliveryMetric(DeliveryMetric.NOT_STARTED_QUERIES, { statistic: 'Sum', ...options });
  }

  /** Data that Athena scanned for queries, in bytes, told with the first attempt to deliver each; by default the sum over 5 minutes. */
  public metricDataScanned(options?: MetricOptions): Metric {
    return this.deliveryMetric(DeliveryMetric.DATA_SCANNED, { statistic: 'Sum', ...options });
  }

  /**
   * Time that Athena took to execute a query, without the queue, in milliseconds, told with the first attempt to deliver each; by default the average
   * over 5 minutes.
   */
  public metricEngineExecutionTime(options?: MetricOptions): Metric {
    return this.deliveryMetric(DeliveryMetric.ENGINE_EXECUTION_TIME, { statistic: 'Average', ...options });
  }

  /** Attempts to deliver a callback that reached the delivery function, those that failed included; by default the sum over 5 minutes. */
  public metricDeliveryAttempts(options?: MetricOptions): Metric {
    return this.deliveryMetric(DeliveryMetric.DELIVERY_ATTEMPTS, { statistic: 'Sum', ...options });
  }

  private deliveryMetric(metricName: DeliveryMetricName, options: MetricOptions): Metric {
    return new Metric({
      namespace: DeliveryMetric.NAMESPACE, metricName, dimensionsMap: { [DeliveryMetric.DIMENSION]: this.workflowName }, ...options,
    }).attachTo(this);
  }
}

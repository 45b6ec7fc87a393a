import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiGateway } from './apigateway/api-gateway';
import { IntegrationAnswer, IntegrationRequest } from './apigateway/integration';
import { apiGatewayResources } from './apigateway/resources';
import { AthenaService } from './athena/athena-service';
import { athenaResources } from './athena/resources';
import { athenaWire } from './athena/wire';
import { AwsEnvironment, CallContext, Caller } from './aws/service';
import { VirtualClock } from './clock';
import { Alarms } from './cloudwatch/alarms';
import { readEmbeddedMetrics } from './cloudwatch/embedded-metrics';
import { MetricStore } from './cloudwatch/metric-store';
import { cloudWatchResources } from './cloudwatch/resources';
import { ec2Resources } from './ec2/resources';
import { asError } from './errors';
import { DeliverToTarget, EventBus } from './events/event-bus';
import { EventsService } from './events/events-service';
import { eventsResources } from './events/resources';
import { eventsWire } from './events/wire';
import { GlueCatalog } from './glue/catalog';
import { glueResources } from './glue/resources';
import { authenticate } from './http/authenticate';
import { Certificates, createCertificates } from './http/certificates';
import { FrontDoor } from './http/front-door';
import { WireService } from './http/http-service';
import { callJson } from './http/json-protocol';
import { ReceivedRequest } from './http/received-request';
import { Authorizer, createAuthorizer } from './iam/authorize';
import { iamResources } from './iam/resources';
import { Roles } from './iam/roles';
import { Users } from './iam/users';
import { LambdaHttpService } from './lambda/http';
import { LambdaService } from './lambda/lambda-service';
import { lambdaResources } from './lambda/resources';
import { functionLogs } from './logs/function-logs';
import { LogLine, LogStore } from './logs/log-store';
import { logsResources } from './logs/resources';
import { LocalHost } from './network/local-network';
import { onExit } from './on-exit';
import { S3HttpService } from './s3/http';
import { s3Resources } from './s3/resources';
import { S3Service } from './s3/s3-service';
import { S3Store } from './s3/store';
import { schedulerResources } from './scheduler/resources';
import { Scheduler } from './scheduler/scheduler';
import { secretsManagerResources } from './secretsmanager/resources';
import { SecretsManager } from './secretsmanager/secrets-manager';
import { secretsManagerWire } from './secretsmanager/wire';
import { sqsResources } from './sqs/resources';
import { Sqs } from './sqs/sqs';
import { sqsWire } from './sqs/wire';
import { executionMetric } from './stepfunctions/api/execution-metrics';
import { StatusChangeEvent } from './stepfunctions/api/status-change';
import { INTERNAL_ERROR } from './stepfunctions/interpreter/failure';
import { stepFunctionsResources } from './stepfunctions/resources';
import { ObservedEvent, StepFunctionsService } from './stepfunctions/service';
import { stepFunctionsWire } from './stepfunctions/wire';
import { CredentialStore } from './sts/credentials';
import { ServiceSessions } from './sts/service-sessions';
import { Sts } from './sts/sts';
import { stsWire } from './sts/wire';
import { loadStack } from './template/assembly';
import { ResourceProviders } from './template/resource';
import { CreatedStack, createResources } from './template/stack';

export interface LocalCloudOptions {
  /** Default: account 111122223333 in us-east-1. */
  readonly environment?: AwsEnvironment;
  /** Epoch milliseconds at which virtual time begins; default: now. */
  readonly startTime?: number;
  /** Host names that the certificates are good for, besides loopback. */
  readonly hosts?: readonly string[];
  /** Virtual milliseconds for each real one while Athena runs a query; default 1. */
  readonly enginePace?: number;
  /** From 0 (inclusive) to 1 (exclusive), for the jitter of retries and flexible time windows; default `Math.random`. */
  readonly random?: () => number;
}

/** A template and its assets in, running services out. It knows no construct: any template of known resource types runs. */
export class LocalCloud {
  static async start(options: LocalCloudOptions = {}): Promise<LocalCloud> {
    const certificates = await createCertificates({ hosts: ['127.0.0.1', 'localhost', ...options.hosts ?? []] });
    const cloud = new LocalCloud(options, certificates);
    cloud.frontDoor = await cloud.openFrontDoor();
    return cloud;
  }

  readonly environment: AwsEnvironment;
  readonly clock: VirtualClock;
  readonly roles: Roles;
  readonly users: Users;
  readonly authorizer: Authorizer;
  readonly credentials: CredentialStore;
  readonly s3: S3Service;
  readonly athena: AthenaService;
  readonly secretsManager: SecretsManager;
  readonly sqs: Sqs;
  readonly logs: LogStore;
  readonly metrics = new MetricStore();
  readonly alarms: Alarms;
  readonly events: EventBus;
  readonly scheduler: Scheduler;
  readonly lambda: LambdaService;
  readonly stepFunctions: StepFunctionsService;
  readonly apiGateway: ApiGateway;
  /** Faults of the local cloud itself, such as an operation it does not implement. A run that has any proves nothing. */
  readonly faults: Error[] = [];
  /** What a stack does in vain and AWS passes over in silence: log lines that a role may not write, malformed embedded metrics. */
  readonly warnings: string[] = [];

  private readonly inertResources: string[] = [];
  private readonly observers = new Set<(observed: ObservedEvent) => void>();
  private readonly catalog: GlueCatalog;
  private readonly sessions: ServiceSessions;
  private readonly wires: readonly WireService[];
  private readonly hosts: Record<string, LocalHost> = {};
  private readonly exports = new Map<string, string>();
  private readonly apiUrls = new Map<string, string>();
  private readonly folder = mkdtempSync(join(tmpdir(), 'local-cloud-'));
  private readonly forgetExit = onExit(() => this.removeFolders());
  private frontDoor?: FrontDoor;

  private constructor(options: LocalCloudOptions, readonly certificates: Certificates) {
    const environment = options.environment ?? { accountId: '111122223333', region: 'us-east-1', partition: 'aws', urlSuffix: 'amazonaws.com' };
    const clock = new VirtualClock(options.startTime);
    const roles = new Roles(environment);
    const users = new Users(environment);
    const authorizer = createAuthorizer({ environment, clock, roles, users });
    const { authorize } = authorizer;
    const common = { environment, clock, authorize };
    this.environment = environment;
    this.clock = clock;
    this.roles = roles;
    this.users = users;
    this.authorizer = authorizer;
    this.credentials = new CredentialStore(environment, clock);
    this.sessions = new ServiceSessions({ environment, roles, credentials: this.credentials, authorize });
    this.s3 = new S3Service(new S3Store(clock), authorize);
    this.catalog = new GlueCatalog(environment, authorize);
    const onFault = (fault: Error) => void this.faults.push(fault);
    this.athena = new AthenaService({ ...common, onFault, s3: this.s3, catalog: this.catalog, enginePace: options.enginePace });
    this.secretsManager = new SecretsManager(common);
    this.sqs = new Sqs(common);
    this.logs = new LogStore((group, line) => this.extractMetrics(group, line));
    this.alarms = new Alarms(this.metrics, clock);
    const targets: Readonly<Record<string, DeliverToTarget>> = {
      sqs: async (arn, input, context, attributes) => void await this.sqs.deliver(arn, input, context, { attributes }),
      lambda: async (arn, input, context) => this.lambda.invokeAsynchronously(arn, input, context),
      states: async (stateMachineArn, input, context) => void await this.stepFunctions.call('StartExecution', { stateMachineArn, input }, context),
    };
    this.events = new EventBus({
      accountId: environment.accountId,
      clock,
      targets,
      assumeRole: (roleArn, service, sessionName) => this.sessions.caller(roleArn, service, sessionName),
    });
    this.scheduler = new Scheduler({
      environment,
      clock,
      onFault,
      random: options.random,
      targets,
      assumeRole: (roleArn, service, sessionName, source) => this.sessions.caller(roleArn, service, sessionName, source),
    });
    const eventsService = new EventsService({ ...common, bus: this.events, onFault });
    const assumeFunctionRole = async (roleArn: string, name: string): Promise<Caller> => this.sessions.caller(roleArn, 'lambda.amazonaws.com', name);
    this.lambda = new LambdaService({
      ...common,
      onFault,
      assumeRole: assumeFunctionRole,
      sendToQueue: targets.sqs,
      credentialsFor: (roleArn, functionName) => this.sessions.credentialsFor(roleArn, 'lambda.amazonaws.com', functionName),
      extraEnvironment: () => ({ AWS_ENDPOINT_URL: this.endpoint, NODE_EXTRA_CA_CERTS: this.caFile }),
      network: () => this.hosts,
      loopbackPorts: () => (this.frontDoor === undefined ? [] : [this.frontDoor.port]),
      openLog: functionLogs({ ...common, store: this.logs, assumeRole: assumeFunctionRole, warn: (warning) => this.warnings.push(warning) }),
    });
    this.stepFunctions = new StepFunctionsService({
      ...common,
      targets: { services: [this.athena, this.sqs, eventsService], lambda: this.lambda },
      onEvent: (event) => this.statusChanged(event),
      observe: (observed) => this.seen(observed),
      assumeRole: (roleArn, name) => this.sessions.caller(roleArn, 'states.amazonaws.com', name),
      logGroupExists: (arn) => this.logs.has(arn),
      random: options.random,
    });
    this.apiGateway = new ApiGateway({
      ...common,
      onFault,
      authenticate: (request) => this.authenticateApiCaller(request),
      integrate: (request) => this.integrate(request),
      writeAccessLog: (arn, message) => this.logs.writeTo(arn, { stream: 'access', timestamp: clock.now(), message }),
    });
    const sts = new Sts({ environment, roles, credentials: this.credentials, authorize });
    this.wires = [
      stsWire(sts), secretsManagerWire(this.secretsManager), sqsWire(this.sqs), athenaWire(this.athena), stepFunctionsWire(this.stepFunctions),
      eventsWire(eventsService),
    ];
    writeFileSync(this.caFile, certificates.caPem);
  }

  /** What was accepted and has no effect here: network resources, `LogicalId (Type)`, and settings of functions, `LogicalId.Property`. */
  get notModelled(): readonly string[] {
    return [...this.inertResources, ...this.lambda.notModelled];
  }

  /** Where the AWS SDK reaches every service. */
  get endpoint(): string {
    if (this.frontDoor === undefined) throw new Error('The local cloud is not running');
    return `https://127.0.0.1:${this.frontDoor.port}`;
  }

  /** File with the certificate authority to trust. */
  get caFile(): string {
    return join(this.folder, 'ca.pem');
  }

  /** Makes the stack that `cdk synth` wrote to the folder, and serves its APIs. */
  async deploy(assemblyFolder: string, stackName?: string): Promise<CreatedStack> {
    const stack = await createResources(loadStack(assemblyFolder, stackName), this.providers(), this.environment, { exports: this.exports });
    const tls = { key: this.certificates.keyPem, cert: this.certificates.certPem };
    for (const id of this.apiGateway.apiIds().filter((api) => !this.apiUrls.has(api))) {
      this.apiUrls.set(id, (await this.apiGateway.serve(id, { tls })).url);
    }
    return stack;
  }

  /** The address on this machine of what AWS would serve at this execute-api URL. */
  localUrl(url: string): string {
    const { hostname, pathname } = new URL(url);
    const local = this.apiUrls.get(hostname.split('.')[0]);
    if (local === undefined) throw new Error(`No API of the local cloud is served at ${url}`);
    return local + pathname;
  }

  /** Puts a host on the internet that functions see. */
  connectHost(name: string, host: LocalHost): void {
    this.hosts[name] = host;
  }

  /** Shows every event of every execution as it happens; the answer ends that. */
  observe(observer: (observed: ObservedEvent) => void): () => void {
    this.observers.add(observer);
    return () => this.observers.delete(observer);
  }

  /** Ends everything that runs and deletes everything that was stored. */
  async close(): Promise<void> {
    this.clock.stop();
    await this.apiGateway.close();
    await this.lambda.close();
    await this.athena.close();
    await this.frontDoor?.close();
    this.forgetExit();
    this.removeFolders();
  }

  private removeFolders(): void {
    this.lambda.removeFolders();
    this.s3.store.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async openFrontDoor(): Promise<FrontDoor> {
    return FrontDoor.open({
      environment: this.environment,
      clock: this.clock,
      credentials: this.credentials,
      tls: this.certificates,
      services: this.wires,
      httpServices: [new S3HttpService(this.s3, this.clock), new LambdaHttpService(this.lambda)],
      unsigned: 's3',
      onFault: (fault) => this.faults.push(fault),
    });
  }

  /** Which service makes which type of resource. */
  private providers(): ResourceProviders {
    return {
      ...apiGatewayResources(this.apiGateway),
      ...athenaResources(this.athena, this.clock),
      ...cloudWatchResources(this.alarms),
      ...ec2Resources((resource) => this.inertResources.push(resource)),
      ...eventsResources(this.events),
      ...glueResources(this.catalog),
      ...iamResources(this.roles),
      ...lambdaResources(this.lambda),
      ...logsResources(this.logs),
      ...s3Resources(this.s3.store),
      ...schedulerResources(this.scheduler),
      ...secretsManagerResources(this.secretsManager),
      ...sqsResources(this.sqs),
      ...stepFunctionsResources(this.stepFunctions),
    };
  }

  private seen(observed: ObservedEvent): void {
    const { error, cause } = observed.event.details;
    if (error === INTERNAL_ERROR) this.faults.push(new Error(cause));
    this.observers.forEach((observer) => observer(observed));
  }

  /** What Step Functions tells EventBridge and CloudWatch when an execution starts or ends. */
  private statusChanged(event: StatusChangeEvent): void {
    const metric = executionMetric(event);
    if (metric !== undefined) this.metrics.put(metric, 1, this.clock.now());
    this.events.publish({ ...event, resources: [...event.resources] }).catch((fault: unknown) => this.faults.push(asError(fault)));
  }

  private extractMetrics(group: string, { message }: LogLine): void {
    const { values, ignored } = readEmbeddedMetrics(message, this.clock.now());
    for (const { metric, value, timestamp, unit } of values) this.metrics.put(metric, value, timestamp, unit);
    for (const reason of ignored) this.warnings.push(`Embedded metrics in the log group ${group} are lost: ${reason}`);
  }

  private async authenticateApiCaller(request: ReceivedRequest): Promise<CallContext> {
    const authenticated = await authenticate(request, {
      environment: this.environment,
      clock: this.clock,
      credentials: this.credentials,
      dialectOf: (service) => (service === 'execute-api' ? 'json' : undefined),
    });
    return { caller: authenticated?.caller ?? {} };
  }

  /** API Gateway calls a service with the rights of the integration's role. */
  private async integrate({ service, action, body, roleArn }: IntegrationRequest): Promise<IntegrationAnswer> {
    const wire = this.wires.find((candidate) => candidate.service.name === service);
    if (wire === undefined) throw new Error(`The local cloud has no service ${service} for integrations`);
    const caller = await this.sessions.caller(roleArn, 'apigateway.amazonaws.com', 'BackplaneAssumeRoleSession');
    const { statusCode, body: answer } = await callJson(wire, action, body, { caller });
    return { statusCode, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: answer };
  }
}

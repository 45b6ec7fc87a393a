import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccount } from './account/account';
import { apiGatewayModule } from './apigateway/module';
import { athenaModule } from './athena/module';
import { AwsEnvironment } from './aws/service';
import { VirtualClock } from './clock';
import { cloudWatchModule } from './cloudwatch/module';
import { cognitoModule } from './cognito/module';
import { dynamoDbModule } from './dynamodb/module';
import { ec2Module } from './ec2/module';
import { eventsModule } from './events/module';
import { glueModule } from './glue/module';
import { Certificates, createCertificates } from './http/certificates';
import { FrontDoor } from './http/front-door';
import { iamModule } from './iam-module';
import { kmsModule } from './kms/module';
import { lambdaModule } from './lambda/module';
import { logsModule } from './logs/module';
import { LocalHost } from './network/local-network';
import { onExit } from './on-exit';
import { s3Module } from './s3/module';
import { schedulerModule } from './scheduler/module';
import { secretsManagerModule } from './secretsmanager/module';
import { CloudBasics, CloudSettings, ServiceList, ServiceModule } from './service-module';
import { snsModule } from './sns/module';
import { sqsModule } from './sqs/module';
import { stepFunctionsModule } from './stepfunctions/module';
import { stsModule } from './sts/module';
import { loadStack } from './template/assembly';
import { ResourceTypes } from './template/provisioner';
import { CreatedStack, createResources } from './template/stack';
import { UpdatedStack, UpdateFailed, updateResources } from './template/update';

/** Every service there is. Each gets what those above it provide, as far as it asks for it, and everybody finds it at the cloud. */
function createServices(basics: CloudBasics) {
  return ServiceList.for(basics)
    .with(iamModule)
    .with(stsModule)
    .with(cloudWatchModule)
    .with(kmsModule)
    .with(s3Module)
    .with(glueModule)
    .with(athenaModule)
    .with(secretsManagerModule)
    .with(sqsModule)
    .with(snsModule)
    .with(dynamoDbModule)
    .with(logsModule)
    .with(ec2Module)
    .with(lambdaModule)
    .with(eventsModule)
    .with(schedulerModule)
    .with(stepFunctionsModule)
    .with(cognitoModule)
    .with(apiGatewayModule);
}

type Services = ReturnType<typeof createServices>['services'];

const DEFAULT_ENVIRONMENT: AwsEnvironment = { accountId: '111122223333', region: 'us-east-1', partition: 'aws', urlSuffix: 'amazonaws.com' };

export interface LocalCloudOptions extends CloudSettings {
  /** Default: account 111122223333 in us-east-1. */
  readonly environment?: AwsEnvironment;
  /** Epoch milliseconds at which virtual time begins; default: now. */
  readonly startTime?: number;
  /** Host names that the certificates are good for, in addition to loopback. */
  readonly hosts?: readonly string[];
}

/**
 * A template and its assets in, running services out. It knows no construct: any template of known resource types runs.
 * Its services are found by their names: `cloud.s3`.
 */
export type LocalCloud = Cloud & Services;

export const LocalCloud = {
  async start(options: LocalCloudOptions = {}): Promise<LocalCloud> {
    const certificates = await createCertificates({ hosts: ['127.0.0.1', 'localhost', ...options.hosts ?? []] });
    const cloud = new Cloud(options, certificates);
    await cloud.open();
    return Object.assign(cloud, cloud.services);
  },
};

class Cloud {
  readonly environment: AwsEnvironment;
  readonly clock: VirtualClock;
  readonly services: Services;
  /** Faults of the local cloud itself, such as an operation it does not implement. A run that has any proves nothing. */
  readonly faults: Error[] = [];
  /** What a stack does in vain and AWS passes over in silence: log lines that a role may not write, malformed embedded metrics. */
  readonly warnings: string[] = [];

  private readonly basics: CloudBasics;
  private readonly modules: readonly ServiceModule[];
  private readonly hosts: Record<string, LocalHost> = {};
  private readonly exports = new Map<string, string>();
  private readonly stacks = new Map<string, CreatedStack>();
  private readonly folder = mkdtempSync(join(tmpdir(), 'local-cloud-'));
  private readonly forgetExit = onExit(() => this.removeFolders());
  private frontDoor?: FrontDoor;

  constructor(settings: LocalCloudOptions, readonly certificates: Certificates) {
    this.environment = settings.environment ?? DEFAULT_ENVIRONMENT;
    this.clock = new VirtualClock(settings.startTime);
    this.basics = {
      ...createAccount(this.environment, this.clock),
      environment: this.environment,
      clock: this.clock,
      settings,
      certificates,
      onFault: (fault) => this.faults.push(fault),
      warn: (warning) => this.warnings.push(warning),
      sdkEnvironment: () => ({ AWS_ENDPOINT_URL: this.endpoint, NODE_EXTRA_CA_CERTS: this.caFile }),
      network: () => this.hosts,
      loopbackPorts: () => (this.frontDoor === undefined ? [] : [this.frontDoor.port]),
    };
    ({ modules: this.modules, services: this.services } = createServices(this.basics));
    writeFileSync(this.caFile, certificates.caPem);
  }

  /** What was accepted and has no effect here: network resources, `LogicalId (Type)`, and settings of functions, `LogicalId.Property`. */
  get notModelled(): readonly string[] {
    return this.modules.flatMap(({ notModelled }) => notModelled?.() ?? []);
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

  /** Opens the door that every request to a service comes through. */
  async open(): Promise<void> {
    this.frontDoor = await FrontDoor.open({
      ...this.basics,
      tls: this.certificates,
      services: this.modules.flatMap(({ wire }) => wire ?? []),
      httpServices: this.modules.flatMap(({ http }) => http ?? []),
      unsigned: 's3',
    });
  }

  /** Makes the stack that `cdk synth` wrote to the folder, and serves its APIs. */
  async deploy(assemblyFolder: string, stackName?: string): Promise<CreatedStack> {
    const synthesized = loadStack(assemblyFolder, stackName);
    if (this.stacks.has(synthesized.stackName)) throw new Error(`Stack [${synthesized.stackName}] already exists`);
    const stack = await createResources(synthesized, this.resourceTypes().providers, this.environment, { exports: this.exports });
    await this.keep(stack);
    return stack;
  }

  /**
   * Brings a stack that was deployed to what `cdk synth` wrote to the folder: resources keep what they store, unless they are replaced or deleted.
   *
   * @throws UpdateFailed if it fails and is rolled back; an ordinary error for what is refused before anything is touched
   */
  async update(assemblyFolder: string, stackName?: string): Promise<UpdatedStack> {
    const synthesized = loadStack(assemblyFolder, stackName);
    const before = this.stacks.get(synthesized.stackName);
    if (before === undefined) throw new Error(`Stack [${synthesized.stackName}] does not exist`);
    const importer = (name: string) => [...this.stacks.values()].find(({ basis }) => basis.imported.has(name))?.stackName;
    try {
      const stack = await updateResources(before, synthesized, this.resourceTypes(), this.environment, { exports: this.exports, importer });
      await this.keep(stack);
      return stack;
    } catch (error) {
      if (error instanceof UpdateFailed) await this.keep(error.restored);
      throw error;
    }
  }

  /** The address on this machine of what AWS would serve at this execute-api URL. */
  localUrl(url: string): string {
    return this.services.apiGateway.localUrl(url);
  }

  /** Puts a host on the internet that functions see. */
  connectHost(name: string, host: LocalHost): void {
    this.hosts[name] = host;
  }

  /** Ends everything that runs, whoever uses others first, and deletes everything that was stored. */
  async close(): Promise<void> {
    this.clock.stop();
    for (const { close } of [...this.modules].reverse()) await close?.();
    await this.frontDoor?.close();
    this.forgetExit();
    this.removeFolders();
  }

  /** All types of resources that there are. */
  resourceTypes(): ResourceTypes {
    return this.modules.reduce<ResourceTypes>(({ providers, changes }, module) => (
      { providers: { ...providers, ...module.resources }, changes: { ...changes, ...module.changes } }
    ), { providers: {}, changes: {} });
  }

  private async keep(stack: CreatedStack): Promise<void> {
    this.stacks.set(stack.stackName, stack);
    for (const { deployed } of this.modules) await deployed?.();
  }

  private removeFolders(): void {
    for (const { removeFolders } of this.modules) removeFolders?.();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

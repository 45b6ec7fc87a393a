import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CallContext, JsonObject, JsonValue } from '../../local/aws/service';
import { LocalCloud } from '../../local/cloud';
import { Credentials } from '../../local/sts/credentials';
import { CreatedStack, StackResource } from '../../local/template/stack';

const EXAMPLE = resolve(__dirname, '../typescript/async-athena-query-api');
const FLIGHTS = join(dirname(require.resolve('vega-datasets')), '../data/flights-3m.parquet');

/** Runs `cdk synth`, the command that users run, on the example app. */
export function synthesizeExample(outputFolder: string): void {
  execFileSync(process.execPath, [require.resolve('aws-cdk/bin/cdk'), 'synth', '--quiet', '--no-notices', '--output', outputFolder], {
    cwd: EXAMPLE,
    env: { ...process.env, CDK_DISABLE_CLI_TELEMETRY: 'true', JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** What is put into the bucket for data. */
export interface DataFile {
  readonly key: string;
  readonly body: Uint8Array;
}

/** Three million real flights. */
function flights(): DataFile {
  return { key: 'flights/flights-3m.parquet', body: readFileSync(FLIGHTS) };
}

/** A deployed stack with an AsyncAthenaQueryApi, a bucket for data and a role of those who may submit queries, as the example has them. */
export class Deployment {
  static async of(cloud: LocalCloud, assemblyFolder: string, data: DataFile = flights()): Promise<Deployment> {
    const stack = await cloud.deploy(assemblyFolder);
    const deployment = new Deployment(cloud, stack);
    await cloud.s3.put({ bucket: deployment.physicalId('AWS::S3::Bucket', 'Data'), ...data, context: deployment.administrator });
    return deployment;
  }

  /** A user who may submit queries and nothing else. */
  readonly analyst: Credentials;
  /** URL of `POST /queries` on this machine. */
  readonly queriesUrl: string;
  /** A caller who may do everything that resource policies do not deny. */
  readonly administrator: CallContext;

  private constructor(private readonly cloud: LocalCloud, readonly stack: CreatedStack) {
    this.administrator = { caller: cloud.users.createAdministrator('administrator') };
    const analysts = this.physicalId('AWS::IAM::Role', 'Analysts');
    const policies = cloud.roles.list().filter(({ name }) => name === analysts).flatMap(({ arn }) => cloud.roles.policiesOf(arn));
    this.analyst = cloud.credentials.issueForUser(cloud.users.create('analyst', policies));
    this.queriesUrl = cloud.localUrl(stack.outputs.ExportQueriesUrl);
  }

  /** Physical id of the resource of this type whose logical id contains the name. */
  physicalId(type: string, name: string): string {
    return this.resource(type, name).ref;
  }

  /** The resource of this type whose logical id contains the name. */
  resource(type: string, name: string): StackResource {
    const found = [...this.stack.resources].filter(([id, resource]) => resource.type === type && id.includes(name));
    if (found.length !== 1) throw new Error(`The stack has ${found.length} resources of type ${type} named ${name}`);
    return found[0][1];
  }

  /** Value of the secret that signs callbacks. */
  async signingSecret(): Promise<string> {
    const SecretId = this.physicalId('AWS::SecretsManager::Secret', 'SigningSecret');
    return textOf((await this.cloud.secretsManager.call('GetSecretValue', { SecretId }, this.administrator)).SecretString);
  }

  /** State of a query as Athena itself tells it. */
  async queryState(queryExecutionId: string): Promise<string> {
    const { QueryExecution } = await this.cloud.athena.call('GetQueryExecution', { QueryExecutionId: queryExecutionId }, this.administrator);
    return textOf(memberOf(memberOf(QueryExecution, 'Status'), 'State'));
  }

  /** Messages in the dead letter queue, taken out of it. */
  async deadLetters(): Promise<JsonObject[]> {
    const QueueUrl = this.physicalId('AWS::SQS::Queue', 'DeadLetters');
    const { Messages } = await this.cloud.sqs.call('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 }, this.administrator);
    return Array.isArray(Messages) ? Messages.map((message) => JSON.parse(textOf(memberOf(message, 'Body')))) : [];
  }

  /** Goes on with a failed execution at the state that failed. */
  async redrive(queryId: string): Promise<void> {
    const executionArn = `${this.physicalId('AWS::StepFunctions::StateMachine', 'Workflow').replace(':stateMachine:', ':execution:')}:${queryId}`;
    await this.cloud.stepFunctions.call('RedriveExecution', { executionArn }, this.administrator);
  }
}

function memberOf(value: JsonValue | undefined, name: string): JsonValue | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value[name] : undefined;
}

function textOf(value: JsonValue | undefined): string {
  if (typeof value !== 'string') throw new Error(`Expected a text, got ${JSON.stringify(value)}`);
  return value;
}

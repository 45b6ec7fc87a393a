import { readFileSync } from 'node:fs';
import { LocalCloud } from '../../../local/cloud';
import { expectString, JsonObject, memberOf } from '../../../local/json';
import { Credentials } from '../../../local/sts/credentials';
import { CreatedStack } from '../../../local/template/stack';
import { DeployedStack } from '../deployed-stack';
import { FLIGHTS_PARQUET } from '../vega-data';

/** What is put into the bucket for data. */
export interface DataFile {
  readonly key: string;
  readonly body: Uint8Array;
}

/** Three million real flights. */
function flights(): DataFile {
  return { key: 'flights/flights-3m.parquet', body: readFileSync(FLIGHTS_PARQUET) };
}

/** A deployed stack with an AsyncAthenaQueryApi, a bucket for data and a role of those who may submit queries, as the example has them. */
export class Deployment extends DeployedStack {
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

  private constructor(cloud: LocalCloud, stack: CreatedStack) {
    super(cloud, stack);
    const analysts = this.physicalId('AWS::IAM::Role', 'Analysts');
    const policies = cloud.roles.list().filter(({ name }) => name === analysts).flatMap(({ arn }) => cloud.roles.policiesOf(arn));
    this.analyst = cloud.credentials.issueForUser(cloud.users.create('analyst', policies));
    this.queriesUrl = cloud.localUrl(stack.outputs.ExportQueriesUrl);
  }

  /** Value of the secret that signs callbacks. */
  async signingSecret(): Promise<string> {
    const SecretId = this.physicalId('AWS::SecretsManager::Secret', 'SigningSecret');
    return expectString((await this.cloud.secretsManager.call('GetSecretValue', { SecretId }, this.administrator)).SecretString, 'SecretString');
  }

  /** State of a query as Athena itself tells it. */
  async queryState(queryExecutionId: string): Promise<string> {
    const { QueryExecution } = await this.cloud.athena.call('GetQueryExecution', { QueryExecutionId: queryExecutionId }, this.administrator);
    return expectString(memberOf(memberOf(QueryExecution, 'Status'), 'State'), 'State');
  }

  /** Messages in the dead letter queue, taken out of it. */
  async deadLetters(): Promise<JsonObject[]> {
    const QueueUrl = this.physicalId('AWS::SQS::Queue', 'DeadLetters');
    const { Messages } = await this.cloud.sqs.call('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 }, this.administrator);
    return Array.isArray(Messages) ? Messages.map((message) => JSON.parse(expectString(memberOf(message, 'Body'), 'Body'))) : [];
  }

  /** Goes on with a failed execution at the state that failed. */
  async redrive(queryId: string): Promise<void> {
    await this.redriveExecution(`${this.physicalId('AWS::StepFunctions::StateMachine', 'Workflow').replace(':stateMachine:', ':execution:')}:${queryId}`);
  }
}

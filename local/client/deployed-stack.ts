import { Credentials } from '../account/credentials';
import { CallContext } from '../aws/service';
import { LocalCloud } from '../cloud';
import { expectObject, expectString, memberOf } from '../json';
import { CreatedStack, StackResource } from '../template/stack';
import { UpdatedStack, UpdateFailed } from '../template/update';

/** A stack of the local cloud, and somebody who may look after it. Resources are found by their type and a part of their logical id. */
export class DeployedStack {
  /**
   * Deploys what `cdk synth` wrote to the folder.
   *
   * @param stackName which of its stacks; may be absent if there is only one
   */
  static async deploy(cloud: LocalCloud, assemblyFolder: string, stackName?: string): Promise<DeployedStack> {
    return new DeployedStack(cloud, await cloud.deploy(assemblyFolder, stackName));
  }

  /** A caller who may do everything that resource policies do not deny. */
  readonly administrator: CallContext;

  private current: CreatedStack;

  constructor(protected readonly cloud: LocalCloud, stack: CreatedStack) {
    this.current = stack;
    this.administrator = { caller: cloud.users.createAdministrator('administrator') };
  }

  /** The stack as it was deployed, or updated last. */
  get stack(): CreatedStack {
    return this.current;
  }

  /** Brings the stack to what `cdk synth` wrote to the folder. One that fails and is rolled back throws `UpdateFailed`. */
  async update(assemblyFolder: string): Promise<UpdatedStack> {
    try {
      const updated = await this.cloud.update(assemblyFolder, this.current.stackName);
      this.current = updated;
      return updated;
    } catch (error) {
      if (error instanceof UpdateFailed) this.current = error.restored;
      throw error;
    }
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

  /** The address on this machine of the URL that is an output of the stack. */
  localUrl(output: string): string {
    return this.cloud.localUrl(this.stack.outputs[output]);
  }

  /** A new user with the rights of a role and no others. */
  createUserLike(role: string, userName: string): Credentials {
    const name = this.physicalId('AWS::IAM::Role', role);
    const policies = this.cloud.roles.list().filter((candidate) => candidate.name === name).flatMap(({ arn }) => this.cloud.roles.policiesOf(arn));
    return this.cloud.credentials.issueForUser(this.cloud.users.create(userName, policies));
  }

  /** A session of a role that trusts this account, by AssumeRole. */
  async assumeRole(role: string, sessionName: string): Promise<Credentials> {
    const { attributes } = this.resource('AWS::IAM::Role', role);
    return this.assumeRoleOf(String(attributes?.Arn), sessionName);
  }

  /** The same of a role with this ARN, wherever it was made. */
  async assumeRoleOf(roleArn: string, sessionName: string): Promise<Credentials> {
    const input = { RoleArn: roleArn, RoleSessionName: sessionName };
    const issued = expectObject((await this.cloud.sts.call('AssumeRole', input, this.administrator)).Credentials, 'Credentials');
    return {
      accessKeyId: expectString(issued.AccessKeyId, 'AccessKeyId'),
      secretAccessKey: expectString(issued.SecretAccessKey, 'SecretAccessKey'),
      sessionToken: expectString(issued.SessionToken, 'SessionToken'),
    };
  }

  async putObject(bucket: string, key: string, body: Uint8Array): Promise<void> {
    await this.cloud.s3.put({ bucket: this.physicalId('AWS::S3::Bucket', bucket), key, body, context: this.administrator });
  }

  async secretString(secret: string): Promise<string> {
    const SecretId = this.physicalId('AWS::SecretsManager::Secret', secret);
    return expectString((await this.cloud.secretsManager.call('GetSecretValue', { SecretId }, this.administrator)).SecretString, 'SecretString');
  }

  async putSecretString(secret: string, SecretString: string): Promise<void> {
    const SecretId = this.physicalId('AWS::SecretsManager::Secret', secret);
    await this.cloud.secretsManager.call('PutSecretValue', { SecretId, SecretString }, this.administrator);
  }

  /** State of a query as Athena itself tells it. */
  async queryState(queryExecutionId: string): Promise<string> {
    const { QueryExecution } = await this.cloud.athena.call('GetQueryExecution', { QueryExecutionId: queryExecutionId }, this.administrator);
    return expectString(memberOf(memberOf(QueryExecution, 'Status'), 'State'), 'State');
  }

  /** Goes on with a failed execution at the state that failed. */
  async redriveExecution(executionArn: string): Promise<void> {
    await this.cloud.stepFunctions.call('RedriveExecution', { executionArn }, this.administrator);
  }
}

/** ARN of an execution of this name. */
export function executionArnOf(stateMachineArn: string, name: string): string {
  return `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
}

import { Authorize, AwsEnvironment, CallContext, ServiceError } from '../aws/service';
import { StateMachine } from './api/state-machine';
import { MachineKeys } from './encryption';
import { AssumeRole, roleContext } from './integrations/integration';

interface AccessOptions {
  readonly environment: AwsEnvironment;
  readonly authorize: Authorize;
  readonly assumeRole: AssumeRole;
  readonly keys: MachineKeys;
}

/** Who may do what, and the names of what they do it to. */
export class Access {
  constructor(private readonly options: AccessOptions) {}

  get keys(): MachineKeys {
    return this.options.keys;
  }

  /** The ARN of a state machine, an execution and the like. */
  arn(kind: string, name: string): string {
    const { partition, region, accountId } = this.options.environment;
    return `arn:${partition}:states:${region}:${accountId}:${kind}:${name}`;
  }

  /** A caller of an operation; throws unless its policies allow that. */
  async allow(action: string, resource: string, context: CallContext): Promise<void> {
    await this.options.authorize({ action: `states:${action}`, resource }, context);
  }

  /**
   * A right that AWS documents, although work goes on without it: where a role has it, it counts as used. CDK gives roles of distributed Maps
   * `states:DescribeExecution` for an ARN that no execution has, and their Maps run.
   */
  async useIfAllowed(action: string, resource: string, context: CallContext): Promise<void> {
    try {
      await this.allow(action, resource, context);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
    }
  }

  /** A caller who gives a machine its role. Source: IAM user guide, "Grant a user permissions to pass a role to an AWS service". */
  async allowPassRole(roleArn: string, context: CallContext): Promise<void> {
    await this.options.authorize({ action: 'iam:PassRole', resource: roleArn, conditions: { 'iam:PassedToService': 'states.amazonaws.com' } }, context);
  }

  /** The role of a machine with a customer's key can use that. Not even a moment passes where there is no key. */
  async allowKey(machine: StateMachine): Promise<void> {
    await this.keys.allowRole(machine, await this.roleContext(machine.roleArn));
  }

  /** The rights of a role; throws unless it trusts Step Functions. */
  async roleContext(roleArn: string): Promise<CallContext> {
    try {
      return await roleContext(this.options.assumeRole, roleArn, 'create-state-machine');
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const principal = 'Neither the global service principal states.amazonaws.com, nor the regional one';
      throw new ServiceError('AccessDeniedException', `${principal} is authorized to assume the provided role.`);
    }
  }

  /** A machine that waits for executions of others needs the managed rule that tells of their end. */
  async allowManagedRule(roleArn: string, context: CallContext): Promise<void> {
    const { environment, authorize } = this.options;
    const { partition, region, accountId } = environment;
    const resource = `arn:${partition}:events:${region}:${accountId}:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule`;
    try {
      for (const action of ['PutTargets', 'PutRule', 'DescribeRule']) {
        await authorize({ action: `events:${action}`, resource }, context);
      }
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      throw new ServiceError('AccessDeniedException', `'${roleArn}' is not authorized to create managed-rule.`);
    }
  }
}

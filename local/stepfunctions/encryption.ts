import { AwsEnvironment, CallContext, ServiceError } from '../aws/service';
import { KeyAction, UseKey, viaService } from '../iam/key-use';
import { NotImplemented } from '../not-implemented';
import { StateMachine } from './api/state-machine';

/** What is known of the machine when its key is used. */
type Encrypted = Pick<StateMachine, 'arn' | 'encryption'>;

/** Operations that return what is encrypted: their caller decrypts it. All others need no right of their caller. */
const RETURNS_DATA: readonly string[] = [
  'DescribeStateMachine', 'DescribeStateMachineForExecution', 'DescribeExecution', 'GetExecutionHistory', 'StartSyncExecution',
];

/**
 * Who needs which rights to the key of a state machine. Source: Step Functions developer guide, "Data at rest encryption", with its table of the
 * permissions of API callers.
 */
export class MachineKeys {
  constructor(private readonly environment: AwsEnvironment, private readonly useKey?: UseKey) {}

  /** A caller of an operation of the machine or of one of its executions. */
  async allowCaller(operation: string, machine: Encrypted, context: CallContext): Promise<void> {
    if (!RETURNS_DATA.includes(operation)) return;
    await this.use(machine, ['kms:Decrypt'], context, { viaService: viaService('states', this.environment) });
  }

  /** The role of the machine, which calls KMS itself: without the key no execution starts or goes on. */
  async allowRole(machine: Encrypted, context: CallContext): Promise<void> {
    await this.use(machine, ['kms:GenerateDataKey', 'kms:Decrypt'], context);
  }

  /** The role of a machine that logs. */
  async allowLogDelivery({ encryption }: Encrypted, context: CallContext): Promise<void> {
    if (encryption === undefined) return;
    const { partition, region, accountId } = this.environment;
    await this.key(encryption.keyId, 'kms:GenerateDataKey', context, { encryptionContext: { SourceArn: `arn:${partition}:logs:${region}:${accountId}:*` } });
  }

  /** Whether the policy of the key lets CloudWatch Logs read what a machine logs; if not, the lines are lost. */
  async logsArrive({ encryption }: Encrypted): Promise<boolean> {
    if (encryption === undefined) return true;
    try {
      await this.key(encryption.keyId, 'kms:Decrypt', { caller: { service: 'delivery.logs.amazonaws.com' } });
      return true;
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return false;
    }
  }

  private async use(
    { arn, encryption }: Encrypted, actions: readonly KeyAction[], context: CallContext, via: { viaService?: string } = {},
  ): Promise<void> {
    if (encryption === undefined) return;
    try {
      for (const action of actions) {
        await this.key(encryption.keyId, action, context, { ...via, encryptionContext: { 'aws:states:stateMachineArn': arn } });
      }
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      throw new ServiceError('KmsAccessDeniedException', error.message);
    }
  }

  private get key(): UseKey {
    if (this.useKey === undefined) throw new NotImplemented('states', 'EncryptionConfiguration without a KMS');
    return this.useKey;
  }
}

import { Aws, Fn, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { AslMachine } from './asl';
import { encryptedMachineRights, encryptMachine } from './customer-key';

export interface LoggedMachineProps {
  readonly definition: AslMachine;
  readonly comment: string;
  /** Default: Standard. */
  readonly type?: StateMachineType;
  readonly role: IRole;
  /** Events that it logs. Their causes are logged too: `includeExecutionData` leaves out input and output alone. */
  readonly logLevel: LogLevel;
  /** Where it logs, if that is no new log group. */
  readonly logGroup?: ILogGroup;
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
  /** Encrypts the machine, its executions and its log, if that is no key of AWS. */
  readonly encryptionKey?: IKey;
  readonly tracing?: boolean;
}

/** A state machine with its log, `<id>` and `<id>Logs`. */
export class LoggedMachine {
  public readonly stateMachine: StateMachine;
  public readonly logGroup: ILogGroup;

  constructor(scope: Construct, id: string, props: LoggedMachineProps) {
    const { definition, comment, role, logLevel: level, logRetention: retention, removalPolicy, encryptionKey } = props;
    this.logGroup = props.logGroup ?? new LogGroup(scope, `${id}Logs`, { logGroupName: vendedLogsName(scope, id), retention, removalPolicy, encryptionKey });
    const keyRights = encryptionKey === undefined ? [] : encryptedMachineRights(scope, encryptionKey);
    for (const statement of keyRights) role.addToPrincipalPolicy(statement);
    this.stateMachine = new StateMachine(scope, id, {
      // The construct's own `comment` would not get into a definition that is given as text.
      definitionBody: DefinitionBody.fromString(Stack.of(scope).toJsonString({ Comment: comment, ...definition })),
      stateMachineType: props.type,
      role,
      // SQL, callback URLs and documents must not get into logs.
      logs: { destination: this.logGroup, level, includeExecutionData: false },
      // Absent rather than false, which would be a property more.
      tracingEnabled: props.tracing ? true : undefined,
      removalPolicy,
    });
    if (encryptionKey !== undefined) encryptMachine(this.stateMachine, encryptionKey);
  }
}

/** Where log groups of state machines belong. Source: Step Functions developer guide, "Logging using CloudWatch Logs". */
const PREFIX = '/aws/vendedlogs/states/';

/** Room for the part of the stack's id. Source: 512 characters, CloudWatch Logs API reference. */
const MAX_PATH_LENGTH = 400;

/**
 * A group of any other name takes room in a resource policy of CloudWatch Logs that all groups of the account share, and has a deployment fail once that is
 * full. CloudFormation makes no random name with a prefix, so this one is made of the path and of the stack's id: a stack that is deployed again after
 * its log group was kept gets another one.
 */
function vendedLogsName(scope: Construct, id: string): string {
  const path = `${Names.uniqueResourceName(scope, { maxLength: MAX_PATH_LENGTH, separator: '-' })}-${id}`;
  // arn:aws:cloudformation:<Region>:<account>:stack/<name>/<UUID>: the first group of its digits.
  const uuid = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  return `${PREFIX}${path}-${Fn.select(0, Fn.split('-', uuid))}`;
}

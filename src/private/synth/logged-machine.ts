import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { AslMachine } from './asl';

export interface LoggedMachineProps {
  readonly definition: AslMachine;
  readonly comment: string;
  readonly role: IRole;
  /** Where it logs, if that is no new log group. */
  readonly logGroup?: ILogGroup;
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

/** A state machine with its log, `<id>` and `<id>Logs`. */
export class LoggedMachine {
  public readonly stateMachine: StateMachine;
  public readonly logGroup: ILogGroup;

  constructor(scope: Construct, id: string, { definition, comment, role, logGroup, logRetention: retention, removalPolicy }: LoggedMachineProps) {
    this.logGroup = logGroup ?? new LogGroup(scope, `${id}Logs`, { retention, removalPolicy });
    this.stateMachine = new StateMachine(scope, id, {
      // The construct's own `comment` would not get into a definition that is given as text.
      definitionBody: DefinitionBody.fromString(Stack.of(scope).toJsonString({ Comment: comment, ...definition })),
      role,
      // SQL, callback URLs and documents must not get into logs, so errors only, and without data.
      logs: { destination: this.logGroup, level: LogLevel.ERROR, includeExecutionData: false },
      removalPolicy,
    });
  }
}

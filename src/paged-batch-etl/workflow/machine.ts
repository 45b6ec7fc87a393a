import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { MachineSettings } from './workflow-props';
import { AslMachine } from '../../private/synth/asl';
import { LoggedMachine } from '../../private/synth/logged-machine';

export interface MachineProps {
  readonly definition: AslMachine;
  readonly comment: string;
  readonly roleDescription: string;
  readonly statements: readonly PolicyStatement[];
  /** Default: Standard. */
  readonly type?: StateMachineType;
  readonly settings: MachineSettings;
}

/** A state machine with its role and its log: `<id>`, `<id>Role` and `<id>Logs`. */
export class Machine {
  public readonly stateMachine: StateMachine;
  public readonly role: Role;
  public readonly logGroup: ILogGroup;

  constructor(scope: Construct, id: 'Workflow' | 'Segment' | 'Items', props: MachineProps) {
    const { definition, comment, roleDescription, statements, type, settings } = props;
    this.role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('states.amazonaws.com'), description: roleDescription });
    for (const statement of statements) this.role.addToPrincipalPolicy(statement);
    const { workflowLogGroup, logRetention, removalPolicy, encryptionKey, tracing } = settings;
    const { stateMachine, logGroup } = new LoggedMachine(scope, id, {
      definition,
      comment,
      type,
      role: this.role,
      logLevel: LogLevel.ERROR,
      logGroup: workflowLogGroup,
      logRetention,
      removalPolicy,
      encryptionKey,
      tracing,
    });
    this.stateMachine = stateMachine;
    this.logGroup = logGroup;
  }
}

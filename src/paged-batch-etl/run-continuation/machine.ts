import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { AslMachine } from '../../private/synth/asl';
import { LoggedMachine } from '../../private/synth/logged-machine';
import { WorkflowProps } from '../workflow/workflow-props';

export interface MachineProps {
  readonly definition: AslMachine;
  readonly comment: string;
  readonly roleDescription: string;
  readonly statements: readonly PolicyStatement[];
  readonly workflow: WorkflowProps;
}

/** A state machine with its role and its log: `<id>`, `<id>Role` and `<id>Logs`. */
export class Machine {
  public readonly stateMachine: StateMachine;
  public readonly role: Role;
  public readonly logGroup: ILogGroup;

  constructor(scope: Construct, id: 'Workflow' | 'Segment', { definition, comment, roleDescription, statements, workflow }: MachineProps) {
    this.role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('states.amazonaws.com'), description: roleDescription });
    for (const statement of statements) this.role.addToPrincipalPolicy(statement);
    const { workflowLogGroup, logRetention, removalPolicy, encryptionKey, tracing } = workflow;
    const { stateMachine, logGroup } = new LoggedMachine(scope, id, {
      definition, comment, role: this.role, logLevel: LogLevel.ERROR, logGroup: workflowLogGroup, logRetention, removalPolicy, encryptionKey, tracing,
    });
    this.stateMachine = stateMachine;
    this.logGroup = logGroup;
  }
}

/** The right to read pages. */
export function readPages({ sourceFunction }: WorkflowProps): PolicyStatement {
  return new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [sourceFunction.functionArn] });
}

/** `$`-paths to the declared parameters, for whoever processes items. */
export function declaredParameters({ parameters }: WorkflowProps): Record<string, string> {
  return Object.fromEntries(Object.keys(parameters).map((name) => [`${name}.$`, `$parameters.${name}`]));
}

import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ILogGroup, LogGroup } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { AslMachine } from '../../private/synth/asl';
import { WorkflowProps } from '../workflow/workflow-props';

export interface MachineProps {
  readonly definition: AslMachine;
  readonly comment: string;
  readonly roleDescription: string;
  readonly statements: readonly PolicyStatement[];
  readonly workflow: WorkflowProps;
}

/** A state machine with its role and its log, as `<id>`, `<id>Role` and `<id>Logs`. */
export class Machine {
  public readonly stateMachine: StateMachine;
  public readonly role: Role;
  public readonly logGroup: ILogGroup;

  constructor(scope: Construct, id: 'Workflow' | 'Segment', { definition, comment, roleDescription, statements, workflow }: MachineProps) {
    const { removalPolicy, logRetention: retention } = workflow;
    this.role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('states.amazonaws.com'), description: roleDescription });
    for (const statement of statements) this.role.addToPrincipalPolicy(statement);
    this.logGroup = workflow.workflowLogGroup ?? new LogGroup(scope, `${id}Logs`, { retention, removalPolicy });
    this.stateMachine = new StateMachine(scope, id, {
      // The construct's own `comment` would not get into a definition that is given as text.
      definitionBody: DefinitionBody.fromString(Stack.of(scope).toJsonString({ Comment: comment, ...definition })),
      role: this.role,
      // Documents must not get into logs, so errors only, and without data.
      logs: { destination: this.logGroup, level: LogLevel.ERROR, includeExecutionData: false },
      removalPolicy,
    });
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

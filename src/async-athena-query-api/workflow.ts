import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Effect, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { AnnouncementStates, announcementStates } from './announcement/announcement-states';
import { QueryAnnouncementBinding } from './announcement/binding';
import { letAnnounce } from './announcement/rights';
import {
  DeliveryEvent, DELIVERY_CONTRACT, DeliveryEvent3, DeliveryEvent4, OPTIONAL_CALLBACK_CONTRACT, RESULT_FORMAT_CONTRACT,
} from './contracts/deliver';
import { deliveryRetries } from './delivery/delivery-retry';
import { QueryCompletionBinding, QueryStates } from './query-completion/binding';
import { ResultStore } from './results/result-store';
import { WithParameters } from './submitted-queries/binding';
import { AslMachine, AslTask } from '../private/synth/asl';
import { AslTemplate } from '../private/synth/asl-template';
import { CALLED_VIA_ATHENA } from '../private/synth/athena-calls';
import { EXECUTION_EVENTS, MAX_HISTORY_EVENTS, REDRIVE_EVENTS, worstCaseEvents } from '../private/synth/history';
import { invocationTaskTimeout } from '../private/synth/lambda-limits';
import { LoggedMachine } from '../private/synth/logged-machine';
import { InvalidPropError } from '../private/synth/validation';

export interface WorkflowProps {
  readonly results: ResultStore;
  readonly queryCompletion: QueryCompletionBinding;
  readonly queryTimeout: Duration;
  readonly database?: string;
  readonly catalog?: string;
  /** Databases that a request may choose from, if any. */
  readonly databases?: readonly string[];
  /** Whether a request may choose a format. */
  readonly choosesFormat: boolean;
  /** Results of the same query that are no older are taken again; undefined where every query runs. */
  readonly resultReuse?: Duration;
  readonly withParameters: WithParameters;
  readonly deliveryFunction: IFunction;
  readonly deliveryTimeout: Duration;
  readonly deliveryWindow: Duration;
  /** Where the ends of queries are announced; with none, every query has a callback. */
  readonly announcements: readonly QueryAnnouncementBinding[];
  readonly workflowLogGroup?: ILogGroup;
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
  readonly encryptionKey?: IKey;
  readonly tracing?: boolean;
}

const DELIVER = 'Deliver Result';

/** A failed delivery can be redriven at least so often before the history is full. */
export const REDRIVES = 3;

/**
 * What happens to a request:
 *
 *     Start Query ─► Wait ─► Get Query ─► Is Query Finished ─► Deliver Result
 *         │           ▲                          │                     ▲
 *         │           └──────────────────────────┘                     │
 *         └─► Query Not Started ───────────────────────────────────────┘
 *
 * With announcements, their states stand around Deliver Result: see `announcement/announcement-states.ts`.
 */
export class Workflow {
  public readonly stateMachine: StateMachine;
  public readonly role: Role;
  public readonly logGroup: ILogGroup;
  /** How long Athena can take to accept a query at most. */
  public readonly longestStart: Duration;

  constructor(scope: Construct, props: WorkflowProps) {
    this.role = new Role(scope, 'QueryRole', {
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      description: 'Runs queries and sends their results: whoever writes SQL owns what this role may do through Athena',
    });
    props.results.grantRunQueries(this.role, props);
    grantInvokeDelivery(this.role, props.deliveryFunction);
    letAnnounce(scope, this.role, props.announcements);
    checkSizeOfPolicies(this.role);

    const announcing = props.announcements.length === 0 ? undefined
      : announcementStates({
        partition: Aws.PARTITION,
        announcements: props.announcements,
        deliver: DELIVER,
        filesUnder: props.choosesFormat ? props.results.location : undefined,
      });
    const query = queryStates(props, announcing?.startAt ?? DELIVER);
    this.longestStart = query.longestStart;
    const { stateMachine, logGroup } = new LoggedMachine(scope, 'Workflow', {
      definition: definition(query, props, announcing),
      comment: 'Runs a query and delivers its result to the callback URL',
      role: this.role,
      // Not ERROR: errors of Athena can quote the SQL. Those that end an execution do not, for they are the delivery function's own.
      logLevel: LogLevel.FATAL,
      logGroup: props.workflowLogGroup,
      logRetention: props.logRetention,
      removalPolicy: props.removalPolicy,
      encryptionKey: props.encryptionKey,
      tracing: props.tracing,
    });
    this.stateMachine = stateMachine;
    this.logGroup = logGroup;
  }
}

function queryStates(props: WorkflowProps, next: string): QueryStates {
  return props.queryCompletion.render({
    partition: Aws.PARTITION,
    workGroupName: props.results.workGroupName,
    database: props.database,
    catalog: props.catalog,
    statement: { executionParameters: props.withParameters, database: props.databases !== undefined, wrap: props.choosesFormat },
    resultReuseMinutes: props.resultReuse?.toMinutes(),
    queryTimeout: props.queryTimeout,
    next,
  });
}

function definition(query: QueryStates, props: WorkflowProps, announcing: AnnouncementStates | undefined): AslMachine {
  const event = {
    'QueryId.$': '$$.Execution.Name',
    'StartTime.$': '$$.Execution.StartTime',
    'DeliveryTime.$': '$$.State.EnteredTime',
    'Workflow.$': '$$.StateMachine.Name',
    'RetryCount.$': '$$.State.RetryCount',
    'RedriveCount.$': '$$.Execution.RedriveCount',
    // Whole, because a member that a request may leave out cannot be named; but not with the SQL.
    'Request.$': `States.JsonMerge($$.Execution.Input.ApiRequest, $${query.blank}, false)`,
    'State.$': '$',
  } as const;
  const deliver: AslTask = {
    Type: 'Task',
    Resource: `arn:${Aws.PARTITION}:states:::lambda:invoke`,
    Parameters: {
      FunctionName: props.deliveryFunction.functionArn,
      Payload: props.choosesFormat ? { contract: RESULT_FORMAT_CONTRACT, ...event } satisfies AslTemplate<DeliveryEvent4>
        : announcing === undefined ? { contract: DELIVERY_CONTRACT, ...event } satisfies AslTemplate<DeliveryEvent>
          : { contract: OPTIONAL_CALLBACK_CONTRACT, ...event } satisfies AslTemplate<DeliveryEvent3>,
    },
    TimeoutSeconds: invocationTaskTimeout(props.deliveryTimeout),
    OutputPath: '$.Payload',
    Retry: deliveryRetries(props.deliveryWindow),
    // No Catch: an execution whose delivery failed for good fails here, and a redrive goes on here.
    ...announcing === undefined ? { End: true } : { Next: announcing.afterDelivery },
  };
  checkHistory(longestHistory(query, deliver, announcing), props);
  return {
    QueryLanguage: 'JSONPath',
    StartAt: query.startAt,
    States: { ...query.states, [DELIVER]: deliver, ...announcing?.states },
  };
}

/** Events of an execution's history at most: every retry used, and the redrives that are kept free. */
export function longestHistory(
  query: Pick<QueryStates, 'worstCaseEvents'>, deliver: AslTask, announcing?: Pick<AnnouncementStates, 'worstCaseEvents' | 'worstCaseOfOne'>,
): number {
  const delivery = worstCaseEvents(deliver);
  // A redrive repeats the state that failed; what follows comes once, whenever it is reached.
  const repeated = Math.max(delivery, announcing?.worstCaseOfOne ?? 0);
  return EXECUTION_EVENTS + query.worstCaseEvents + delivery + (announcing?.worstCaseEvents ?? 0) + REDRIVES * (REDRIVE_EVENTS + repeated);
}

function checkHistory(events: number, props: WorkflowProps): void {
  if (events < MAX_HISTORY_EVENTS) return;
  throw new InvalidPropError(
    'queryTimeout and deliveryWindow together', `${props.queryTimeout.toHumanString()} and ${props.deliveryWindow.toHumanString()}: ${events} history events`,
    `short enough that the execution's history stays below ${MAX_HISTORY_EVENTS} events with every retry used and ${REDRIVES} redrives`,
    'shorten them, or choose a queryCompletion with longer intervals such as QueryCompletion.adaptivePolling({ maxInterval: Duration.minutes(1) })',
  );
}

function grantInvokeDelivery(role: Role, deliveryFunction: IFunction): void {
  const actions = ['lambda:InvokeFunction'];
  role.addToPrincipalPolicy(new PolicyStatement({ actions, resources: [deliveryFunction.functionArn] }));
  // Athena runs user-defined functions with the rights of whoever starts the query: SQL must not be able to call the delivery function.
  role.addToPrincipalPolicy(new PolicyStatement({
    effect: Effect.DENY,
    actions,
    resources: [deliveryFunction.functionArn, `${deliveryFunction.functionArn}:*`],
    conditions: CALLED_VIA_ATHENA,
  }));
}

/** Managed policies that a role can have. Source: IAM quotas, the default. */
export const MAX_MANAGED_POLICIES = 10;

/** What does not fit into the role's own policy, the CDK puts into managed policies when it synthesises. */
function checkSizeOfPolicies(role: Role): void {
  role.node.addValidation({
    validate: () => {
      const policies = role.node.children.filter((child) => child instanceof ManagedPolicy).length;
      if (policies <= MAX_MANAGED_POLICIES) return [];
      const share = Math.floor((MAX_MANAGED_POLICIES / policies) * 100);
      return [`queryableData must fit into ${MAX_MANAGED_POLICIES} managed policies of the query role, got ${policies}; about ${share} % of it fits: name `
        + 'databases without their tables, or grant the rest through Lake Formation'];
    },
  });
}

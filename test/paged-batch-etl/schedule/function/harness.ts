/** A schedule on a workflow of its own, and a planner whose world is made up. */
import { App, AppProps, Environment, RemovalPolicy, Stack, TimeZone } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { RunParameterBindings } from '../../../../src/paged-batch-etl/run-parameter/binding';
import { PlanRunResult, StartRun } from '../../../../src/paged-batch-etl/schedule/function/plan-run';
import { RunScheduleError } from '../../../../src/paged-batch-etl/schedule/function/run-schedule-error';
import { RunSchedule, RunScheduleProps } from '../../../../src/paged-batch-etl/schedule/run-schedule';
import { RunWindow } from '../../../../src/paged-batch-etl/schedule/run-window';
import { defaultRuntime } from '../../../../src/private/synth/node-runtime';

export const DATES: RunParameterBindings = { date_begin: { rule: { type: 'date' } }, date_end: { rule: { type: 'date' } } };

export const YESTERDAY = RunWindow.previousDay({ begin: 'date_begin', end: 'date_end', timeZone: 'Europe/Berlin' });

export interface ScheduledOptions {
  readonly id?: string;
  readonly props?: Partial<RunScheduleProps>;
  /** Further schedules of the same workflow, by their ids: what they have that the first one has not. */
  readonly others?: Readonly<Record<string, Partial<RunScheduleProps>>>;
  /** The only state of the workflow. Default: a Succeed. */
  readonly state?: Readonly<Record<string, unknown>>;
  readonly env?: Environment;
  /** Context of the app: its feature flags. */
  readonly context?: AppProps['context'];
}

/** A workflow of one state, with a schedule. */
export function addSchedule(scope: Construct, { id = 'Nightly', props, others = {}, state = { Type: 'Succeed' } }: ScheduledOptions = {}): RunSchedule {
  const workflow = new StateMachine(scope, 'Workflow', {
    definitionBody: DefinitionBody.fromString(JSON.stringify({ StartAt: 'Only', States: { Only: state } })),
  });
  const complete = {
    workflow,
    sourceFunction: LambdaFunction.fromFunctionName(scope, 'Source', 'source'),
    parameters: DATES,
    schedule: ScheduleExpression.cron({ hour: '4', minute: '15', timeZone: TimeZone.EUROPE_BERLIN }),
    window: YESTERDAY._binding,
    runtime: defaultRuntime(),
    logRetention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
    ...props,
  };
  for (const [other, changes] of Object.entries(others)) new RunSchedule(scope, other, { ...complete, ...changes });
  return new RunSchedule(scope, id, complete);
}

export function synthSchedule(options: ScheduledOptions = {}): { readonly schedule: RunSchedule; readonly template: Template } {
  const stack = new Stack(new App({ context: options.context, treeMetadata: false }), 'Stack', { env: options.env });
  const schedule = addSchedule(new Construct(stack, 'Etl'), options);
  return { schedule, template: Template.fromStack(stack) };
}

export interface StartedRun {
  readonly name: string;
  readonly input: string;
}

/** Step Functions as far as names go: one run of a name, ever. */
export class StartedRuns {
  readonly runs: StartedRun[] = [];
  calls = 0;

  readonly start: StartRun = async (name, input) => {
    this.calls++;
    if (this.runs.some((run) => run.name === name)) return 'StartedBefore';
    this.runs.push({ name, input });
    return 'Started';
  };
}

/** How a plan ended: its result, or the name and message of its error. */
export async function outcomeOf(plan: Promise<PlanRunResult>): Promise<unknown> {
  return plan.catch((error: unknown) => {
    if (!(error instanceof RunScheduleError)) throw error;
    return { error: error.name, message: error.message };
  });
}

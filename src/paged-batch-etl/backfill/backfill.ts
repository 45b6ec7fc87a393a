import { createHash } from 'node:crypto';
import { Stack, Token } from 'aws-cdk-lib';
import { Grant, IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct, IConstruct } from 'constructs';
import { AddBackfillOptions } from './add-backfill-options';
import { backfillMachine, BackfillMachineOptions, mostWindows } from './backfill-machine';
import { windowsOf } from './windows';
import { principal } from '../../private/synth/option-kinds';
import { checkTimeZone } from '../../private/synth/time-zone';
import { checkInteger, InvalidPropError, located, refuseToken, theDefaultIs } from '../../private/synth/validation';
import { ScheduleParameters } from '../contracts/plan-run';
import { warnOfRunConcurrency } from '../item-processor/concurrency';
import { JsonObject } from '../mongo-filter/structure/json-value';
import { RunParameterBindings } from '../run-parameter/binding';
import { sortedValues, typedValues } from '../schedule/schedule-values';
import { warnOfFilter } from '../schedule/schedule-warnings';
import { checkWindowedRuns } from '../schedule/window-parameters';
import { Machine } from '../workflow/machine';
import { executionsOf, runAndWait } from '../workflow/nested-executions';
import { MachineSettings } from '../workflow/workflow-props';

/** A backfill, and what belongs to it. */
export interface IBackfill extends IConstruct {
  /**
   * The state machine that processes all windows. Start an execution to start the backfill; its input does not matter. Another execution goes on where
   * the one before it ended.
   */
  readonly stateMachine: IStateMachine;

  /** Log group of `stateMachine`. */
  readonly logGroup: ILogGroup;

  /** How many windows there are. */
  readonly windowCount: number;

  /** Grants the right to start the backfill. */
  grantStartExecution(grantee: IGrantable): Grant;
}

export interface BackfillProps {
  readonly options: AddBackfillOptions;
  readonly workflow: IStateMachine;
  /** Whether an execution of the workflow ends when the run ends. */
  readonly isWholeRun: boolean;
  /** Whether a run that does not get its window succeeds. */
  readonly skips: boolean;
  /** How many calls process items at once in one run. */
  readonly callsOfRun: number;
  readonly parameters: RunParameterBindings;
  /** Which documents are read, all with an empty one. Absent where a function of the user's decides. */
  readonly filter?: JsonObject;
  readonly settings: MachineSettings;
}

/** Source: Step Functions quotas, concurrent iterations of an inline Map. */
export const MAX_BACKFILL_CONCURRENCY = 40;
const DEFAULT_CONCURRENCY = 1;

/** Runs the workflow once for each of many windows of time. */
export class Backfill extends Construct implements IBackfill {
  public readonly stateMachine: IStateMachine;
  public readonly logGroup: ILogGroup;
  public readonly windowCount: number;

  constructor(scope: Construct, id: string, { options, workflow, isWholeRun, skips, callsOfRun, parameters, filter, settings }: BackfillProps) {
    if (id === '') throw new InvalidPropError('the id of a backfill', id, 'a text', 'such as `LastYear`');
    if (!isWholeRun) throw cannotBeWaitedFor(id);
    if (skips) throw wouldSkipForGood(id);
    const { beginParameter, endParameter, concurrency = DEFAULT_CONCURRENCY } = options;
    const values = typedValues(options.parameters ?? {}, parameters);
    const window = { begin: beginParameter, end: endParameter };
    checkWindowedRuns({
      kind: 'backfill',
      id,
      namedBy: { begin: `beginParameter of backfill ${id}`, end: `endParameter of backfill ${id}` },
      window,
      parameters,
      values,
    });
    refuseToken(`concurrency of backfill ${id}`, Token.isUnresolved(concurrency), 'the state machine is rendered with it');
    checkInteger(`concurrency of backfill ${id}`, concurrency, { min: 1, max: MAX_BACKFILL_CONCURRENCY }, theDefaultIs(DEFAULT_CONCURRENCY));
    const timeZone = options.timeZone ?? parameters[beginParameter].rule.timeZone ?? 'UTC';
    checkTimeZone(`timeZone of backfill ${id}`, timeZone);

    super(scope, `Backfill${id}`);
    warnOfRunConcurrency(this, `concurrency of backfill ${id}`, concurrency, callsOfRun);
    if (filter !== undefined) warnOfFilter(this, `backfill ${id}`, window, filter);
    const machine: BackfillMachineOptions = {
      workflowArn: workflow.stateMachineArn,
      executionArn: executionsOf(scope, workflow),
      namePrefix: `backfill-${this.hashOf(window, values)}`,
      window,
      values,
      concurrency,
    };
    const { begin, end, step } = options;
    const windows = windowsOf(id, { begin, end, step, timeZone }, mostWindows());
    const { stateMachine, logGroup } = new Machine(this, 'Workflow', {
      definition: backfillMachine(machine, windows),
      comment: 'Runs the workflow once for each window of time',
      roleDescription: 'Starts the runs of a backfill',
      statements: [
        ...runAndWait(this, workflow),
        new PolicyStatement({ actions: ['states:RedriveExecution'], resources: [`${executionsOf(scope, workflow)}:*`] }),
      ],
      settings,
    });
    this.stateMachine = stateMachine;
    this.logGroup = logGroup;
    this.windowCount = windows.length;
  }

  public grantStartExecution(grantee: IGrantable): Grant {
    return located(this, () => {
      principal.check('the grantee of grantStartExecution', grantee);
      return this.stateMachine.grantStartExecution(grantee);
    });
  }

  /** Where the backfill stands, and what its runs are given beside their windows: with others, a window that is done is another run. */
  private hashOf({ begin, end }: BackfillMachineOptions['window'], values: ScheduleParameters): string {
    const given = JSON.stringify(Stack.of(this).resolve([begin, end, sortedValues(values)]));
    return createHash('sha256').update(this.node.addr).update(given).digest('hex').slice(0, 20);
  }
}

/** An execution that starts the next one ends before the run does. */
function cannotBeWaitedFor(id: string): InvalidPropError {
  return new InvalidPropError(
    'continuation', 'RunContinuation.selfRestart', `RunContinuation.supervised where there is backfill ${id}`,
    'a backfill waits for the end of each run, and a run of selfRestart is a chain of executions that nobody waits for; leave continuation out, or start such runs yourself',
  );
}

/** What another run leaves undone would be taken for done: a run that skips its window succeeds, and no later execution of the backfill looks at it once more. */
function wouldSkipForGood(id: string): InvalidPropError {
  return new InvalidPropError(
    'whenLocked of RunLedger.table', 'WhenLocked.SKIP', `WhenLocked.FAIL or WhenLocked.WAIT where there is backfill ${id}`,
    'a window that is skipped because another run has it would count as done, even if that run fails: with FAIL, the window fails and is tried again when the backfill is started again',
  );
}

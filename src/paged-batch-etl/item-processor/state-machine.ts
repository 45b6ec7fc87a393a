import { Duration } from 'aws-cdk-lib';
import { IStateMachine, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { DEFAULT_BATCH_SIZE } from './batches';
import { InlineProcessing, ItemProcessorBinding } from './binding';
import { checkConcurrency, refuseConcurrency } from './concurrency';
import type { StateMachineProcessorOptions } from './item-processor-options';
import { callOutlives } from './processor-function';
import { MAX_INPUT_BYTES, stateMachineByReference } from './state-machine-by-reference';
import { AslState, AslTask } from '../../private/synth/asl';
import { checkPlace } from '../../private/synth/place';
import { checkSeconds, InvalidPropError, refuseToken, theDefaultIs } from '../../private/synth/validation';
import { PagedBatchEtlErrorName } from '../contracts/error-names';
import { CALL_CATCHER } from '../workflow/failure-states';
import { runAndWait } from '../workflow/nested-executions';
import { PageState } from '../workflow/page-states';
import { answerFailures, processorAnswer } from '../workflow/processor-answer';
import { EXECUTION_ALREADY_EXISTS, MAX_NAMES_TAKEN, START_EXECUTION_RETRIES } from '../workflow/task-retry';

const DEFAULT_TIMEOUT = Duration.hours(24);

const AGAIN = 'Process Again';
const CHECK = 'Check Attempts';
const NOT_FOLLOWED = 'Execution Not Followed';

/** One execution of the user's state machine for each page, or, where pages are large, for each batch of one. */
export function stateMachine(options: StateMachineProcessorOptions): ItemProcessorBinding {
  const { stateMachine: processor, timeout = DEFAULT_TIMEOUT, maxConcurrency } = options;
  if (processor instanceof StateMachine && processor.stateMachineType === StateMachineType.EXPRESS) {
    throw new InvalidPropError(
      'stateMachine of ItemProcessor.stateMachine', 'an Express state machine', 'a Standard state machine', 'Step Functions cannot wait for an Express one',
    );
  }
  const option = 'timeout of ItemProcessor.stateMachine';
  refuseToken(option, timeout.isUnresolved(), 'the workflow is rendered with it');
  checkSeconds(option, timeout, { min: Duration.seconds(1), max: Duration.days(365) }, theDefaultIs(DEFAULT_TIMEOUT));
  checkConcurrency('ItemProcessor.stateMachine', maxConcurrency);
  const common = {
    maxPageBytes: MAX_INPUT_BYTES,
    statements: (scope: Construct) => {
      checkPlace('stateMachine of ItemProcessor.stateMachine', scope, processor, 'Step Functions starts executions in its own account and Region only');
      return runAndWait(scope, processor);
    },
  };
  return {
    // Step Functions stops its executions with the run, but no function that they call.
    outlivesRun: callOutlives(undefined),
    byReference: (asked) => ({ ...common, processor, ...stateMachineByReference({ stateMachine: processor, timeout, maxConcurrency }, asked) }),
    inline: ({ batchSize = DEFAULT_BATCH_SIZE }) => {
      refuseConcurrency('ItemProcessor.stateMachine', maxConcurrency);
      return { ...common, batchSize, callsAtATime: 1, render: pageOf(processor, timeout) };
    },
  };
}

/** One execution with all items of a page. */
function pageOf(processor: IStateMachine, timeout: Duration): InlineProcessing['render'] {
  return ({ partition, parameters, next, redrivenInside, namedAfter = '$execution', tolerance }) => {
    const process: AslTask = {
      Type: 'Task',
      Resource: `arn:${partition}:states:::states:startExecution.sync:2`,
      Parameters: {
        'StateMachineArn': processor.stateMachineArn,
        // Another one in every execution and every attempt: a redriven run never meets a name that is taken, or goes on to the next attempt.
        'Name.$': `States.Format('{}-{}-{}-{}', States.Hash(${namedAfter}, 'SHA-1'), $pages, $segments, $attempt)`,
        'Input': {
          'AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID.$': '$$.Execution.Id',
          'items.$': '$.page',
          parameters,
          'run': { 'id.$': '$root', 'page.$': '$pages' },
        },
      },
      TimeoutSeconds: timeout.toSeconds(),
      ResultSelector: processorAnswer('$.Output'),
      ResultPath: '$.page',
      Retry: START_EXECUTION_RETRIES,
      ...(redrivenInside ? { Catch: [{ ErrorEquals: EXECUTION_ALREADY_EXISTS, ResultPath: null, Next: AGAIN }] } : {}),
      // A run that tolerates failures is never redriven inside.
      ...tolerance && { Catch: [CALL_CATCHER] },
      Next: next,
    };
    return {
      failures: answerFailures(tolerance),
      afterRedrive: redrivenInside ? [AGAIN, CHECK] : [],
      states: { [PageState.PROCESS]: process, ...(redrivenInside ? nameTaken() : {}) },
    };
  };
}

/** The next attempt has another name, unless names are taken again and again. */
function nameTaken(): Record<string, AslState> {
  return {
    [AGAIN]: { Type: 'Pass', Assign: { 'attempt.$': 'States.MathAdd($attempt, 1)' }, Next: CHECK },
    [CHECK]: {
      Type: 'Choice',
      Comment: 'Default: try another name',
      Choices: [{ Comment: 'Names are taken again and again', Variable: '$attempt', NumericGreaterThan: MAX_NAMES_TAKEN, Next: NOT_FOLLOWED }],
      Default: PageState.PROCESS,
    },
    [NOT_FOLLOWED]: {
      Type: 'Pass',
      Parameters: { Error: PagedBatchEtlErrorName.EXECUTION_NOT_FOLLOWED, Cause: 'Executions of the state machine were started and could not be watched' },
      Next: PageState.FAILED,
    },
  };
}

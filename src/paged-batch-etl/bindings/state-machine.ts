import { Duration } from 'aws-cdk-lib';
import { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { AslState, AslTask } from '../../private/synth/asl';
import { checkSeconds, refuseToken } from '../../private/synth/validation';
import { ItemProcessorBinding } from '../binding';
import { runAndWait } from '../nested-executions';
import { PageState } from '../page-states';
import { EXECUTION_ALREADY_EXISTS, START_EXECUTION_RETRIES } from '../task-retry';

/** The input of the child comes back beside its output. Source: 256 KiB, Step Functions quotas. */
const MAX_PAGE_BYTES = 110 * 1024;

const AGAIN = 'Process Again';

export interface StateMachineOptions {
  readonly stateMachine: IStateMachine;
  readonly timeout?: Duration;
}

/** One execution of the user's state machine for each page. */
export function stateMachine({ stateMachine: processor, timeout = Duration.hours(24) }: StateMachineOptions): ItemProcessorBinding {
  const option = 'timeout of ItemProcessor.stateMachine';
  refuseToken(option, timeout.isUnresolved(), 'the workflow is rendered with it');
  checkSeconds(option, timeout, { min: Duration.seconds(1), max: Duration.days(365) }, 'the default is 24 hours');
  return {
    defaultBatchSize: 1_000,
    maxPageBytes: MAX_PAGE_BYTES,
    statements: (scope) => runAndWait(scope, processor),
    render: ({ partition, parameters, next, redrivenInside }) => {
      const process: AslTask = {
        Type: 'Task',
        Resource: `arn:${partition}:states:::states:startExecution.sync:2`,
        Parameters: {
          'StateMachineArn': processor.stateMachineArn,
          // Another one in every execution and every attempt: a redriven run never meets a name that is taken, or goes on to the next attempt.
          'Name.$': "States.Format('{}-{}-{}-{}', States.Hash($execution, 'SHA-1'), $pages, $segments, $attempt)",
          'Input': {
            'AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID.$': '$$.Execution.Id',
            'items.$': '$.page',
            parameters,
            'run': { 'id.$': '$root', 'page.$': '$pages' },
          },
        },
        TimeoutSeconds: timeout.toSeconds(),
        ResultSelector: { 'answer.$': '$.Output' },
        ResultPath: '$.page',
        Retry: START_EXECUTION_RETRIES,
        ...(redrivenInside ? { Catch: [{ ErrorEquals: EXECUTION_ALREADY_EXISTS, ResultPath: null, Next: AGAIN }] } : {}),
        Next: next,
      };
      const again: AslState = { Type: 'Pass', Assign: { 'attempt.$': 'States.MathAdd($attempt, 1)' }, Next: PageState.PROCESS };
      return {
        answers: true,
        afterRedrive: redrivenInside ? [AGAIN] : [],
        states: { [PageState.PROCESS]: process, ...(redrivenInside ? { [AGAIN]: again } : {}) },
      };
    },
  };
}

import { Aws } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { InlineProcessing } from './binding';
import { roomInExpress } from './failure-room';
import { ItemCalls, itemsMap } from './items-map';
import { callHandler, mayCall, MAX_CHILD_PAGE_BYTES } from './processor-function';
import { AslCondition, AslMachine, AslRule, AslState, AslTask } from '../../private/synth/asl';
import { PagedBatchEtlErrorName } from '../contracts/error-names';
import { EXPRESS_SECONDS } from '../workflow/express-fit';
import { FailureState, gatherItems } from '../workflow/failure-states';
import { Machine } from '../workflow/machine';
import { PageState } from '../workflow/page-states';
import { PageFailures } from '../workflow/process-page';
import { START_SYNC_EXECUTION_RETRIES } from '../workflow/task-retry';
import { Tolerance } from '../workflow/tolerance';
import { MachineSettings } from '../workflow/workflow-props';

/** Longer than the execution can take, so that it is the execution that ends first. */
const TIMEOUT_SECONDS = EXPRESS_SECONDS + 10;

export interface ExpressItemsOptions {
  readonly scope: Construct;
  readonly machines: MachineSettings;
  readonly calls: ItemCalls;
  readonly batchSize: number;
  readonly largestBatchSize: number;
  readonly tolerance?: Tolerance;
}

/**
 * All items of a page in one Express execution, which the segment starts and waits for in a single state.
 *
 * The call succeeds although the execution failed: its answer says so, and what the page failed with. The answer has the input too, so pages are smaller.
 */
export function expressItems({ scope, machines, calls: given, batchSize, largestBatchSize, tolerance }: ExpressItemsOptions): InlineProcessing {
  const { maxPageBytes, causes } = tolerance === undefined ? { maxPageBytes: MAX_CHILD_PAGE_BYTES, causes: undefined } : roomInExpress(batchSize);
  const calls: ItemCalls = { ...given, causes };
  const items = new Machine(scope, 'Items', {
    type: StateMachineType.EXPRESS,
    definition: itemsMachine(calls),
    comment: 'Has a page processed item by item',
    roleDescription: 'Has the items of a page processed',
    statements: [callHandler('ItemProcessor.perItem', scope, calls.handler, 'the item workflow')],
    settings: machines,
  });
  const { stateMachineArn } = items.stateMachine;
  return {
    batchSize,
    maxPageBytes,
    callsAtATime: calls.concurrency,
    items,
    statements: () => [
      // With a customer key, whoever calls it also needs `kms:Decrypt`: the role of every encrypted machine has that right for all machines of the account.
      new PolicyStatement({ actions: ['states:StartSyncExecution'], resources: [stateMachineArn] }),
      // Segments of an earlier release, which call the function themselves, may run on while the stack is updated: with the new rights of their role.
      mayCall(calls.handler),
    ],
    render: ({ partition, parameters, next }) => ({
      afterRedrive: [],
      largestBatchSize,
      variables: { itemParameters: parameters },
      failures: executionFailures(tolerance),
      states: { [PageState.PROCESS]: { ...startAndWait(partition, stateMachineArn, tolerance), ResultPath: '$.page', Next: next } },
    }),
  };
}

/** Its input is `{ items, parameters, run: { id, page } }`. */
function itemsMachine(calls: ItemCalls): AslMachine {
  return {
    QueryLanguage: 'JSONPath',
    StartAt: 'Process Items',
    States: {
      'Process Items': {
        ...itemsMap({
          partition: Aws.PARTITION, calls, items: '$.items', parameters: { 'parameters.$': '$.parameters' }, run: { 'id.$': '$.run.id', 'page.$': '$.run.page' },
        }),
        // Then the output is a list, and that of a page without a failure is known by its text.
        ...calls.causes !== undefined && { OutputPath: '$.failed' },
        End: true,
      },
    },
  };
}

/**
 * The input as a text, as the API takes it: whether Step Functions makes one of an object is not documented. What is written between the braces is JSON
 * already, and the declared parameters alone are bounded: 16 KiB of them, and a page, fit into the answer whatever has to be escaped in them.
 */
const INPUT = "States.Format('\\{\"items\":{},\"parameters\":{},\"run\":\\{\"id\":{},\"page\":{}\\}\\}', "
  + 'States.JsonToString($.page), States.JsonToString($itemParameters), States.JsonToString($root), $pages)';

function startAndWait(partition: string, stateMachineArn: string, tolerance: Tolerance | undefined): AslTask {
  return {
    Type: 'Task',
    Resource: `arn:${partition}:states:::aws-sdk:sfn:startSyncExecution`,
    Parameters: { 'StateMachineArn': stateMachineArn, 'Input.$': INPUT },
    TimeoutSeconds: TIMEOUT_SECONDS,
    // Error and Cause are not always there, and a path to what is missing fails the execution: `..` finds none or one.
    ResultSelector: {
      'status.$': '$.Status', 'executionArn.$': '$.ExecutionArn', 'errors.$': '$..Error', 'causes.$': '$..Cause', ...tolerance && { 'outputs.$': '$..Output' },
    },
    Retry: START_SYNC_EXECUTION_RETRIES,
  };
}

const FAILED_WITHOUT_CAUSE = 'Items Failed Without Cause';
const TIMED_OUT = 'Items Timed Out';

/** Items failed in an execution that did not. */
const ITEMS_FAILED_RULE: AslRule = {
  Comment: 'Items failed', And: [{ Variable: '$.page.outputs[0]', IsPresent: true }, { Not: { Variable: '$.page.outputs[0]', StringEquals: '[]' } }], Next: FailureState.GATHER,
};

/** How an execution failed, though the call that waited for it succeeded. */
function executionFailures(tolerance: Tolerance | undefined): PageFailures {
  const failed: AslCondition = { Not: { Variable: '$.page.status', StringEquals: 'SUCCEEDED' } };
  const hasError: AslCondition[] = [failed, { Not: { Variable: '$.page.status', StringEquals: 'TIMED_OUT' } }, { Variable: '$.page.errors[0]', IsPresent: true }];
  const how = "the Express execution {} of the page ended as {}', $.page.executionArn, $.page.status";
  return {
    rules: [
      { Comment: 'An item failed', And: [...hasError, { Variable: '$.page.causes[0]', IsPresent: true }], Next: PageState.ITEMS_FAILED },
      { Comment: 'An item failed, and nobody says why', And: hasError, Next: FAILED_WITHOUT_CAUSE },
      { Comment: 'Not all items were processed in time', ...failed, Next: TIMED_OUT },
      ...tolerance ? [ITEMS_FAILED_RULE] : [],
    ],
    states: {
      ...tolerance && { [FailureState.GATHER]: gatherItems('States.StringToJson($.page.outputs[0])') },
      [PageState.ITEMS_FAILED]: pageFailure({ 'Error.$': '$.page.errors[0]', 'Cause.$': '$.page.causes[0]' }),
      [FAILED_WITHOUT_CAUSE]: pageFailure({ 'Error.$': '$.page.errors[0]', 'Cause.$': `States.Format('There is no cause: ${how})` }),
      [TIMED_OUT]: pageFailure({
        'Error': PagedBatchEtlErrorName.ITEMS_TIMED_OUT, 'Cause.$': `States.Format('${PagedBatchEtlErrorName.ITEMS_TIMED_OUT}: ${how})`,
      }),
    },
  };
}

function pageFailure(failure: { readonly [key: string]: string }): AslState {
  return { Type: 'Pass', Parameters: failure, Next: PageState.FAILED };
}

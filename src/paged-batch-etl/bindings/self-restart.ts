import { Aws } from 'aws-cdk-lib';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { HistoryRestartBinding } from '../binding';
import { pageBudget } from '../workflow/history-budget';
import { linkMachine } from '../workflow/link-states';
import { declaredParameters, Machine, readPages } from '../workflow/machine';
import { PageState } from '../workflow/page-states';

/** Every execution can be redriven so often, whatever its pages cost. */
const REDRIVES = 10;

export function selfRestart({ pagesPerSegment }: { readonly pagesPerSegment?: number }): HistoryRestartBinding {
  return {
    create(scope, props) {
      const process = props.processor.render({
        partition: Aws.PARTITION, parameters: declaredParameters(props), next: PageState.CHECK, redrivenInside: true,
      });
      const { pages, largestSafeBatchSize } = pageBudget({
        // How many pages it is told to walk does not change its states.
        machine: linkMachine(props, process, 1),
        process,
        batchSize: props.batchSize,
        redrives: REDRIVES,
        asked: pagesPerSegment,
        option: 'pagesPerSegment of HistoryRestart.selfRestart',
      });
      const { stateMachine: workflow, role: workflowRole, logGroup: workflowLogGroup } = new Machine(scope, 'Workflow', {
        definition: linkMachine(props, process, pages),
        comment: 'Walks pages and starts itself anew before its history is full',
        roleDescription: 'Reads pages, has them processed, and starts the workflow anew',
        statements: [readPages(props), ...props.processor.statements(scope)],
        workflow: props,
      });
      // A policy of its own: the machine depends on the role's other rights, and these depend on the machine.
      const continuation = new Policy(scope, 'Continuation', {
        roles: [workflowRole],
        statements: [new PolicyStatement({ actions: ['states:StartExecution'], resources: [workflow.stateMachineArn] })],
      });
      return { workflow, workflowRole, workflowLogGroup, continuation, pagesPerSegment: pages, largestSafeBatchSize };
    },
  };
}

import { Aws } from 'aws-cdk-lib';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { RunContinuationBinding } from './binding';
import { pageBudget } from './history-budget';
import { declaredParameters, readPages } from './page-machine';
import type { SelfRestartOptions } from './run-continuation-options';
import { selfRestartMachine } from './self-restart-states';
import { fewestStates } from '../../private/synth/longest-walk';
import { InvalidPropError } from '../../private/synth/validation';
import { Machine } from '../workflow/machine';
import { PageState } from '../workflow/page-states';

/** Every execution can be redriven so often, whatever its pages cost. */
export const REDRIVES = 10;

/** Ranges side by side need one execution that waits for all of them. */
function cannotBeDivided(): InvalidPropError {
  return new InvalidPropError(
    'continuation', 'RunContinuation.selfRestart', 'RunContinuation.supervised where partitions is not Partitions.none',
    'one execution has to wait for all ranges; leave continuation out, or leave partitions out',
  );
}

/** The owner of a window is one execution, whose end says that the run has ended. */
function cannotKeepLedger(): InvalidPropError {
  return new InvalidPropError(
    'continuation', 'RunContinuation.selfRestart', 'RunContinuation.supervised where ledger is not RunLedger.none',
    'a run has to be one execution, so that its end gives the window back; leave continuation out, or leave ledger out',
  );
}

export function selfRestart({ pagesPerSegment }: SelfRestartOptions): RunContinuationBinding {
  return {
    redrivenInside: true,
    create(scope, props) {
      const { transport, partitions, ledger } = props;
      if (partitions !== undefined) throw cannotBeDivided();
      if (props.tolerance !== undefined) throw cannotTolerate();
      if (ledger !== undefined) throw cannotKeepLedger();
      const process = transport.render({
        partition: Aws.PARTITION, parameters: declaredParameters(props), next: PageState.CHECK, redrivenInside: true,
      });
      const { pages, largestSafeBatchSize } = pageBudget({
        // How many pages it is told to walk does not change its states.
        machine: selfRestartMachine(props, process, 1),
        process,
        batchSize: transport.batchSize,
        redrives: REDRIVES,
        asked: pagesPerSegment,
        option: 'pagesPerSegment of RunContinuation.selfRestart',
      });
      const { stateMachine: workflow, role: workflowRole, logGroup: workflowLogGroup } = new Machine(scope, 'Workflow', {
        definition: selfRestartMachine(props, process, pages),
        comment: 'Walks pages and starts itself again before its history is full',
        roleDescription: 'Reads pages, has them processed, and starts the workflow again',
        statements: [readPages(props), ...transport.statements(scope)],
        settings: props,
      });
      // A policy of its own: the machine depends on the role's other rights, and these depend on the machine.
      const continuation = new Policy(scope, 'Continuation', {
        roles: [workflowRole],
        statements: [new PolicyStatement({ actions: ['states:StartExecution'], resources: [workflow.stateMachineArn] })],
      });
      return {
        workflow,
        workflowRole,
        workflowLogGroup,
        startableAfter: continuation,
        pagesPerSegment: pages,
        largestSafeBatchSize,
        // Beside its pages: it is started, and starts the next one.
        transitions: { ofPage: fewestStates(selfRestartMachine(props, process, pages), PageState.READ, PageState.READ), ofSegment: 5 },
      };
    },
  };
}

/**
 * A page that fails fails its execution in the Task, so that a redrive goes on there: what is caught to go past failures could not be redriven. Nor could an execution
 * that ended because too many failed.
 */
function cannotTolerate(): InvalidPropError {
  return new InvalidPropError(
    'continuation', 'RunContinuation.selfRestart', 'RunContinuation.supervised where failurePolicy is FailurePolicy.tolerate',
    'only a supervised run can be redriven after too many items failed; leave continuation out, or leave failurePolicy out',
  );
}

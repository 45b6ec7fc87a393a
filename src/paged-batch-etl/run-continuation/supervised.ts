import { Aws } from 'aws-cdk-lib';
import { Policy } from 'aws-cdk-lib/aws-iam';
import { RunContinuationBinding } from './binding';
import { MAX_COUNT, pageBudget } from './history-budget';
import { outageWaits } from './outage';
import { collectFailures, declaredParameters, readPages } from './page-machine';
import type { SupervisedOptions } from './run-continuation-options';
import { RUN_SEGMENT, runMachine } from './run-states';
import { segmentMachine } from './segment-states';
import { loopEvents, mostRounds } from '../../private/synth/history';
import { Machine } from '../workflow/machine';
import { runAndWait } from '../workflow/nested-executions';
import { PageState } from '../workflow/page-states';

/** Events of the run's history that are kept for 100 waits of four events each, and for some thirty redrives. */
export const EVENTS_BESIDE_LOOP = 1_200;

export function supervised({ pagesPerSegment, outageTolerance }: SupervisedOptions): RunContinuationBinding {
  const waits = outageWaits(outageTolerance);
  return {
    redrivenInside: false,
    create(scope, props) {
      const { transport } = props;
      const process = transport.render({
        partition: Aws.PARTITION, parameters: declaredParameters(props), next: PageState.CHECK, redrivenInside: false, tolerance: props.tolerance,
      });
      const { pages, largestSafeBatchSize } = pageBudget({
        // How many pages it is told to walk does not change its states.
        machine: segmentMachine(props, process, 1),
        process,
        batchSize: transport.batchSize,
        // A segment is not redriven: the run is, and starts another one.
        redrives: 0,
        asked: pagesPerSegment,
        option: 'pagesPerSegment of RunContinuation.supervised',
      });
      const segment = new Machine(scope, 'Segment', {
        definition: segmentMachine(props, process, pages),
        comment: 'Walks the pages of a segment',
        roleDescription: 'Reads pages and has them processed',
        statements: [readPages(props), ...collectFailures(props), ...transport.statements(scope)],
        settings: props,
      });
      const itemsPerSegment = transport.maxPageItems * pages;
      const segmentArn = segment.stateMachine.stateMachineArn;
      // Its states are the same for any number of segments.
      const { machine, besideLoop } = runMachine(props, { segmentArn, maxSegments: 1, waits });
      const maxSegments = mostRounds(loopEvents(machine, RUN_SEGMENT, { leaveOut: besideLoop }), EVENTS_BESIDE_LOOP);
      // Pages may have far fewer items than they can have: then the history allows more segments than full ones could be counted.
      const countable = Math.floor(MAX_COUNT / itemsPerSegment);
      const maxItemsBefore = maxSegments > countable ? MAX_COUNT - itemsPerSegment : undefined;
      const run = new Machine(scope, 'Workflow', {
        definition: runMachine(props, { segmentArn, maxSegments, maxItemsBefore, waits }).machine,
        comment: 'Processes a collection, one segment after another',
        roleDescription: 'Runs segments',
        statements: runAndWait(scope, segment.stateMachine),
        settings: props,
      });
      if (transport.rightsOnItself !== undefined) {
        // A policy of its own, as the machine depends on the role's other rights. No segment is started before it is there.
        const statements = transport.rightsOnItself(segment.stateMachine);
        run.stateMachine.node.addDependency(new Policy(scope, 'MapRuns', { roles: [segment.role], statements }));
      }
      return {
        workflow: run.stateMachine,
        segment: segment.stateMachine,
        workflowLogGroup: run.logGroup,
        segmentLogGroup: segment.logGroup,
        workflowRole: run.role,
        segmentRole: segment.role,
        pagesPerSegment: pages,
        largestSafeBatchSize,
        maxItemsPerRun: itemsPerSegment * Math.min(maxSegments, countable),
      };
    },
  };
}

import { Aws } from 'aws-cdk-lib';
import { RunContinuationBinding } from './binding';
import { MAX_COUNT, pageBudget } from './history-budget';
import { declaredParameters, readPages } from './page-machine';
import { outageWaits } from './outage';
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
        partition: Aws.PARTITION, parameters: declaredParameters(props), next: PageState.CHECK, redrivenInside: false,
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
        statements: [readPages(props), ...transport.statements(scope)],
        settings: props,
      });
      const itemsPerSegment = transport.maxPageItems * pages;
      const segmentArn = segment.stateMachine.stateMachineArn;
      // Its states are the same for any number of segments.
      const { machine, besideLoop } = runMachine(props, { segmentArn, maxSegments: 1, waits });
      const segments = Math.min(
        mostRounds(loopEvents(machine, RUN_SEGMENT, { leaveOut: besideLoop }), EVENTS_BESIDE_LOOP),
        Math.floor(MAX_COUNT / itemsPerSegment),
      );
      const run = new Machine(scope, 'Workflow', {
        definition: runMachine(props, { segmentArn, maxSegments: segments, waits }).machine,
        comment: 'Processes a collection, one segment after another',
        roleDescription: 'Runs segments',
        statements: runAndWait(scope, segment.stateMachine),
        settings: props,
      });
      return {
        workflow: run.stateMachine,
        segment: segment.stateMachine,
        workflowLogGroup: run.logGroup,
        segmentLogGroup: segment.logGroup,
        workflowRole: run.role,
        segmentRole: segment.role,
        pagesPerSegment: pages,
        largestSafeBatchSize,
        maxItemsPerRun: itemsPerSegment * segments,
      };
    },
  };
}

import { Aws } from 'aws-cdk-lib';
import { Policy } from 'aws-cdk-lib/aws-iam';
import { RunContinuationBinding, RunContinuationProps, WorkflowParts } from './binding';
import { MAX_COUNT, pageBudget } from './history-budget';
import { outageWaits } from './outage';
import { collectFailures, declaredParameters, readPages } from './page-machine';
import { partitionedMachine } from './partitioned-states';
import { segmentsOfRanges } from './range-budget';
import type { SupervisedOptions } from './run-continuation-options';
import { runMachine } from './run-states';
import { RUN_SEGMENT } from './segment-loop';
import { isRecordedByPage, segmentMachine } from './segment-states';
import { AslMachine } from '../../private/synth/asl';
import { loopEvents, mostRounds } from '../../private/synth/history';
import { fewestStates } from '../../private/synth/longest-walk';
import { PartitionParts } from '../partitions/binding';
import { keepLedger, windowWaitEvents } from '../run-ledger/ledger-states';
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
        partition: Aws.PARTITION,
        parameters: declaredParameters(props),
        next: PageState.CHECK,
        redrivenInside: false,
        tolerance: props.tolerance,
        ...props.partitions && { namedAfter: '$$.Execution.Id' },
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
        statements: [readPages(props), ...collectFailures(props), ...keepLedger(props.ledger), ...transport.statements(scope)],
        settings: props,
      });
      const itemsPerSegment = transport.maxPageItems * pages;
      const segmentArn = segment.stateMachine.stateMachineArn;
      const { definition, maxItems: maxItemsPerRun } = props.partitions === undefined
        ? oneAfterAnother(props, { segmentArn, itemsPerSegment, waits })
        : sideBySide(props, { partitions: props.partitions, segmentArn, itemsPerSegment, waits });
      const run = new Machine(scope, 'Workflow', {
        definition,
        comment: 'Processes a collection, one segment after another',
        roleDescription: 'Runs segments',
        statements: [
          ...runAndWait(scope, segment.stateMachine), ...asksSource(props) ? [readPages(props)] : [], ...keepLedger(props.ledger),
        ],
        settings: props,
      });
      if (transport.rightsOnItself !== undefined) {
        // A policy of its own, as the machine depends on the role's other rights. No segment is started before it is there.
        const statements = transport.rightsOnItself(segment.stateMachine);
        run.stateMachine.node.addDependency(new Policy(scope, 'MapRuns', { roles: [segment.role], statements }));
      }
      const startableAfter = props.ledger?.mayDescribe([run.stateMachine, segment.stateMachine]);
      return {
        workflow: run.stateMachine,
        segment: segment.stateMachine,
        workflowLogGroup: run.logGroup,
        segmentLogGroup: segment.logGroup,
        workflowRole: run.role,
        segmentRole: segment.role,
        startableAfter,
        pagesPerSegment: pages,
        transitions: transitionsOf(props, segmentMachine(props, process, pages)),
        largestSafeBatchSize,
        maxItemsPerRun,
      };
    },
  };
}

/** Of a segment two in the run, and two in the segment; where there is a ledger, it is told of each segment, or of each page, the first page of a segment included. */
function transitionsOf(props: RunContinuationProps, machine: AslMachine): WorkflowParts['transitions'] {
  const page = fewestStates(machine, PageState.READ, PageState.READ);
  if (props.ledger === undefined) return { ofPage: page, ofSegment: 4 };
  return isRecordedByPage(props) ? { ofPage: page + 1, ofSegment: 4 } : { ofPage: page, ofSegment: 5 };
}

/** Whether the run itself calls the source function. */
function asksSource({ partitions, ledger, countsItems }: RunContinuationProps): boolean {
  return partitions !== undefined || (ledger !== undefined && countsItems);
}

interface RunOptions {
  readonly segmentArn: string;
  readonly itemsPerSegment: number;
  readonly waits: readonly number[];
}

interface RunDefinition {
  readonly definition: AslMachine;
  /** Most items of a run. */
  readonly maxItems: number;
}

function oneAfterAnother(props: RunContinuationProps, { segmentArn, itemsPerSegment, waits }: RunOptions): RunDefinition {
  // Its states are the same for any number of segments.
  const sample = runMachine(props, { segmentArn, maxSegments: 1, waits });
  const events = loopEvents(sample.machine, RUN_SEGMENT, { leaveOut: sample.besideLoop });
  const maxSegments = mostRounds(events, EVENTS_BESIDE_LOOP + windowWaitEvents(props.ledger));
  const count = countable(itemsPerSegment, maxSegments);
  const { machine: definition } = runMachine(props, { segmentArn, maxSegments, waits, maxItemsBefore: count.maxItemsBefore });
  return { definition, maxItems: itemsPerSegment * Math.min(maxSegments, count.segments) };
}

/** Pages may have far fewer items than they can have: then the history allows more segments than full ones could be counted. */
function countable(itemsPerSegment: number, maxSegments: number) {
  const segments = Math.floor(MAX_COUNT / itemsPerSegment);
  return { segments, maxItemsBefore: maxSegments > segments ? MAX_COUNT - itemsPerSegment : undefined };
}

interface DividedRunOptions extends RunOptions {
  readonly partitions: PartitionParts;
}

function sideBySide(props: RunContinuationProps, { partitions, segmentArn, itemsPerSegment, waits }: DividedRunOptions): RunDefinition {
  const maxSegments = segmentsOfRanges(props, partitions, waits);
  const { maxItemsBefore } = countable(itemsPerSegment, maxSegments);
  return {
    definition: partitionedMachine(props, { partitions, segmentArn, maxSegments, maxItemsBefore, waits }),
    maxItems: itemsPerSegment * (maxSegments - 1 - partitions.ranges),
  };
}

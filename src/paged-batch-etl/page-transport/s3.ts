import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { PageTransportBinding } from './binding';
import { PageBucket } from './page-bucket';
import { MAP_LABEL, pageObjectStates, writePage } from './page-object-states';
import type { S3TransportOptions } from './page-transport-options';
import { checkedS3Options } from './s3-options-check';
import { InvalidPropError } from '../../private/synth/validation';
import { MAX_PAGE_ITEMS } from '../contracts/read-page';
import { MAX_BATCH_TEXT_BYTES } from '../item-processor/read-batch';

/** The source function writes a page to S3, and a Distributed Map hands its batches to the processor. */
export function s3(options: S3TransportOptions): PageTransportBinding {
  const { deletePages, maxPageBytes, ...store } = checkedS3Options(options);
  return {
    bind: ({ scope, processor, batchSize, redrivenInside, machines: { encryptionKey, removalPolicy }, tolerance }) => {
      if (redrivenInside) throw cannotRestartItself();
      const tolerates = tolerance !== undefined;
      const processing = processor.byReference({ scope, batchSize, tolerates });
      const room = { bytes: processing.maxBatchBytes, textBytes: MAX_BATCH_TEXT_BYTES, items: processing.maxBatchItems ?? null };
      const pages = new PageBucket(scope, {
        ...store,
        encryptionKey,
        removalPolicy,
        maxPageBytes: maxPageBytes.toBytes(),
        room,
        processor: processing.processor,
      });
      return {
        batchSize: processing.batchSize,
        oneItemACall: processing.oneItemACall,
        maxPageItems: MAX_PAGE_ITEMS,
        maxPageBytes: processing.maxPageBytes,
        callsAtATime: processing.callsAtATime,
        readPage: writePage(room, tolerates),
        render: ({ partition, parameters, next }) => (
          pageObjectStates({ partition, next, deletePages, tolerates, batches: processing.render({ partition, parameters }) })),
        statements: (user) => [...pages.processorStatements(deletePages), ...processing.statements(user)],
        rightsOnItself: runMaps,
        store: pages,
      };
    },
  };
}

/**
 * A redrive of such an execution would redrive the Map Run, and a child that ended in a Fail state fails again: the page could never succeed. Nor has a run
 * room for more items than with the other.
 */
function cannotRestartItself(): InvalidPropError {
  return new InvalidPropError(
    'continuation', 'RunContinuation.selfRestart', 'RunContinuation.supervised where transport is PageTransport.s3',
    'a run of it has room for as many items, and is redriven at the page that failed; leave continuation out, or let pages travel inline',
  );
}

/**
 * What a Distributed Map does with its own machine: the executions of a Map Run are started in the name of the machine's role. Source: Step Functions
 * developer guide, "IAM policies for using Distributed Map states". Executions of a Map Run have the label in their ARNs.
 */
function runMaps(machine: StateMachine): PolicyStatement[] {
  const stack = Stack.of(machine);
  const executions = ['', `/${MAP_LABEL}`].map((label) => stack.formatArn({
    service: 'states', resource: 'execution', resourceName: `${machine.stateMachineName}${label}:*`, arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  }));
  return [
    new PolicyStatement({ actions: ['states:StartExecution'], resources: [machine.stateMachineArn] }),
    new PolicyStatement({ actions: ['states:DescribeExecution', 'states:StopExecution'], resources: executions }),
  ];
}

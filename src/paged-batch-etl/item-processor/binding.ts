import { Duration, IResource } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { AslDistributedMap } from '../../private/synth/asl';
import { Machine } from '../workflow/machine';
import { ProcessPageOptions, ProcessPageStates } from '../workflow/process-page';
import { Tolerance } from '../workflow/tolerance';
import { MachineSettings } from '../workflow/workflow-props';

/** How the items of a page are processed. */
export interface ItemProcessorBinding {
  /** How long after the end of a run a call of the user's function may go on. */
  readonly outlivesRun: Duration;
  /** Processes pages that travel in the state of the workflow. */
  inline(options: InlineProcessingOptions): InlineProcessing;
  /** Processes pages of which the workflow knows only where they are. */
  byReference(options: ReferenceProcessingOptions): ReferenceProcessing;
}

export interface InlineProcessingOptions {
  readonly scope: Construct;
  /** What the user asked for. */
  readonly batchSize?: number;
  /** Whether a redrive goes on inside the machine that walks pages. */
  readonly redrivenInside: boolean;
  /** For what is made beside the machine that walks pages. */
  readonly machines: MachineSettings;
  /** Present where a run goes past items that fail. */
  readonly tolerance?: Tolerance;
}

export interface InlineProcessing {
  /** Most items in a page. */
  readonly batchSize: number;
  /** Most bytes of a page, as UTF-8 JSON. */
  readonly maxPageBytes: number;
  /** Most calls, or executions of the user's machine, that process a page at the same time. */
  readonly callsAtATime: number;
  /** The machine that processes the items of a page, where it is one of ours. */
  readonly items?: Machine;
  /** Renders the state called `Process Page`, which takes the items of `$.page` and replaces them, and what belongs to it. */
  render(options: ProcessPageOptions): ProcessPageStates;
  /** Rights that the role of the machine needs to process. */
  statements(scope: Construct): PolicyStatement[];
}

export interface ReferenceProcessingOptions {
  readonly scope: Construct;
  /** What the user asked for. */
  readonly batchSize?: number;
  /** Whether executions tell what failed, and do not fail themselves. */
  readonly tolerates: boolean;
}

export interface ReferenceProcessing {
  /** Most items of one call. */
  readonly batchSize: number;
  /** Whether a call has one item, whatever the batch size is. */
  readonly oneItemACall: boolean;
  /** Most bytes, as UTF-8 JSON, of an inline page for executions that run while the transport changes, where they do not say what they have room for. */
  readonly maxPageBytes: number;
  /** Most bytes of a batch of the page, as ASCII JSON. */
  readonly maxBatchBytes: number;
  /** Most items of a batch; absent: as many as the run says. */
  readonly maxBatchItems?: number;
  /** Most calls, or executions of the user's machine, that process a page at the same time. */
  readonly callsAtATime: number;
  /** The function that is called, or the state machine that is started. */
  readonly processor: IResource;
  /** How the Map called `Process Page` hands out the batches of a page, and the executions that get them. */
  render(options: Pick<ProcessPageOptions, 'partition' | 'parameters'>): BatchProcessing;
  /** Rights that the role of the machine needs to process. */
  statements(scope: Construct): PolicyStatement[];
}

export type BatchProcessing = Pick<AslDistributedMap, 'MaxConcurrency' | 'ItemSelector' | 'ItemBatcher' | 'ItemProcessor'>;

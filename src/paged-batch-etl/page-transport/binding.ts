import { Grant, IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { ItemProcessorBinding } from '../item-processor/binding';
import { Machine } from '../workflow/machine';
import { ReadPageTemplate } from '../workflow/page-states';
import { ProcessPageOptions, ProcessPageStates } from '../workflow/process-page';
import { Tolerance } from '../workflow/tolerance';
import { MachineSettings } from '../workflow/workflow-props';

/** How a page gets from the source function to the processor. */
export interface PageTransportBinding {
  bind(options: PageTransportBindOptions): PageTransportParts;
}

export interface PageTransportBindOptions {
  readonly scope: Construct;
  readonly processor: ItemProcessorBinding;
  /** What the user asked for. */
  readonly batchSize?: number;
  /** Whether a redrive goes on inside the machine that walks pages. */
  readonly redrivenInside: boolean;
  /** For what is made beside the machine that walks pages. */
  readonly machines: MachineSettings;
  /** Present where a run goes past items that fail. */
  readonly tolerance?: Tolerance;
}

export interface PageTransportParts {
  /** Largest `batch_size` of a run, and its default. */
  readonly batchSize: number;
  /** Whether every call has one item and a page as many as fit, so that `batch_size` is for the source alone. */
  readonly oneItemACall: boolean;
  /** Most items in a page. */
  readonly maxPageItems: number;
  /** Most bytes, as UTF-8 JSON, of a page that travels in the state. */
  readonly maxPageBytes: number;
  /** Most calls of the processor that a page is processed with at the same time. */
  readonly callsAtATime: number;
  /** Asks the source function for a page. */
  readonly readPage: ReadPageTemplate;
  /** The machine that processes the items of a page, where it is one of ours and no part of the machine that walks pages. */
  readonly items?: Machine;
  /** Rights on the machine itself that its role needs beside `statements`. */
  readonly rightsOnItself?: (machine: StateMachine) => PolicyStatement[];
  /** Where pages are written, if they are. */
  readonly store?: PageStore;
  /** Renders the state called `Process Page`, which takes `$.page` and replaces it, and what belongs to it. */
  render(options: ProcessPageOptions): ProcessPageStates;
  /** Rights that the role of the machine needs to process. */
  statements(scope: Construct): PolicyStatement[];
}

/** A place that pages are written to. */
export interface PageStore {
  readonly bucket: IBucket;
  /** What the source function is told of it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Rights of the source function. */
  readonly writerStatements: readonly PolicyStatement[];
  /** Rights to read pages, and what Step Functions writes about them. */
  readonly readerStatements: readonly PolicyStatement[];
  /** Grants the right to read pages. */
  grantRead(grantee: IGrantable): Grant;
}

import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ProcessPageOptions, ProcessPageStates } from '../workflow/process-page';

/** How the items of a page are processed. */
export interface ItemProcessorBinding {
  /** Items in a page unless the construct is told otherwise. */
  readonly defaultBatchSize: number;
  /** Most bytes of a page, as UTF-8 JSON. */
  readonly maxPageBytes: number;
  /** Renders the state called `Process Page`, which takes the items of `$.page` and replaces them, and what belongs to it. */
  render(options: ProcessPageOptions): ProcessPageStates;
  /** Rights that the role of the machine needs to process. */
  statements(scope: Construct): PolicyStatement[];
}

import { PageTransportBinding } from './binding';
import { inline } from './inline';
import { S3_TRANSPORT_KINDS } from './option-kinds';
import { S3TransportOptions } from './page-transport-options';
import { s3 } from './s3';
import { checkOptions } from '../../private/synth/option-kinds';

/** How a page gets from the source function to the processor. */
export class PageTransport {
  /**
   * The items of a page travel in the state of the workflow, and are processed there. A page has up to 180 KiB, which are 150 documents of 1 KB; or up to 110
   * KiB with `ItemProcessor.stateMachine`, and with `ItemProcessor.perItem` in an Express execution. The history of the executions keeps them for up to 90 days.
   *
   * It is the default. Choose it for up to some hundred thousand items in a run, or where documents must not be stored in another place.
   *
   * @example
   * PageTransport.inline();
   */
  public static inline(): PageTransport {
    return new PageTransport(inline());
  }

  /**
   * The source function writes each page to Amazon S3 as batches of items, and a Distributed Map of Step Functions has executions read these by their
   * place and call the processor: many calls at once, up to `maxConcurrency` of the processor. A page has up to `maxPageBytes` or 20,000 items, so a run of millions takes hundreds
   * of pages, and its documents do not stand in the history of the workflow.
   *
   * `batchSize`, and the `batch_size` of a run, say how many items one call of the processor gets at most, not how many a page has; a call of
   * `ItemProcessor.perItem` gets one in any case, so `batchSize` is refused there, but for `PageSource.custom`, which it tells how many to answer. A function of
   * `ItemProcessor.perBatch` gets items of up to 200 KiB a call, and a machine of `ItemProcessor.stateMachine` of up to 90 KiB, as JSON in ASCII. A larger
   * item does not travel to the processor: it gets `itemAt`, which says where in S3 the item is, in place of `item`. Give the processor the right to read it with `grantReadPages`. The items of a page are processed in no order.
   *
   * A page whose processing failed fails the run with `ItemsFailed`, and the redrive of the run processes that whole page again. It has the same
   * items with the same idempotency keys as before, even if the collection has changed; unless the source or the limits of pages and batches were changed by
   * a deployment in between. Not together with `RunContinuation.selfRestart`.
   *
   * Choose it for runs of a million items and more, for documents of more than 180 KiB as JSON (110 KiB with `ItemProcessor.stateMachine`, and with `ItemProcessor.perItem` in an Express
   * execution), which do not fit into an inline page, and where many items are to be processed at the same time. With `ItemProcessor.stateMachine`, and with a `perBatch` function that is imported or slow,
   * it is faster than `inline` but costs more.
   *
   * @example
   * PageTransport.s3({ retention: Duration.days(15), deletePages: true });
   */
  public static s3(options: S3TransportOptions = {}): PageTransport {
    return new PageTransport(s3(checkOptions('PageTransport.s3', options, S3_TRANSPORT_KINDS)));
  }

  /** @internal */
  public readonly _binding: PageTransportBinding;

  private constructor(binding: PageTransportBinding) {
    this._binding = binding;
  }
}

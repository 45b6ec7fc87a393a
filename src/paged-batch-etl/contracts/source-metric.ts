/** Namespace and names of the metrics that source functions write, with the dimension `FunctionName`. */
export const SourceMetric = {
  NAMESPACE: 'PagedBatchEtl',
  DIMENSION: 'FunctionName',
  /** Second dimension of `EMPTY_RUNS` where a schedule started the run: what the names of its executions begin with. */
  SCHEDULE: 'Schedule',
  /** Pages read; count. */
  PAGES_READ: 'PagesRead',
  /** Items read; count. */
  ITEMS_READ: 'ItemsRead',
  /** With the first page of each run: 1 if the run has nothing to read, else 0; count. */
  EMPTY_RUNS: 'EmptyRuns',
  /** Seconds between now and the first sort key of the last item, where that is a date. */
  LAG: 'Lag',
  /** Runs that succeeded; count. Written by the function that keeps the ledger, with its own name. */
  SUCCEEDED_RUNS: 'SucceededRuns',
  /** Those of them that had something to process; count. */
  PROCESSING_RUNS: 'ProcessingRuns',
  /** Seconds between now and the watermark of a schedule, whenever that is due. Written by its planner, with the planner's name. */
  WATERMARK_LAG: 'WatermarkLag',
  /** Items that failed and were tolerated; count. Written by the function that collects failures, with its own name. */
  FAILED_ITEMS: 'FailedItems',
} as const;

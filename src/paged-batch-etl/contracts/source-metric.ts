/** Namespace and names of the metrics that source functions write, with the dimension `FunctionName`. */
export const SourceMetric = {
  NAMESPACE: 'PagedBatchEtl',
  DIMENSION: 'FunctionName',
  /** Pages read; count. */
  PAGES_READ: 'PagesRead',
  /** Items read; count. */
  ITEMS_READ: 'ItemsRead',
  /** Seconds between now and the first sort key of the last item, where that is a date. */
  LAG: 'Lag',
} as const;

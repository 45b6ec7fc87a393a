/**
 * What the idempotency key of an item depends on beside its identifier: how long a receiver takes it for the same item.
 *
 * A key is always the same however often an item is processed in one run. Change the scope, and with `WINDOW` the declared parameters, only while no run is
 * underway and none is to be redriven: pages that are read after the deployment have other keys, so that a page that is processed again is not known as one.
 */
export enum IdempotencyScope {
  /**
   * The run: another run over the same items has other keys.
   *
   * Choose it if another run is meant to have an effect once more, such as a report that is sent again.
   */
  RUN = 'run',
  /**
   * The values of the declared parameters: two runs with the same values have the same keys. Dates count as moments and names in any order, so
   * that `2026-11-24` and `2026-11-24T00:00:00Z` are the same. `batch_size` does not count.
   *
   * Choose it if a window that is run again is a repeat, such as after a run that could not be redriven anymore. A receiver that drops what it knows then drops an item that was
   * changed since, too.
   */
  WINDOW = 'window',
  /**
   * Nothing else: an item has the same key in all runs.
   *
   * Choose it if each item is to have its effect once for ever, however many windows it is in. A receiver that drops what it knows then never sees a change of an item.
   */
  ITEM = 'item',
}

/** What becomes of a run that reads nothing at all: no document is under its filter, or the collection does not exist. */
export enum EmptyRun {
  /** It succeeds, with 0 items: choose it where a window may well have nothing. */
  SUCCEED = 'succeed',
  /**
   * It fails with `EmptyRun`, and the alarm goes off: choose it where there is always something to read, so that nothing means a mistake, such as a
   * misspelt collection. A redrive looks again.
   */
  FAIL = 'fail',
}

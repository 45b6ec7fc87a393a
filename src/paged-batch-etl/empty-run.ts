/** What happens to a run that reads nothing: no document matches its filter, or the collection does not exist. */
export enum EmptyRun {
  /** The run succeeds, with 0 items. Choose it if a window can be empty. */
  SUCCEED = 'succeed',
  /**
   * The run fails with `EmptyRun`, and the alarm goes off. Choose it if there is always something to read: an empty run is then a mistake, such as a
   * misspelt collection. A redrive looks again.
   */
  FAIL = 'fail',
}

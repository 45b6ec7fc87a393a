/** Names of the errors of a backfill. `BackfillErrors` tells what each one means and what to do about it. */
export const BackfillErrorName = {
  WINDOWS_FAILED: 'WindowsFailed',
} as const;

/**
 * Names of the errors with which a backfill fails.
 *
 * Each error has its cause, what to do, and how to go on.
 */
export class BackfillErrors {
  /**
   * The runs of some windows failed, and all others were processed. `cause` is the list of these windows: JSON, each with `begin` and `end`.
   *
   * The runs have their windows in their names, `backfill-<hash>-<begin>-<end>`: look at why they failed, as for any run, and fix it.
   *
   * Then start the backfill again: it redrives the runs that failed, and leaves out the windows that are done. A redrive of the backfill itself only
   * reports the same once more.
   */
  public static readonly WINDOWS_FAILED = BackfillErrorName.WINDOWS_FAILED;

  private constructor() {}
}

import { RunLedgerBinding } from './binding';
import { none } from './none';
import { TABLE_LEDGER_KINDS } from './option-kinds';
import { TableLedgerOptions } from './run-ledger-options';
import { table } from './table';
import { checkOptions } from '../../private/synth/option-kinds';

/** What runs leave behind beside their executions, and whether two of them may process the same window. */
export class RunLedger {
  /**
   * No ledger. Runs know nothing of each other: two with the same parameters both process everything.
   *
   * It is the default. Choose it where nothing starts a window twice, or where it does no harm.
   *
   * @example
   * RunLedger.none();
   */
  public static none(): RunLedger {
    return new RunLedger(none());
  }

  /**
   * A table in Amazon DynamoDB, with an item for each window, and items for each run.
   *
   * The values of its parameters are the window of a run. Two runs of the same window never read it at the same time: `whenLocked` says what the second one
   * does. If a run fails or is stopped, it keeps its window for a while (`takeOverAfter`), so that it can be redriven. After that another run may take the window over, and the old
   * one then fails with `LockLost` when it is redriven. The ledger also has how far each run is, how fast, and when it will have ended: as of the beginning of each segment, and with
   * `PageTransport.s3` of each page. A run with `resume` in its input goes on where another one ended.
   *
   * Choose it where somebody may start a window by hand while a schedule does, or where somebody wants to see how far runs are. Not together with
   * `RunContinuation.selfRestart`. It costs a state transition and an invocation for each segment, or
   * with `PageTransport.s3` for each page.
   *
   * @example
   * RunLedger.table({ whenLocked: WhenLocked.SKIP });
   */
  public static table(options: TableLedgerOptions = {}): RunLedger {
    return new RunLedger(table(checkOptions('RunLedger.table', options, TABLE_LEDGER_KINDS)));
  }

  /** @internal */
  public readonly _binding: RunLedgerBinding;

  private constructor(binding: RunLedgerBinding) {
    this._binding = binding;
  }
}

import { RunContinuationBinding } from './binding';
import { SELF_RESTART_KINDS, SUPERVISED_KINDS } from './option-kinds';
import { SelfRestartOptions, SupervisedOptions } from './run-continuation-options';
import { selfRestart } from './self-restart';
import { supervised } from './supervised';
import { checkOptions } from '../../private/synth/option-kinds';

/** How a run goes on when the history of an execution is full: Step Functions allows 25,000 events. */
export class RunContinuation {
  /**
   * One execution is the run, and starts others that walk the pages. Whoever started it waits for that one and redrives that one; it answers
   * `{ "items": …, "pages": …, "segments": … }`.
   *
   * It is the default. Choose it unless a run is longer than `maxItemsPerRun`: it waits for the end of an outage, and to go on after a
   * failure there is one execution to redrive.
   *
   * @example
   * RunContinuation.supervised({ outageTolerance: Duration.hours(4) });
   */
  public static supervised(options: SupervisedOptions = {}): RunContinuation {
    return new RunContinuation(supervised(checkOptions('RunContinuation.supervised', options, SUPERVISED_KINDS)));
  }

  /**
   * The execution starts the next one and ends: there is no other state machine, and no limit to the length of a run but two billion items.
   *
   * Whoever started it sees the first execution end, not the run: the last execution answers `{ "items": …, "pages": …, "segments": … }`, the ones
   * before it `{ "continuedBy": … }` with the ARN of the next. A page that failed is redriven in the execution that it failed in.
   *
   * Choose it where one run has more items than `maxItemsPerRun`, where nobody waits for its end, and where failing after an outage of a minute is
   * acceptable.
   *
   * @example
   * RunContinuation.selfRestart({ pagesPerSegment: 100 });
   */
  public static selfRestart(options: SelfRestartOptions = {}): RunContinuation {
    return new RunContinuation(selfRestart(checkOptions('RunContinuation.selfRestart', options, SELF_RESTART_KINDS)));
  }

  /** @internal */
  public readonly _binding: RunContinuationBinding;

  private constructor(binding: RunContinuationBinding) {
    this._binding = binding;
  }
}

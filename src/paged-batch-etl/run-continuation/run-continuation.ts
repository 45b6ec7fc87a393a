import { RunContinuationBinding } from './binding';
import { SELF_RESTART_KINDS, SUPERVISED_KINDS } from './option-kinds';
import { SelfRestartOptions, SupervisedOptions } from './run-continuation-options';
import { selfRestart } from './self-restart';
import { supervised } from './supervised';
import { checkOptions } from '../../private/synth/option-kinds';

/** How a run goes on when the history of an execution is full: Step Functions allows 25,000 events. */
export class RunContinuation {
  /**
   * One execution is the run, and starts others that walk the pages. This one execution is what you start, wait for and redrive. It answers
   * `{ "items": …, "pages": …, "segments": … }`.
   *
   * It is the default. Choose it unless a run has more items than `maxItemsPerRun`. It waits for the end of an outage, and after a failure there is
   * one execution to redrive.
   *
   * @example
   * RunContinuation.supervised({ outageTolerance: Duration.hours(4) });
   */
  public static supervised(options: SupervisedOptions = {}): RunContinuation {
    return new RunContinuation(supervised(checkOptions('RunContinuation.supervised', options, SUPERVISED_KINDS)));
  }

  /**
   * Each execution starts the next one and ends. There is no other state machine, and a run may have up to two billion items.
   *
   * You can wait for the end of the first execution only, not of the run. The last execution answers `{ "items": …, "pages": …, "segments": … }`.
   * The ones before it answer `{ "continuedBy": … }` with the ARN of the next. If a page fails, redrive the execution in which it failed.
   *
   * Choose it if one run has more items than `maxItemsPerRun`, nobody waits for its end, and it may fail after an outage of a minute.
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

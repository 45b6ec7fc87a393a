import { FailurePolicyBinding } from './binding';
import { TolerateOptions } from './failure-policy-options';
import { TOLERATE_KINDS } from './option-kinds';
import { tolerate } from './tolerate';
import { checkOptions } from '../../private/synth/option-kinds';

/** What a run does about items that fail for good: those that the processor names, and those of a call that failed in all attempts. */
export class FailurePolicy {
  /**
   * The first item that fails for good fails the run. A redrive processes its page again.
   *
   * It is the default. Choose it where items must not be left out, or depend on each other.
   *
   * @example
   * FailurePolicy.failFast();
   */
  public static failFast(): FailurePolicy {
    return new FailurePolicy({ bind: () => undefined });
  }

  /**
   * The run goes past items that fail, writes a letter about each of them to Amazon S3, and counts them: it answers
   * `{ "items": …, "failed": …, "pages": …, "segments": … }`. With too many failures it fails with `TooManyFailedItems`.
   *
   * What is tolerated: items in `batchItemFailures`; all items of a call, or of an execution of `ItemProcessor.stateMachine`, that failed in all its attempts. With `ItemProcessor.perItem`, a
   * call has one item. And documents that can be in no page (`DocumentUnreadable`, `ItemTooLarge`), if their sort fields can be read. A failure of AWS Lambda itself is none of an item: the run
   * waits for its end. Nor is an answer that cannot be read, or that names something else than items of the call.
   *
   * Letters are JSON lines, in an object for each page that has any:
   * `{ "itemIdentifier": …, "idempotencyKey": …, "error": …, "cause": …, "run": …, "page": … }`. Their key begins with `prefix` and the name of the run's execution.
   *
   * A run with `"replay": "<ARN of that execution>"` in its input reads these letters in place of its source. No parameter may be called `replay`.
   *
   * Choose it for runs over many items of which some are broken, where the others should not wait for them. Not together with `RunContinuation.selfRestart`.
   *
   * @example
   * FailurePolicy.tolerate({ maxItems: 100, deadLetters: { withDocuments: true } });
   */
  public static tolerate(options: TolerateOptions = {}): FailurePolicy {
    return new FailurePolicy(tolerate(checkOptions('FailurePolicy.tolerate', options, TOLERATE_KINDS)));
  }

  /** @internal */
  public readonly _binding: FailurePolicyBinding;

  private constructor(binding: FailurePolicyBinding) {
    this._binding = binding;
  }
}

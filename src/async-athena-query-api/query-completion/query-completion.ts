import { adaptivePolling } from './adaptive-polling';
import { QueryCompletionBinding } from './binding';
import { ADAPTIVE_POLLING_KINDS, POLLING_KINDS } from './option-kinds';
import { polling } from './polling';
import { AdaptivePollingOptions, PollingOptions } from './query-completion-options';
import { checkOptions } from '../../private/synth/option-kinds';

/** How the workflow learns that a query is finished. */
export class QueryCompletion {
  /**
   * Looks at the query at a fixed interval, as the published design does.
   *
   * Each look costs three state transitions. A query of a second is noticed after a whole interval.
   */
  public static polling(options: PollingOptions = {}): QueryCompletion {
    return new QueryCompletion(polling(checkOptions('QueryCompletion.polling', options, POLLING_KINDS)));
  }

  /**
   * Looks at the query every second at first and then ever more rarely: short queries are noticed at once, long ones cost little.
   */
  public static adaptivePolling(options: AdaptivePollingOptions = {}): QueryCompletion {
    return new QueryCompletion(adaptivePolling(checkOptions('QueryCompletion.adaptivePolling', options, ADAPTIVE_POLLING_KINDS)));
  }

  /** @internal */
  public readonly _binding: QueryCompletionBinding;

  private constructor(binding: QueryCompletionBinding) {
    this._binding = binding;
  }
}

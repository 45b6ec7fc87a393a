import { adaptivePolling } from './adaptive-polling';
import { QueryCompletionBinding } from './binding';
import { ADAPTIVE_POLLING_KINDS, POLLING_KINDS } from './option-kinds';
import { polling } from './polling';
import { AdaptivePollingOptions, PollingOptions } from './query-completion-options';
import { checkOptions } from '../../private/synth/option-kinds';

/**
 * How the workflow learns that a query has ended. Athena calls nobody back, so the workflow polls it: each poll takes three state transitions.
 */
export class QueryCompletion {
  /**
   * Polls at a fixed interval.
   *
   * Choose this where nearly all queries take minutes and a delay of one interval does not matter: it polls less often at first, which is cheaper for
   * short queries, but a query of a second is noticed only after a whole interval. For queries of many minutes the default is cheaper.
   *
   * @example
   * new AsyncAthenaQueryApi(this, 'Queries', { queryCompletion: QueryCompletion.polling({ interval: Duration.seconds(30) }) });
   */
  public static polling(options: PollingOptions = {}): QueryCompletion {
    return new QueryCompletion(polling(checkOptions('QueryCompletion.polling', options, POLLING_KINDS)));
  }

  /**
   * Polls every second at first, and less often the longer a query takes.
   *
   * Choose this, the default, for queries of any length: short ones are noticed within a second, long ones with a delay of a share of their time. Choose a
   * longer `maxInterval` where queries take hours, because it allows a longer `queryTimeout` and costs less.
   *
   * @example
   * new AsyncAthenaQueryApi(this, 'Queries', {
   *   queryCompletion: QueryCompletion.adaptivePolling({ maxInterval: Duration.minutes(1) }),
   *   queryTimeout: Duration.hours(12),
   * });
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

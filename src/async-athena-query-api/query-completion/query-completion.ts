import { adaptivePolling } from './adaptive-polling';
import { QueryCompletionBinding } from './binding';
import { managed } from './managed';
import { ADAPTIVE_POLLING_KINDS, POLLING_KINDS } from './option-kinds';
import { polling } from './polling';
import { AdaptivePollingOptions, PollingOptions } from './query-completion-options';
import { checkOptions } from '../../private/synth/option-kinds';

/**
 * How the workflow learns that a query has ended. Athena calls nobody back, so the workflow polls it, where each poll takes three state
 * transitions, or has Step Functions wait for it.
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

  /**
   * Has Step Functions start the query and wait for its end, as `athena:startQueryExecution.sync` does: two state transitions for a query that succeeds,
   * however long it takes, and some more for one that does not.
   *
   * Choose this where queries take many minutes, or state transitions cost too much, and a minute of delay does not matter. Step Functions looks about
   * once a minute (source: users' reports; AWS publishes no number), so the end of a query of a second is noticed after up to a minute. If somebody stops
   * the execution, Step Functions also stops the query, as far as it can; with the other choices the query runs on.
   *
   * @example
   * new AsyncAthenaQueryApi(this, 'Queries', { queryCompletion: QueryCompletion.managed(), queryTimeout: Duration.hours(12) });
   */
  public static managed(): QueryCompletion {
    return new QueryCompletion(managed());
  }

  /** @internal */
  public readonly _binding: QueryCompletionBinding;

  private constructor(binding: QueryCompletionBinding) {
    this._binding = binding;
  }
}

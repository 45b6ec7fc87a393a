import { Duration } from 'aws-cdk-lib';
import { adaptivePolling } from './adaptive-polling';
import { QueryCompletionBinding } from './binding';
import { polling } from './polling';

/** Options of `QueryCompletion.polling`. */
export interface PollingOptions {
  /**
   * Time between two looks at the query, in whole seconds from 1 second to 5 minutes.
   *
   * @default Duration.seconds(15)
   */
  readonly interval?: Duration;
}

/** Options of `QueryCompletion.adaptivePolling`. */
export interface AdaptivePollingOptions {
  /**
   * The next wait as a percentage of the time already waited, from 1 to 100. A query is noticed at most that much later than it finished.
   *
   * @default 25
   */
  readonly percentage?: number;

  /**
   * Longest time between two looks at the query, in whole seconds from 1 second to 5 minutes.
   *
   * @default Duration.seconds(30)
   */
  readonly maxInterval?: Duration;
}

/** How the workflow learns that a query is finished. */
export class QueryCompletion {
  /**
   * Looks at the query at a fixed interval, as the published design does.
   *
   * Each look costs three state transitions. A query of a second is noticed after a whole interval.
   */
  public static polling(options: PollingOptions = {}): QueryCompletion {
    return new QueryCompletion(polling(options));
  }

  /**
   * Looks at the query every second at first and then ever more rarely: short queries are noticed at once, long ones cost little.
   */
  public static adaptivePolling(options: AdaptivePollingOptions = {}): QueryCompletion {
    return new QueryCompletion(adaptivePolling(options));
  }

  /** @internal */
  public readonly _binding: QueryCompletionBinding;

  private constructor(binding: QueryCompletionBinding) {
    this._binding = binding;
  }
}

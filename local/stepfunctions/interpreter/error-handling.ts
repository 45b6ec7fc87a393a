import { Catcher, ErrorHandling, Retrier } from './definition';
import { StateFailure, toStateFailure } from './failure';
import { Transition } from './transition';
import { Visit } from './visit';

/** Defaults of the Amazon States Language. */
const DEFAULT_INTERVAL_SECONDS = 1;
const DEFAULT_MAX_ATTEMPTS = 3;
const DEFAULT_BACKOFF_RATE = 2;

/**
 * Attempts a state until it succeeds, its Retry gives up or its Catch takes over. `givenUp` is called when the failure is final for the state,
 * before its Catch or the failure of the execution.
 */
export async function withErrorHandling(
  visit: Visit,
  handling: ErrorHandling,
  attempt: () => Promise<Transition>,
  givenUp: (failure: StateFailure) => void = () => undefined,
): Promise<Transition> {
  const attempts = new Map<Retrier, number>();
  for (visit.retryCount = 0; ; visit.retryCount++) {
    try {
      return await attempt();
    } catch (thrown) {
      visit.scope.throwIfCancelled();
      const failure = toStateFailure(thrown, visit.place);
      const retrier = handling.Retry?.find((candidate) => failure.matches(candidate.ErrorEquals));
      const attempted = retrier === undefined ? 0 : (attempts.get(retrier) ?? 0);
      if (retrier === undefined || attempted >= (retrier.MaxAttempts ?? DEFAULT_MAX_ATTEMPTS)) {
        givenUp(failure);
        return catchFailure(visit, handling.Catch ?? [], failure);
      }
      attempts.set(retrier, attempted + 1);
      // A retry begins from the start; only a redrive goes on with what is there.
      visit.frame.dropChildren();
      visit.frame.mapRun = undefined;
      await visit.run.clock.sleep(retryDelay(retrier, attempted, visit.run.chance.random) * 1000, visit.scope.signal);
    }
  }
}

/**
 * Seconds before a retry: `IntervalSeconds × BackoffRate^attempted`, at most `MaxDelaySeconds`; with full jitter a random share of that.
 * `attempted` counts the retries already made for this retrier.
 */
export function retryDelay(retrier: Retrier, attempted: number, random: () => number): number {
  const backoff = (retrier.IntervalSeconds ?? DEFAULT_INTERVAL_SECONDS) * (retrier.BackoffRate ?? DEFAULT_BACKOFF_RATE) ** attempted;
  const delay = Math.min(backoff, retrier.MaxDelaySeconds ?? Infinity);
  return retrier.JitterStrategy === 'FULL' ? random() * delay : delay;
}

async function catchFailure(visit: Visit, catchers: readonly Catcher[], failure: StateFailure): Promise<Transition> {
  const index = catchers.findIndex((candidate) => failure.matches(candidate.ErrorEquals));
  if (index < 0) throw failure;
  return visit.language.leaveBy(catchers[index], failure.output, `Catch[${index}]/`);
}

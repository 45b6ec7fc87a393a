import { Duration, Token } from 'aws-cdk-lib';
import { QueryCompletionBinding } from './binding';
import { INTERVALS, pollingLoop } from './polling-loop';
import type { AdaptivePollingOptions } from './query-completion-options';
import { checkInteger, checkSeconds, refuseToken, theDefaultIs } from '../../private/synth/validation';

export const DEFAULT_PERCENTAGE = 25;

export const DEFAULT_MAX_INTERVAL = Duration.seconds(30);

/** Every wait is a share of the time already waited, between a second and a longest wait. */
export function adaptivePolling(options: AdaptivePollingOptions): QueryCompletionBinding {
  const percentage = options.percentage ?? DEFAULT_PERCENTAGE;
  const maxInterval = options.maxInterval ?? DEFAULT_MAX_INTERVAL;
  refuseToken('percentage of QueryCompletion.adaptivePolling', Token.isUnresolved(percentage), 'the waits are computed from it');
  refuseToken('maxInterval of QueryCompletion.adaptivePolling', maxInterval.isUnresolved(), 'the waits are computed from it');
  checkInteger('percentage of QueryCompletion.adaptivePolling', percentage, { min: 1, max: 100 }, theDefaultIs(DEFAULT_PERCENTAGE));
  checkSeconds(
    'maxInterval of QueryCompletion.adaptivePolling', maxInterval, INTERVALS, theDefaultIs(DEFAULT_MAX_INTERVAL),
  );
  const longest = maxInterval.toSeconds();
  return pollingLoop({ first: growingWaits(percentage, longest), then: longest });
}

/**
 * The waits before the longest one is reached. They are a table because the intrinsic functions of Step Functions cannot multiply.
 */
function growingWaits(percentage: number, longest: number): number[] {
  const waits: number[] = [];
  for (let waited = 0; ;) {
    const wait = Math.max(1, Math.floor((waited * percentage) / 100));
    if (wait >= longest) return waits;
    waits.push(wait);
    waited += wait;
  }
}

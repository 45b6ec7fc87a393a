import { Duration, Token } from 'aws-cdk-lib';
import { QueryCompletionBinding } from './binding';
import { pollingLoop } from './polling-loop';
import type { AdaptivePollingOptions } from './query-completion';
import { checkInteger, checkSeconds, refuseToken } from '../../private/synth/validation';

/** Every wait is a share of the time already waited, between a second and a longest wait. */
export function adaptivePolling(options: AdaptivePollingOptions): QueryCompletionBinding {
  const percentage = options.percentage ?? 25;
  const maxInterval = options.maxInterval ?? Duration.seconds(30);
  refuseToken('percentage of QueryCompletion.adaptivePolling', Token.isUnresolved(percentage), 'the waits are computed from it');
  refuseToken('maxInterval of QueryCompletion.adaptivePolling', maxInterval.isUnresolved(), 'the waits are computed from it');
  checkInteger('percentage of QueryCompletion.adaptivePolling', percentage, { min: 1, max: 100 }, 'the default is 25');
  checkSeconds(
    'maxInterval of QueryCompletion.adaptivePolling', maxInterval, { min: Duration.seconds(1), max: Duration.minutes(5) }, 'the default is 30 seconds',
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

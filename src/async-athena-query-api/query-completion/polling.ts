import { Duration } from 'aws-cdk-lib';
import { QueryCompletionBinding } from './binding';
import { INTERVALS, pollingLoop } from './polling-loop';
import type { PollingOptions } from './query-completion-options';
import { checkSeconds, refuseToken, theDefaultIs } from '../../private/synth/validation';

export const DEFAULT_INTERVAL = Duration.seconds(15);

/** The published design: a fixed interval. */
export function polling(options: PollingOptions): QueryCompletionBinding {
  const interval = options.interval ?? DEFAULT_INTERVAL;
  refuseToken('interval of QueryCompletion.polling', interval.isUnresolved(), 'the number of polls is computed from it');
  checkSeconds('interval of QueryCompletion.polling', interval, INTERVALS, theDefaultIs(DEFAULT_INTERVAL));
  return pollingLoop({ first: [], then: interval.toSeconds() });
}

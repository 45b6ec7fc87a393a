import { Duration } from 'aws-cdk-lib';
import { QueryCompletionBinding } from './binding';
import { pollingLoop } from './polling-loop';
import type { PollingOptions } from './query-completion';
import { checkSeconds, refuseToken } from '../../private/synth/validation';

/** The published design: a fixed interval. */
export function polling(options: PollingOptions): QueryCompletionBinding {
  const interval = options.interval ?? Duration.seconds(15);
  refuseToken('interval of QueryCompletion.polling', interval.isUnresolved(), 'the number of looks is computed from it');
  checkSeconds('interval of QueryCompletion.polling', interval, { min: Duration.seconds(1), max: Duration.minutes(5) }, 'the default is 15 seconds');
  return pollingLoop({ first: [], then: interval.toSeconds() });
}

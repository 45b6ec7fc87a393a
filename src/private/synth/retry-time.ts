import { Duration } from 'aws-cdk-lib';
import { AslRetrier, AslTask } from './asl';

/** Longest delays that a retry can wait, every one drawn at its nominal value. */
export function longestDelays({ MaxAttempts, IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds = Infinity }: AslRetrier): Duration {
  const delays = Array.from({ length: MaxAttempts }, (_, attempt) => Math.min(MaxDelaySeconds, IntervalSeconds * BackoffRate ** attempt));
  return Duration.seconds(delays.reduce((sum, delay) => sum + delay, 0));
}

/** Longest time that a Task can take: every retry used, every delay at its nominal value, every attempt ending at its time-out. */
export function longestTask({ Retry = [], TimeoutSeconds }: Pick<AslTask, 'Retry' | 'TimeoutSeconds'>): Duration {
  const attempts = 1 + Retry.reduce((sum, { MaxAttempts }) => sum + MaxAttempts, 0);
  return Retry.map(longestDelays).reduce((sum, delays) => sum.plus(delays), Duration.seconds(attempts * TimeoutSeconds));
}

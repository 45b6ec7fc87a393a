import { Duration } from 'aws-cdk-lib';
import { RunWindowBinding } from './binding';
import type { SinceWatermarkOptions } from './run-window-options';
import { checkSeconds, refuseToken, theDefaultIs } from '../../private/synth/validation';
import { checkMoment } from '../run-parameter/moment';

const DEFAULT_LAG = Duration.minutes(1);
const LONGEST_LAG = Duration.days(366);

const FACTORY = 'RunWindow.sinceWatermark';

/** All that is left since the last window that was processed. */
export function sinceWatermark({ begin, end, startAt, lag = DEFAULT_LAG }: SinceWatermarkOptions): RunWindowBinding {
  refuseToken(`lag of ${FACTORY}`, lag.isUnresolved(), 'the planner is told it');
  checkSeconds(`lag of ${FACTORY}`, lag, { min: Duration.seconds(0), max: LONGEST_LAG }, theDefaultIs(DEFAULT_LAG));
  const from = new Date(checkMoment(`startAt of ${FACTORY}`, startAt, 'UTC')).toISOString().replace('.000Z', 'Z');
  return { config: { kind: 'sinceWatermark', begin, end, lagSeconds: lag.toSeconds(), startAt: from } };
}

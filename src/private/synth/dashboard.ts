import { Duration } from 'aws-cdk-lib';
import { Dashboard, IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { checkSeconds, checkText, InvalidPropError, refuseToken, theDefaultIs } from './validation';

const ID = 'Dashboard';
const DEFAULT_INTERVAL = Duration.days(1);
/** From the period of the graphs to the retention of metrics. Source: CloudWatch user guide, "Metrics retention". */
const INTERVALS = { min: Duration.minutes(5), max: Duration.days(455) };

/** A dashboard is as wide as 24 units. */
export const FULL = { width: 24, height: 6 };
export const HALF = { width: 12, height: 6 };
export const THIRD = { width: 8, height: 6 };
export const FROM_ZERO = { min: 0, showUnits: false };

/** What dashboards of all constructs are asked for. */
export interface AskedDashboard {
  readonly dashboardName?: string;
  readonly defaultInterval?: Duration;
}

/** The dashboard of a construct: there is one, made when it is asked for. */
export function createDashboard(
  scope: Construct, { dashboardName, defaultInterval = DEFAULT_INTERVAL }: AskedDashboard, widgets: () => IWidget[][],
): Dashboard {
  if (dashboardName !== undefined) {
    // Source: API reference of CloudWatch, PutDashboard.
    checkText('dashboardName of addDashboard', dashboardName, /^[\w-]{1,255}$/, '1 to 255 letters, digits, hyphens and underscores', 'leave it out for a name that is free');
  }
  refuseToken('defaultInterval of addDashboard', defaultInterval.isUnresolved(), 'the dashboard is written from it');
  checkSeconds('defaultInterval of addDashboard', defaultInterval, INTERVALS, theDefaultIs(DEFAULT_INTERVAL));
  if (scope.node.tryFindChild(ID) !== undefined) {
    throw new InvalidPropError('addDashboard', 'another call', 'called once', 'add further widgets to the dashboard that the first call returned');
  }
  return new Dashboard(scope, ID, { dashboardName, defaultInterval, widgets: widgets() });
}

import { Duration } from 'aws-cdk-lib';

/** Options of `addDashboard`. */
export interface QueryDashboardOptions {
  /**
   * Name of the dashboard: 1 to 255 letters, digits, hyphens and underscores. It must be free in the account.
   *
   * @default - a name that AWS CloudFormation makes
   */
  readonly dashboardName?: string;

  /**
   * How much of the past the dashboard shows when it is opened, in whole seconds from 5 minutes, the period of its graphs, to 455 days, as long as
   * CloudWatch keeps metrics.
   *
   * @default Duration.days(1)
   */
  readonly defaultInterval?: Duration;
}

import { Duration } from 'aws-cdk-lib';

/** Options of `addDashboard` of `PagedBatchEtl`. */
export interface RunDashboardOptions {
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

  /**
   * Price of a single state transition of a Standard workflow, in US dollars, from 0 to 0.001, from which the cost is estimated. AWS lists the price of a thousand.
   *
   * @default 0.000025 - the price in US East (N. Virginia). Source: AWS Step Functions pricing
   */
  readonly transitionPrice?: number;

  /**
   * Price of a single gigabyte-second of a Lambda function, in US dollars, from 0 to 0.001, from which the cost is estimated.
   *
   * @default 0.0000166667 - the price in US East (N. Virginia). Source: AWS Lambda pricing
   */
  readonly gigabyteSecondPrice?: number;
}

import { Duration, Size } from 'aws-cdk-lib';

/** Props that are left out. What they mean is told with the props. */
export const DEFAULTS = {
  queryTimeout: Duration.minutes(30),
  bytesScannedCutoffPerQuery: Size.gibibytes(100),
  throttlingRateLimit: 10,
  throttlingBurstLimit: 20,
  managementThrottlingRateLimit: 5,
  managementThrottlingBurstLimit: 10,
  callbackTimeout: Duration.seconds(15),
  deliveryWindow: Duration.hours(4),
  linkExpiry: Duration.hours(1),
  stageName: 'prod',
  deliveryMemorySize: 256,
  resultPrefix: 'results/',
  resultRetention: Duration.days(30),
};

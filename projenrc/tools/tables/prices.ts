/**
 * What AWS charges in US East (N. Virginia), in US dollars, without free tiers. Other Regions differ, so every page that uses them says which Region
 * they are of.
 *
 * Compared in November 2026 with stored copies of the pages named beside them. The price pages of API Gateway, CloudWatch, Lambda and S3 fill in their
 * tables by script, so that the copies lack them. Their prices were compared with a whitepaper of AWS where one is named, and with what others took
 * from AWS in 2026.
 */
export const PRICES = {
  /** A state transition of a Standard workflow: https://aws.amazon.com/step-functions/pricing/. */
  stateTransition: 0.025 / 1_000,
  /** The start of an execution of an Express workflow, and a gigabyte-second of the first 1,000 GB-hours a month, $0.06 each: the same page. */
  expressRequest: 1 / 1_000_000,
  expressGigabyteSecond: 0.06 / 3_600,
  /** The memory of an Express execution that is billed in one step, in MB: the same page. */
  expressMegabytes: 64,
  /**
   * A request to a REST API, of the first 333 million a month: https://aws.amazon.com/api-gateway/pricing/, and
   * https://docs.aws.amazon.com/whitepapers/latest/best-practices-api-gateway-private-apis-integration/cost-optimization.html.
   */
  apiRequest: 3.5 / 1_000_000,
  /** A terabyte that Athena scans, and what a query is charged for at least: https://aws.amazon.com/athena/pricing/. */
  athenaTerabyte: 5,
  athenaLeastMegabytes: 10,
  /**
   * An invocation and a gigabyte-second (x86): https://aws.amazon.com/lambda/pricing/, and
   * https://docs.aws.amazon.com/whitepapers/latest/how-aws-pricing-works/lambda.html, which rounds the second one to $0.00001667.
   */
  lambdaRequest: 0.2 / 1_000_000,
  lambdaGigabyteSecond: 0.0000166667,
  /** An event of one's own on an event bus: https://aws.amazon.com/eventbridge/pricing/. */
  customEvent: 1 / 1_000_000,
  /** A request to a standard queue, of the first 100 billion a month: https://aws.amazon.com/sqs/pricing/. */
  queueRequest: 0.4 / 1_000_000,
  /** A message published to a standard topic: https://aws.amazon.com/sns/pricing/. */
  publishedMessage: 0.5 / 1_000_000,
  /** A secret for a month: https://aws.amazon.com/secrets-manager/pricing/. */
  secretMonth: 0.4,
  /** A metric of an alarm for a month, in standard resolution: https://aws.amazon.com/cloudwatch/pricing/. */
  alarmMetricMonth: 0.1,
  /** A custom metric for a month, of the first 10,000, billed for the hours in which it gets values: https://aws.amazon.com/cloudwatch/pricing/. */
  customMetricMonth: 0.3,
  /** A dashboard for a month: https://aws.amazon.com/cloudwatch/pricing/. */
  dashboardMonth: 3,
  /** Log data of the standard class taken in, and kept for a month: https://aws.amazon.com/cloudwatch/pricing/. */
  logGigabyte: 0.5,
  logGigabyteMonth: 0.03,
  /** A customer key for a month: https://aws.amazon.com/kms/pricing/. */
  customerKeyMonth: 1,
  /** A gigabyte in S3 Standard for a month, of the first 50 TB: https://aws.amazon.com/s3/pricing/. */
  storedGigabyteMonth: 0.023,
  /** A request to S3 Standard that writes or lists (PUT, COPY, POST, LIST), and one that reads (GET and all others; DELETE is free): the same page. */
  s3Write: 0.005 / 1_000,
  s3Read: 0.0004 / 1_000,
  /**
   * A NAT gateway for an hour, without the data that goes through: https://aws.amazon.com/vpc/pricing/, by
   * https://www.zacfukuda.com/blog/aws-nat-gateway-vs-vpc-endpoint of June 2026.
   */
  natGatewayHour: 0.045,
  /** An interface endpoint for an hour in one Availability Zone: https://aws.amazon.com/privatelink/pricing/, by the same page. */
  interfaceEndpointHour: 0.01,
} as const;

/** Hours of a month, as AWS counts them in its examples. */
export const HOURS_OF_A_MONTH = 730;

/** An amount of dollars with as many digits as tell something. */
export function dollars(amount: number): string {
  // Half a cent is a cent, also where its binary form is a little less.
  return `$${(amount + Number.EPSILON).toFixed(amount < 0.01 ? 4 : 2)}`;
}

/** A number as people read it: `535,715`. */
export function count(value: number): string {
  return value.toLocaleString('en');
}

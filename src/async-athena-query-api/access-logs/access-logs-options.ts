import { ILogGroup } from 'aws-cdk-lib/aws-logs';

/** Options of `AccessLogs.logGroup`. */
export interface LogGroupAccessLogsOptions {
  /**
   * Log group that receives one JSON line for each request.
   *
   * @default - a new log group, kept as `logRetention` and `removalPolicy` of the construct say
   */
  readonly logGroup?: ILogGroup;
}

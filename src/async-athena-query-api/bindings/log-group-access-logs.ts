import { AccessLogFormat, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigateway';
import { ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { AccessLogsBinding } from '../binding';

export function logGroupAccessLogs(options: { readonly logGroup?: ILogGroup }): AccessLogsBinding {
  return {
    stageOptions: (scope) => ({
      accessLogDestination: new LogGroupLogDestination(
        options.logGroup ?? new LogGroup(scope, 'AccessLogs', { retention: RetentionDays.ONE_MONTH }),
      ),
      accessLogFormat: AccessLogFormat.jsonWithStandardFields(),
    }),
  };
}

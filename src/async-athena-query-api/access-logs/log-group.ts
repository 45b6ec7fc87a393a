import { AccessLogFormat, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigateway';
import { ILogGroup, LogGroup } from 'aws-cdk-lib/aws-logs';
import { AccessLogsBinding } from './binding';

export function logGroupAccessLogs(options: { readonly logGroup?: ILogGroup }): AccessLogsBinding {
  return {
    stageOptions: (scope, logGroupProps) => ({
      accessLogDestination: new LogGroupLogDestination(options.logGroup ?? new LogGroup(scope, 'AccessLogs', logGroupProps)),
      accessLogFormat: AccessLogFormat.jsonWithStandardFields(),
    }),
  };
}

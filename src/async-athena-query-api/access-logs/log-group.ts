import { AccessLogFormat, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigateway';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { LogGroupAccessLogsOptions } from './access-logs-options';
import { AccessLogsBinding } from './binding';

export function logGroupAccessLogs({ logGroup }: LogGroupAccessLogsOptions): AccessLogsBinding {
  return {
    stageOptions: (scope, logGroupProps) => ({
      accessLogDestination: new LogGroupLogDestination(logGroup ?? new LogGroup(scope, 'AccessLogs', logGroupProps)),
      accessLogFormat: AccessLogFormat.jsonWithStandardFields(),
    }),
  };
}

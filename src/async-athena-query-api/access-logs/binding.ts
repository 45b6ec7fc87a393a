import { StageOptions } from 'aws-cdk-lib/aws-apigateway';
import { LogGroupProps } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/** Where API Gateway writes a line for each request. */
export interface AccessLogsBinding {
  /** A log group that has to be made is made with these props. */
  stageOptions(scope: Construct, logGroupProps: LogGroupProps): StageOptions;
}

import { MethodOptions } from 'aws-cdk-lib/aws-apigateway';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/** Who may submit queries. */
export interface SubmitAccessBinding {
  readonly methodOptions: MethodOptions;
  /** Grants the right to call the method, given the construct that it is of and its ARN. */
  grantInvoke(scope: Construct, grantee: IGrantable, methodArn: string): Grant;
}

import { MethodOptions } from 'aws-cdk-lib/aws-apigateway';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';

/** Who may submit queries. */
export interface SubmitAccessBinding {
  readonly methodOptions: MethodOptions;
  /** Grants the right to call the method, given its ARN. */
  grantInvoke(grantee: IGrantable, methodArn: string): Grant;
}

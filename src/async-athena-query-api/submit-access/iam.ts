import { AuthorizationType } from 'aws-cdk-lib/aws-apigateway';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { SubmitAccessBinding } from './binding';

/** API Gateway verifies the signature and asks IAM. */
export function iamAccess(): SubmitAccessBinding {
  return {
    methodOptions: { authorizationType: AuthorizationType.IAM },
    grantInvoke: (grantee, methodArn) => Grant.addToPrincipal({ grantee, actions: ['execute-api:Invoke'], resourceArns: [methodArn] }),
  };
}

import { AuthorizationType } from 'aws-cdk-lib/aws-apigateway';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { SubmitAccessBinding } from './binding';
import { IamSubmitAccessOptions, QueryOwnership } from './submit-access-options';
import { checkAccount } from '../../private/synth/place';

/** API Gateway verifies the signature and asks IAM. */
export function iamAccess({ ownership = QueryOwnership.PRINCIPAL }: IamSubmitAccessOptions): SubmitAccessBinding {
  return {
    methodOptions: { authorizationType: AuthorizationType.IAM },
    caller: {
      // `AROA…:session` of a role's session, `AIDA…` of a user. Source: API Gateway developer guide, "$context variables", and IAM user guide, "Unique identifiers".
      setOwner: ownership === QueryOwnership.SESSION
        ? '#set($owner = $context.identity.caller)'
        // `111122223333:name` of a federated user: the account before the colon would be one owner for all of them. Source: IAM user guide, "Principal key values".
        : "#set($caller = $context.identity.caller.split(':'))#set($owner = $caller[0])"
          + "#if($owner.matches('[0-9]+'))#set($owner = $context.identity.caller)#end",
      arn: '$context.identity.userArn',
    },
    grantInvoke: (scope, grantee, methodArns) => {
      checkAccount('the account of the grantee of grantInvoke', scope, grantee);
      return Grant.addToPrincipal({ grantee, actions: ['execute-api:Invoke'], resourceArns: [...methodArns] });
    },
  };
}

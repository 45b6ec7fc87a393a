import { Stack } from 'aws-cdk-lib';
import { AuthorizationType } from 'aws-cdk-lib/aws-apigateway';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { SubmitAccessBinding } from './binding';
import { isOfAnotherAccount } from '../../private/synth/place';
import { InvalidPropError } from '../../private/synth/validation';

/** API Gateway verifies the signature and asks IAM. */
export function iamAccess(): SubmitAccessBinding {
  return {
    methodOptions: { authorizationType: AuthorizationType.IAM },
    grantInvoke: (scope, grantee, methodArn) => {
      checkAccount(scope, grantee);
      return Grant.addToPrincipal({ grantee, actions: ['execute-api:Invoke'], resourceArns: [methodArn] });
    },
  };
}

/** API Gateway lets callers of other accounts in only by a policy of the API, which it has not. Source: API Gateway developer guide, "Authorization flow". */
function checkAccount(scope: Construct, { grantPrincipal: { principalAccount: account } }: IGrantable): void {
  if (account === undefined || !isOfAnotherAccount(scope, account)) return;
  throw new InvalidPropError(
    'the account of the grantee of grantInvoke', account, Stack.of(scope).account,
    'make a role in this account that the caller may assume (new Role with assumedBy), and grant to that role',
  );
}

import { AuthorizationType, CognitoUserPoolsAuthorizer, ResponseType } from 'aws-cdk-lib/aws-apigateway';
import { SubmitAccessBinding } from './binding';
import { everybodyIfPrivate, withoutIam } from './no-grant';
import { CognitoSubmitAccessOptions } from './submit-access-options';
import { checkText, InvalidPropError } from '../../private/synth/validation';

const FACTORY = 'SubmitAccess.cognito';

/** API Gateway checks the token in the header `Authorization`. */
export function cognitoAccess({ userPools, scopes }: CognitoSubmitAccessOptions): SubmitAccessBinding {
  if (userPools.length === 0) {
    throw new InvalidPropError(`userPools of ${FACTORY}`, userPools, 'one user pool or more', 'make one with new UserPool(…), or look it up with UserPool.fromUserPoolId(…)');
  }
  if (scopes?.length === 0) {
    throw new InvalidPropError(`scopes of ${FACTORY}`, scopes, 'one scope or more', 'leave it out if callers send identity tokens');
  }
  for (const scope of scopes ?? []) {
    // Source: RFC 6749, "Access Token Scope".
    checkText(`every scope in scopes of ${FACTORY}`, scope, /^[\x21\x23-\x5b\x5d-\x7e]+$/, 'a scope without spaces and quotes', 'write it as `server/scope`, one entry for each');
  }
  return {
    ...withoutIam(FACTORY, 'give it a token of one of the user pools'),
    methodOptions: (scope) => ({
      authorizationType: AuthorizationType.COGNITO,
      authorizer: new CognitoUserPoolsAuthorizer(scope, 'Authorizer', { cognitoUserPools: [...userPools] }),
      authorizationScopes: scopes === undefined ? undefined : [...scopes],
    }),
    // A UUID that Cognito gives to a user for good, or the id of an app client. Neither can be chosen or changed.
    // Source: Cognito developer guide, "Understanding the identity token" and "Understanding the access token".
    caller: { setOwner: '#set($owner = $context.authorizer.claims.sub)', arn: '' },
    policyPrincipals: everybodyIfPrivate,
    security: {
      name: 'token',
      scheme: {
        'type': 'apiKey',
        'in': 'header',
        'name': 'Authorization',
        'description': `${scopes === undefined ? 'An identity token' : 'An access token'} of an Amazon Cognito user pool, as it is: without \`Bearer\` before it.`,
        'x-amazon-apigateway-authtype': 'cognito_user_pools',
      },
      scopes,
    },
    refusals: [{
      type: ResponseType.UNAUTHORIZED,
      code: 'InvalidToken',
      message: `The header Authorization must have ${scopes === undefined ? 'an identity token' : 'an access token with a scope for this API'} that has not expired.`,
    }],
  };
}

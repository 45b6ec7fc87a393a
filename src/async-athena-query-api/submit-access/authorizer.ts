import { AuthorizationType, ResponseType } from 'aws-cdk-lib/aws-apigateway';
import { SubmitAccessBinding } from './binding';
import { withoutIam } from './no-grant';
import { AuthorizerSubmitAccessOptions } from './submit-access-options';
import { InvalidPropError } from '../../private/synth/validation';

const FACTORY = 'SubmitAccess.authorizer';

/** API Gateway asks a function of the user's who the caller is, and what the caller may call. */
export function authorizerAccess({ authorizer }: AuthorizerSubmitAccessOptions): SubmitAccessBinding {
  const { authorizationType } = authorizer;
  if (authorizationType !== AuthorizationType.CUSTOM) {
    throw new InvalidPropError(
      `authorizer of ${FACTORY}`, authorizationType, 'a TokenAuthorizer or a RequestAuthorizer',
      authorizationType === AuthorizationType.COGNITO ? 'for user pools there is SubmitAccess.cognito({ userPools: […] })' : 'make it with new TokenAuthorizer(…) or new RequestAuthorizer(…)',
    );
  }
  return {
    ...withoutIam(FACTORY, 'have the function of the authorizer allow its requests'),
    methodOptions: () => ({ authorizationType: AuthorizationType.CUSTOM, authorizer }),
    caller: {
      // Quiet: a function can leave it out, and the name of a variable without a value would be one owner for everybody.
      setOwner: '#set($owner = "$!context.authorizer.principalId")',
      ownerIsAnyText: true,
      arn: '',
    },
    security: {
      name: 'authorizer',
      scheme: {
        'type': 'apiKey',
        'in': 'header',
        'name': 'Authorization',
        'description': 'What the authorizer of this API asks for. Unless its operators say otherwise, it is in this header.',
        'x-amazon-apigateway-authtype': 'custom',
      },
    },
    // No policyPrincipals: whatever a policy of the API allows, API Gateway lets in although the function does not allow it.
    refusals: [{
      type: ResponseType.UNAUTHORIZED,
      code: 'Unauthorized',
      message: 'The request does not say who the caller is, or the authorizer of this API does not know the caller.',
    }],
  };
}

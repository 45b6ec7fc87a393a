import { createHash } from 'node:crypto';
import { UserPools } from './user-pools';
import { remadeInPlace, ResourceChanges, ResourceProviders, ResourceRequest } from '../template/resource';

/** How users sign up, what they are sent and how they sign in: nobody does any of it here. */
const OF_USERS = [
  'AccountRecoverySetting', 'AdminCreateUserConfig', 'AliasAttributes', 'AutoVerifiedAttributes', 'DeletionProtection', 'EmailConfiguration',
  'EmailVerificationMessage', 'EmailVerificationSubject', 'MfaConfiguration', 'Policies', 'Schema', 'SmsVerificationMessage', 'UsernameAttributes',
  'UsernameConfiguration', 'UserPoolName', 'UserPoolTags', 'UserPoolTier', 'VerificationMessageTemplate',
];

/** The same of a client. */
const OF_SIGNING_IN = [
  'AllowedOAuthFlows', 'AllowedOAuthFlowsUserPoolClient', 'CallbackURLs', 'ClientName', 'ExplicitAuthFlows', 'GenerateSecret', 'LogoutURLs',
  'PreventUserExistenceErrors', 'SupportedIdentityProviders',
];

/** User pools, their clients and resource servers, as CloudFormation makes them. */
export function cognitoResources(pools: UserPools): ResourceProviders {
  return {
    'AWS::Cognito::UserPool': (request) => {
      request.properties.notModelled(...OF_USERS);
      const { id, arn } = pools.create(`${request.environment.region}_${letters(request).slice(0, 9)}`);
      return { ref: id, attributes: { Arn: arn, UserPoolId: id } };
    },

    'AWS::Cognito::UserPoolResourceServer': ({ properties }) => {
      properties.notModelled('Name');
      const server = properties.string('Identifier');
      const scopes = properties.list('Scopes', (scope) => {
        scope.notModelled('ScopeDescription');
        return scope.string('ScopeName');
      });
      pools.pool(properties.string('UserPoolId')).addScopes(server, scopes ?? []);
      return { ref: server };
    },

    'AWS::Cognito::UserPoolClient': (request) => {
      const { properties } = request;
      properties.notModelled(...OF_SIGNING_IN);
      const id = letters(request).toLowerCase().slice(0, 26);
      pools.pool(properties.string('UserPoolId')).addClient({ id, scopes: properties.strings('AllowedOAuthScopes') ?? [] });
      return { ref: id, attributes: { ClientId: id } };
    },
  };
}

/** What becomes of them in updates: tokens that were signed stay good. */
export function cognitoChanges(pools: UserPools): ResourceChanges {
  const providers = cognitoResources(pools);
  return {
    'AWS::Cognito::UserPool': {
      update: ({ properties, current }) => {
        properties.notModelled(...OF_USERS);
        return current;
      },
      remove: ({ current }) => pools.remove(current.ref),
    },
    'AWS::Cognito::UserPoolResourceServer': remadeInPlace(providers['AWS::Cognito::UserPoolResourceServer'], ({ properties, current }) => {
      pools.pool(properties.string('UserPoolId')).removeScopes(current.ref);
    }),
    'AWS::Cognito::UserPoolClient': remadeInPlace(providers['AWS::Cognito::UserPoolClient'], ({ properties, current }) => {
      pools.pool(properties.string('UserPoolId')).removeClient(current.ref);
    }),
  };
}

/** Letters and digits, the same in every run. */
function letters({ environment, stackName, identity }: ResourceRequest): string {
  return createHash('sha256').update([environment.accountId, environment.region, stackName, identity].join('/')).digest('base64').replace(/[^A-Za-z0-9]/g, '');
}

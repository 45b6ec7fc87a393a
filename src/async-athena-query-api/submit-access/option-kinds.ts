import {
  ApiKeySubmitAccessOptions, AuthorizerSubmitAccessOptions, CognitoSubmitAccessOptions, IamSubmitAccessOptions, QueryOwnership,
} from './submit-access-options';
import { list, member, optional, OptionKinds, resource, text } from '../../private/synth/option-kinds';

export const IAM: OptionKinds<IamSubmitAccessOptions> = {
  ownership: optional(member('QueryOwnership', QueryOwnership)),
  accounts: optional(list(text)),
};

/** One that is imported cannot be given a stage. */
const usagePlan = resource('addApiStage', 'a usage plan of the app', 'make it with new UsagePlan(…)');

const authorizer = resource('authorizerId', 'a TokenAuthorizer or a RequestAuthorizer', 'make it with new TokenAuthorizer(…) or new RequestAuthorizer(…)');

export const AUTHORIZER: OptionKinds<AuthorizerSubmitAccessOptions> = { authorizer };

const userPool = resource('userPoolId', 'a user pool', 'look it up with UserPool.fromUserPoolId(…)');

export const COGNITO: OptionKinds<CognitoSubmitAccessOptions> = { userPools: list(userPool), scopes: optional(list(text)) };

export const API_KEY: OptionKinds<ApiKeySubmitAccessOptions> = { plans: list(usagePlan) };

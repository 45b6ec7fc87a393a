import { AuthorizationType, ResponseType } from 'aws-cdk-lib/aws-apigateway';
import { SubmitAccessBinding } from './binding';
import { everybodyIfPrivate, withoutIam } from './no-grant';
import { ApiKeySubmitAccessOptions } from './submit-access-options';
import { InvalidPropError } from '../../private/synth/validation';

/** API Gateway looks for a key in the header `x-api-key`, and counts requests by it. */
export function apiKeyAccess({ plans }: ApiKeySubmitAccessOptions): SubmitAccessBinding {
  if (plans.length === 0) {
    throw new InvalidPropError('plans of SubmitAccess.apiKey', plans, 'one plan or more', 'make one with new UsagePlan(…): keys that are in no plan of the API are refused');
  }
  return {
    ...withoutIam('SubmitAccess.apiKey', 'add its key to one of the plans: plan.addApiKey(key)'),
    methodOptions: () => ({ authorizationType: AuthorizationType.NONE, apiKeyRequired: true }),
    caller: { setOwner: '#set($owner = $context.identity.apiKeyId)', arn: '' },
    policyPrincipals: everybodyIfPrivate,
    security: {
      name: 'apiKey',
      scheme: { type: 'apiKey', in: 'header', name: 'x-api-key', description: 'A key of one of the usage plans of this API.' },
    },
    refusals: [
      { type: ResponseType.INVALID_API_KEY, code: 'InvalidApiKey', message: 'The header x-api-key must have a key that may call this API.' },
      { type: ResponseType.QUOTA_EXCEEDED, code: 'QuotaExceeded', message: 'The quota of this API key is used up until its next period begins.' },
    ],
    completeStage: (api) => {
      for (const plan of plans) plan.addApiStage({ api, stage: api.deploymentStage });
    },
  };
}

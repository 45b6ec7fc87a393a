import { createHash } from 'node:crypto';
import { ApiGateway } from './api-gateway';
import { identifier } from './identifier';
import { QuotaPeriod, stageKey, UsagePlan } from './usage-plans';
import { ResourceProviders } from '../template/resource';
import { StrictProperties } from '../template/strict-properties';

const PERIODS: readonly QuotaPeriod[] = ['DAY', 'WEEK', 'MONTH'];

/** API keys and usage plans, as CloudFormation makes them. */
export function usagePlanResources(gateway: ApiGateway): ResourceProviders {
  const { usagePlans } = gateway;
  return {
    'AWS::ApiGateway::ApiKey': (request) => {
      const { properties } = request;
      properties.notModelled('Name', 'Description', 'CustomerId', 'Tags');
      if (properties.has('StageKeys')) properties.unsupported('StageKeys', 'stages of a key, which usage plans replace');
      const id = identifier(request, 10);
      const value = properties.optionalString('Value') ?? createHash('sha256').update(`value of ${id}`).digest('base64url').slice(0, 40);
      if (value.length < 20 || value.length > 128) throw new Error('API Key value should be at least 20 characters, and at most 128');
      // CloudFormation makes a key that cannot be used unless it is told otherwise.
      usagePlans.addKey({ id, value, enabled: properties.boolean('Enabled') ?? false });
      return { ref: id, attributes: { APIKeyId: id } };
    },

    'AWS::ApiGateway::UsagePlan': (request) => {
      const { properties } = request;
      properties.notModelled('UsagePlanName', 'Description', 'Tags');
      const id = identifier(request, 6);
      usagePlans.addPlan({ id, ...readPlan(properties, gateway) });
      return { ref: id, attributes: { Id: id } };
    },

    'AWS::ApiGateway::UsagePlanKey': ({ properties }) => {
      if (properties.string('KeyType') !== 'API_KEY') throw new Error('Invalid key type: it must be API_KEY');
      const [keyId, planId] = [properties.string('KeyId'), properties.string('UsagePlanId')];
      usagePlans.addToPlan(planId, keyId);
      return { ref: `${keyId}:${planId}`, attributes: { Id: `${keyId}:${planId}` } };
    },
  };
}

export function readPlan(properties: StrictProperties, gateway: ApiGateway): Omit<UsagePlan, 'id'> {
  return {
    stages: properties.list('ApiStages', (apiStage) => {
      const [apiId, stage] = [apiStage.string('ApiId'), apiStage.string('Stage')];
      if (!gateway.api(apiId).stages.has(stage)) throw new Error(`API Stage not found: ${apiId}:${stage}`);
      if (Object.keys(Object(apiStage.json('Throttle'))).length > 0) apiStage.unsupported('Throttle', 'throttles of a plan for single methods');
      return stageKey(apiId, stage);
    }) ?? [],
    throttle: properties.object('Throttle', (throttle) => {
      const [rateLimit, burstLimit] = [throttle.number('RateLimit'), throttle.number('BurstLimit')];
      // The other one is the account's quota, which differs.
      if (rateLimit === undefined || burstLimit === undefined) return throttle.unsupported('RateLimit', 'a rate without a burst, or the other way round');
      return { rateLimit, burstLimit };
    }),
    quota: properties.object('Quota', (quota) => {
      if (quota.has('Offset')) quota.unsupported('Offset', 'an offset, of which AWS says two different things');
      const named = quota.string('Period');
      const period = PERIODS.find((candidate) => candidate === named);
      const limit = quota.number('Limit');
      if (period === undefined || limit === undefined) throw new Error(`Invalid quota: it needs Limit, and a Period of ${PERIODS.join(', ')}`);
      return { limit, period };
    }),
  };
}

import { ApiGateway } from './api-gateway';
import { RestApi } from './definition';
import { MethodDefinition } from './method';
import { readResourcePolicy } from './resource-policy';
import { createRestApi, responseType, Surroundings } from './resources';
import { readPlan } from './usage-plan-resources';
import { ExistingResourceRequest, formerly, remadeInPlace, ResourceChange, ResourceChanges, ResourceProviders, ResourceRequest } from '../template/resource';

const USER_POOLS = 'COGNITO_USER_POOLS';

/**
 * What becomes of APIs and their parts in updates. Parts are made again under the same ids; callers see it when a stage moves to a deployment that
 * was made after.
 *
 * @param providers those that made them
 */
export function apiGatewayChanges(gateway: ApiGateway, providers: ResourceProviders, { findVpcEndpoint }: Surroundings = {}): ResourceChanges {
  const { usagePlans } = gateway;
  /** A part of an API. With the API, its parts are gone. */
  const part = (type: string, remove: (api: RestApi, request: ExistingResourceRequest) => void): ResourceChange => (
    remadeInPlace(providers[type], (request) => {
      const api = apiOf(gateway, request);
      if (api !== undefined) remove(api, request);
    })
  );
  return {
    'AWS::ApiGateway::RestApi': {
      update: async (request) => {
        const api = gateway.api(request.current.ref);
        const { name, vpcEndpoints } = createRestApi(request, findVpcEndpoint);
        if ((vpcEndpoints === undefined) !== (api.vpcEndpoints === undefined)) {
          request.properties.unsupported('EndpointConfiguration', 'a change between a private API and one on the internet');
        }
        const policy = request.properties.json('Policy');
        api.policy = policy === undefined ? undefined : await readResourcePolicy(policy, api.id, request.environment, `${request.logicalId}.Policy`);
        api.name = name;
        api.vpcEndpoints = vpcEndpoints;
        return request.current;
      },
      remove: async ({ current }) => gateway.remove(current.ref),
    },
    'AWS::ApiGateway::Resource': part('AWS::ApiGateway::Resource', (api, { current }) => api.resources.delete(current.ref)),
    'AWS::ApiGateway::Method': part('AWS::ApiGateway::Method', (api, { properties }) => {
      api.removeMethod(properties.string('ResourceId'), properties.string('HttpMethod'));
    }),
    'AWS::ApiGateway::Model': shared(
      gateway, part('AWS::ApiGateway::Model', (api, { current }) => api.models.delete(current.ref)), (api, id) => api.models.get(id),
      (method, swap) => ({ ...method, requestModels: new Map([...method.requestModels].map(([type, model]) => [type, swap(model)])) }),
    ),
    'AWS::ApiGateway::RequestValidator': shared(
      gateway, part('AWS::ApiGateway::RequestValidator', (api, { current }) => api.validators.delete(current.ref)), (api, id) => api.validators.get(id),
      ({ validator, ...method }, swap) => ({ ...method, validator: validator && swap(validator) }),
    ),
    'AWS::ApiGateway::Authorizer': authorizerChange(gateway, part('AWS::ApiGateway::Authorizer', (api, { current }) => {
      api.userPoolAuthorizers.delete(current.ref);
      api.functionAuthorizers.delete(current.ref);
    })),
    'AWS::ApiGateway::GatewayResponse': part('AWS::ApiGateway::GatewayResponse', (api, request) => api.gatewayResponses.delete(responseType(request))),
    'AWS::ApiGateway::Deployment': {
      update: ({ properties, current }) => {
        // The description is told to people only, and whatever else it says replaces it.
        properties.notModelled('Description', 'RestApiId');
        return current;
      },
      remove: (request) => {
        apiOf(gateway, request)?.deployments.delete(request.current.ref);
      },
    },
    'AWS::ApiGateway::Stage': part('AWS::ApiGateway::Stage', (api, { current }) => api.stages.delete(current.ref)),
    // It is the account's own, and a deletion leaves it as it is.
    'AWS::ApiGateway::Account': { update: providers['AWS::ApiGateway::Account'], remove: () => {} },
    'AWS::ApiGateway::ApiKey': remadeInPlace(providers['AWS::ApiGateway::ApiKey'], ({ current }) => usagePlans.removeKey(current.ref)),
    'AWS::ApiGateway::UsagePlan': {
      update: ({ properties, current }) => {
        properties.notModelled('UsagePlanName', 'Description', 'Tags');
        usagePlans.changePlan({ id: current.ref, ...readPlan(properties, gateway) });
        return current;
      },
      remove: ({ current }) => usagePlans.removePlan(current.ref),
    },
    'AWS::ApiGateway::UsagePlanKey': {
      remove: ({ properties }) => usagePlans.removeFromPlan(properties.string('UsagePlanId'), properties.string('KeyId')),
    },
  };
}

function apiOf(gateway: ApiGateway, { properties }: ResourceRequest): RestApi | undefined {
  return gateway.find(properties.string('RestApiId'));
}

/** Methods know by their own type whether it asks user pools or a function. */
function authorizerChange(gateway: ApiGateway, change: ResourceChange): ResourceChange {
  const isOfUserPools = ({ properties }: ResourceRequest) => properties.string('Type') === USER_POOLS;
  const ofUserPools = shared(gateway, change, (api, id) => api.userPoolAuthorizers.get(id), ({ authorization, ...method }, swap) => ({
    ...method, authorization: authorization.type === USER_POOLS ? { ...authorization, authorizer: swap(authorization.authorizer) } : authorization,
  }));
  const ofFunctions = shared(gateway, change, (api, id) => api.functionAuthorizers.get(id), ({ authorization, ...method }, swap) => ({
    ...method, authorization: authorization.type === 'CUSTOM' ? { ...authorization, authorizer: swap(authorization.authorizer) } : authorization,
  }));
  return {
    remove: change.remove,
    update: (request) => {
      const now = isOfUserPools(request);
      if (now !== isOfUserPools(formerly(request))) {
        return request.properties.unsupported('Type', 'a change between user pools and a function');
      }
      return (now ? ofUserPools : ofFunctions).update?.(request) ?? request.current;
    },
  };
}

/** What methods know by its id: those that do not change themselves know the new one, too. */
function shared<T>(
  gateway: ApiGateway, change: ResourceChange, find: (api: RestApi, id: string) => T | undefined,
  inMethod: (method: MethodDefinition, swap: (used: T) => T) => MethodDefinition,
): ResourceChange {
  return {
    remove: change.remove,
    update: async (request) => {
      const { current: { ref, properties: { RestApiId } } } = request;
      const api = gateway.api(String(RestApiId));
      const former = find(api, ref);
      const updated = await change.update?.(request) ?? request.current;
      const next = find(api, updated.ref);
      if (former !== undefined && next !== undefined) api.changeMethods((method) => inMethod(method, (used) => (used === former ? next : used)));
      return updated;
    },
  };
}

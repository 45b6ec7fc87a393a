import { JsonValue } from '../json';
import { ApiGateway } from './api-gateway';
import { addAuthorizer, FindPool } from './authorizer-resource';
import { RestApi } from './definition';
import { CustomizableType, GatewayResponse, isGatewayResponseType } from './gateway-response';
import { identifier } from './identifier';
import { readMethod } from './method-resource';
import { RequestModel } from './request-model';
import { readResourcePolicy } from './resource-policy';
import { readStage } from './stage-resource';
import { usagePlanResources } from './usage-plan-resources';
import { unknownVariables } from './variables';
import { AwsEnvironment } from '../aws/service';
import { VpcEndpoint } from '../ec2/vpc-endpoints';
import { NotImplemented } from '../not-implemented';
import { ResourceProviders, ResourceRequest } from '../template/resource';

/** Variables of a gateway response's template that every request has. */
const RESPONSE_VARIABLES = [
  'accountId', 'apiId', 'error.message', 'error.messageString', 'error.responseType', 'error.validationErrorString', 'extendedRequestId',
  'httpMethod', 'identity.sourceIp', 'path', 'protocol', 'requestId', 'requestTime', 'requestTimeEpoch', 'resourcePath', 'stage',
].map((name) => `context.${name}`);

/** The VPC endpoint with an id, if a template made it. */
export type FindVpcEndpoint = (id: string) => VpcEndpoint | undefined;

/** What else there is that parts of APIs name. Default: nothing. */
export interface Surroundings {
  readonly findPool?: FindPool;
  readonly findVpcEndpoint?: FindVpcEndpoint;
}

/** APIs and their parts, as CloudFormation makes them. */
export function apiGatewayResources(
  gateway: ApiGateway, { findPool = () => undefined, findVpcEndpoint = () => undefined }: Surroundings = {},
): ResourceProviders {
  const apiOf = ({ properties }: ResourceRequest): RestApi => gateway.api(properties.string('RestApiId'));
  return {
    'AWS::ApiGateway::RestApi': async (request) => {
      const api = createRestApi(request, findVpcEndpoint);
      const policy = request.properties.json('Policy');
      if (policy !== undefined) api.policy = await readResourcePolicy(policy, api.id, request.environment, `${request.logicalId}.Policy`);
      gateway.add(api);
      return { ref: api.id, attributes: { RestApiId: api.id, RootResourceId: api.rootResourceId } };
    },

    'AWS::ApiGateway::Resource': (request) => {
      const { properties } = request;
      const pathPart = properties.string('PathPart');
      if (pathPart.includes('+')) properties.unsupported('PathPart', 'a greedy path parameter');
      if (!/^(\{[\w.:-]+\}|[\w.:~@$,-]+)$/.test(pathPart)) throw new Error(`Invalid path part or path parameter: ${pathPart}`);
      const id = identifier(request, 6);
      apiOf(request).addResource({ id, parentId: properties.string('ParentId'), pathPart });
      return { ref: id, attributes: { ResourceId: id } };
    },

    'AWS::ApiGateway::Method': (request) => {
      const api = apiOf(request);
      api.addMethod(request.properties.string('ResourceId'), readMethod(request.properties, api, request.environment));
      return { ref: `${request.stackName}-${request.identity}` };
    },

    'AWS::ApiGateway::Model': (request) => {
      const { properties } = request;
      properties.notModelled('Description');
      const api = apiOf(request);
      const name = properties.optionalString('Name') ?? `${request.logicalId}${identifier(request, 6)}`;
      if (!/^[A-Za-z0-9]+$/.test(name)) throw new Error(`Model name must be alphanumeric: ${name}`);
      const contentType = properties.optionalString('ContentType') ?? 'application/json';
      api.models.set(name, new RequestModel(name, contentType, schemaOf(properties.json('Schema'))));
      return { ref: name };
    },

    'AWS::ApiGateway::RequestValidator': (request) => {
      const { properties } = request;
      properties.notModelled('Name');
      const id = identifier(request, 6);
      apiOf(request).validators.set(id, {
        body: properties.boolean('ValidateRequestBody') ?? false,
        parameters: properties.boolean('ValidateRequestParameters') ?? false,
      });
      return { ref: id, attributes: { RequestValidatorId: id } };
    },

    'AWS::ApiGateway::GatewayResponse': (request) => {
      apiOf(request).gatewayResponses.set(responseType(request), readGatewayResponse(request));
      const id = identifier(request, 6);
      return { ref: id, attributes: { Id: id } };
    },

    'AWS::ApiGateway::Deployment': (request) => {
      request.properties.notModelled('Description');
      const id = identifier(request, 6);
      apiOf(request).deploy(id);
      return { ref: id, attributes: { DeploymentId: id } };
    },

    'AWS::ApiGateway::Stage': (request) => {
      const api = apiOf(request);
      const stage = readStage(request.properties, api, gateway.accountLogRoleArn !== undefined);
      if (api.stages.has(stage.name)) throw new Error(`Stage already exists: ${stage.name}`);
      api.stages.set(stage.name, stage);
      return { ref: stage.name };
    },

    'AWS::ApiGateway::Account': (request) => {
      gateway.accountLogRoleArn = request.properties.optionalString('CloudWatchRoleArn');
      return { ref: request.logicalId, attributes: { Id: request.logicalId } };
    },

    ...usagePlanResources(gateway),
    'AWS::ApiGateway::Authorizer': (request) => {
      const id = identifier(request, 6);
      addAuthorizer(id, request.properties, apiOf(request), request.environment, findPool);
      return { ref: id, attributes: { AuthorizerId: id } };
    },
  };
}

export function createRestApi(request: ResourceRequest, findVpcEndpoint: FindVpcEndpoint = () => undefined): RestApi {
  const { properties, environment } = request;
  // FailOnWarnings is about imported definitions, which are refused like every property not read here.
  properties.notModelled('Description', 'FailOnWarnings', 'Tags');
  if (properties.boolean('DisableExecuteApiEndpoint') === true) properties.unsupported('DisableExecuteApiEndpoint', 'an API without its own endpoint');
  const { types: [endpoint, ...more], vpcEndpoints } = properties.object('EndpointConfiguration', (configuration) => ({
    types: configuration.strings('Types') ?? ['EDGE'], vpcEndpoints: configuration.strings('VpcEndpointIds') ?? [],
  })) ?? { types: ['EDGE'], vpcEndpoints: [] };
  if (more.length > 0) properties.unsupported('EndpointConfiguration', 'more than one type of endpoint');
  if (endpoint === 'EDGE' && environment.partition !== 'aws') {
    throw new Error(`Endpoint Configuration type EDGE is not supported in this region: ${environment.region}`);
  }
  const isPrivate = endpoint === 'PRIVATE';
  if (endpoint !== 'EDGE' && endpoint !== 'REGIONAL' && !isPrivate) properties.unsupported('EndpointConfiguration', `a ${endpoint} endpoint`);
  if (!isPrivate && vpcEndpoints.length > 0) throw new Error('VPCEndpoints can only be specified with PRIVATE apis');
  for (const id of vpcEndpoints) assertVpcEndpoint(id, findVpcEndpoint(id), environment);
  return new RestApi(identifier(request, 10), identifier(request, 10, 'root'), properties.string('Name'), isPrivate ? vpcEndpoints : undefined);
}

/** One that this template did not make can be of another account, so nothing more is known of it. */
function assertVpcEndpoint(id: string, endpoint: VpcEndpoint | undefined, { region }: AwsEnvironment): void {
  if (!/^vpce-[0-9a-f]+$/.test(id)) throw new Error(`Invalid VPC endpoint: ${id}`);
  if (endpoint === undefined) return;
  if (endpoint.type !== 'Interface' || endpoint.serviceName !== `com.amazonaws.${region}.execute-api`) {
    throw new Error(`Invalid VPC endpoint ${id}: it is no interface endpoint of execute-api in this region`);
  }
  if (endpoint.hasPolicy) throw new NotImplemented(id, 'the policy of a VPC endpoint through which an API is called');
}

export function responseType({ properties }: ResourceRequest): CustomizableType {
  const type = properties.string('ResponseType');
  return isGatewayResponseType(type) ? type : properties.unsupported('ResponseType', 'this type of response');
}

function readGatewayResponse({ properties }: ResourceRequest): GatewayResponse {
  const templates = properties.texts('ResponseTemplates');
  const template = templates.get('application/json');
  if (templates.size > (template === undefined ? 0 : 1)) properties.unsupported('ResponseTemplates', 'a template that is not for application/json');
  const unknown = unknownVariables(template ?? '', RESPONSE_VARIABLES);
  if (unknown.length > 0) properties.unsupported('ResponseTemplates', `the variables ${unknown.join(', ')}`);
  const headers = [...properties.texts('ResponseParameters')].map(([name, expression]): [string, string] => {
    const header = /^gatewayresponse\.header\.(.+)$/.exec(name)?.[1];
    const value = /^'([^']*)'$/.exec(expression)?.[1];
    if (header === undefined || value === undefined) return properties.unsupported('ResponseParameters', `${name} from ${expression}`);
    return [header.toLowerCase(), value];
  });
  return { statusCode: properties.number('StatusCode'), template, headers: Object.fromEntries(headers) };
}

function schemaOf(schema: JsonValue | undefined): JsonValue {
  if (typeof schema !== 'string') return schema ?? {};
  const parsed: JsonValue = JSON.parse(schema);
  return parsed;
}

import { ApiGateway } from '../../../local/apigateway/api-gateway';
import { IntegrationAnswer, IntegrationRequest } from '../../../local/apigateway/integration';
import { FunctionInvocation, FunctionResult } from '../../../local/apigateway/lambda-integration';
import { apiGatewayResources } from '../../../local/apigateway/resources';
import { Authorize, AwsEnvironment, CallContext, ServiceError } from '../../../local/aws/service';
import { VirtualClock } from '../../../local/clock';
import { JsonObject } from '../../../local/json';
import { StrictProperties } from '../../../local/template/strict-properties';

export const ENVIRONMENT: AwsEnvironment = { accountId: '111122223333', region: 'eu-west-1', partition: 'aws', urlSuffix: 'amazonaws.com' };
export const ROLE = 'arn:aws:iam::111122223333:role/Starter';
export const FUNCTION_ARN = 'arn:aws:lambda:eu-west-1:111122223333:function:manage';
export const FUNCTION_URI = `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${FUNCTION_ARN}/invocations`;
export const URI = 'arn:aws:apigateway:eu-west-1:states:action/StartExecution';

const answerNothing = async (): Promise<FunctionResult> => ({ failed: false, payload: '{}' });

/** An API Gateway whose callers name themselves in a header, and whose integration answers what the test says. */
export class ApiFixture {
  readonly clock = new VirtualClock(1_600_000_000_000);
  readonly calls: IntegrationRequest[] = [];
  readonly invocations: FunctionInvocation[] = [];
  readonly authorized: Array<{ action: string; resource: string; caller?: string }> = [];
  readonly logLines: string[] = [];
  readonly faults: Error[] = [];
  answer: IntegrationAnswer = { statusCode: 200, headers: {}, body: '{}' };
  /** What a function comes to. */
  invoke: () => Promise<FunctionResult> = answerNothing;
  readonly gateway: ApiGateway;
  private readonly references = new Map<string, string>();

  /** @param authorize Who may do what; default: everybody but `stranger`. */
  constructor(private readonly environment: AwsEnvironment = ENVIRONMENT, authorize?: Authorize) {
    this.gateway = new ApiGateway({
      environment,
      clock: this.clock,
      authenticate: async ({ headers }): Promise<CallContext> => {
        if (headers['x-caller'] === 'forged') throw new ServiceError('SignatureDoesNotMatch', 'no match', 403);
        if (headers['x-caller'] === 'expired') throw new ServiceError('ExpiredToken', 'The security token included in the request is expired', 403);
        const arn = headers['x-caller'];
        return { caller: { arn, principalId: arn && `AIDA${arn.split('/')[1].toUpperCase()}` } };
      },
      authorize: authorize ?? (async ({ action, resource }, { caller }) => {
        this.authorized.push({ action, resource, caller: caller.arn });
        if (caller.arn?.endsWith('/stranger')) throw new ServiceError('AccessDeniedException', `User: ${caller.arn} is not authorized to perform: ${action}`, 403);
      }),
      integrate: async (request) => {
        this.calls.push(request);
        return this.answer;
      },
      invokeFunction: async (invocation) => {
        this.invocations.push(invocation);
        return this.invoke();
      },
      writeAccessLog: (_, line) => this.logLines.push(line),
      onFault: (fault) => this.faults.push(fault),
    });
  }

  /** Makes a resource as the stack would, and checks that every property was read; `{ Ref: id }` and `{ Root: id }` refer to earlier ones. */
  async create(logicalId: string, type: string, values: object): Promise<string> {
    const properties = new StrictProperties(this.resolve(values), `${logicalId} (${type})`);
    const created = await apiGatewayResources(this.gateway)[type]({
      logicalId, identity: logicalId, type, properties, environment: this.environment, stackName: 'Test', physicalName: () => logicalId, asset: () => '',
    });
    properties.assertAllRead();
    this.references.set(logicalId, created.ref);
    if (created.attributes?.RootResourceId !== undefined) this.references.set(`${logicalId}.Root`, created.attributes.RootResourceId);
    return created.ref;
  }

  /** API with POST /queries; the arguments add to or replace properties of its method. */
  async createApi(method: object = {}, integration: object = {}): Promise<string> {
    const apiId = this.references.get('Api') ?? await this.create('Api', 'AWS::ApiGateway::RestApi', { Name: 'api' });
    await this.create('Queries', 'AWS::ApiGateway::Resource', { RestApiId: { Ref: 'Api' }, ParentId: { Ref: 'Api.Root' }, PathPart: 'queries' });
    await this.create('Post', 'AWS::ApiGateway::Method', {
      RestApiId: { Ref: 'Api' },
      ResourceId: { Ref: 'Queries' },
      HttpMethod: 'POST',
      AuthorizationType: 'NONE',
      MethodResponses: [{ StatusCode: '202' }, { StatusCode: '400' }, { StatusCode: '500' }],
      Integration: {
        Type: 'AWS',
        IntegrationHttpMethod: 'POST',
        Uri: URI,
        Credentials: ROLE,
        PassthroughBehavior: 'NEVER',
        RequestTemplates: { 'application/json': '{"input":$input.json(\'$.Query\')}' },
        IntegrationResponses: [
          { StatusCode: '202', SelectionPattern: '200', ResponseTemplates: { 'application/json': '{"Id":$input.json(\'$.id\')}' } },
          { StatusCode: '400', SelectionPattern: '4\\d{2}', ResponseTemplates: { 'application/json': '#set($context.responseOverride.status = 429){"Code":"Busy"}' } },
          { StatusCode: '500', ResponseTemplates: { 'application/json': '{"Code":"Broken"}' } },
        ],
        ...integration,
      },
      ...method,
    });
    return apiId;
  }

  /** Adds GET /queries/{QueryId} and a function behind it; the arguments add to or replace properties of its method. */
  async addGet(method: object = {}, integration: object = {}): Promise<void> {
    await this.create('Query', 'AWS::ApiGateway::Resource', { RestApiId: { Ref: 'Api' }, ParentId: { Ref: 'Queries' }, PathPart: '{QueryId}' });
    await this.create('Get', 'AWS::ApiGateway::Method', {
      RestApiId: { Ref: 'Api' },
      ResourceId: { Ref: 'Query' },
      HttpMethod: 'GET',
      AuthorizationType: 'NONE',
      RequestParameters: { 'method.request.path.QueryId': true },
      MethodResponses: [{ StatusCode: '200' }, { StatusCode: '404' }, { StatusCode: '500' }],
      Integration: {
        Type: 'AWS',
        IntegrationHttpMethod: 'POST',
        Uri: FUNCTION_URI,
        Credentials: ROLE,
        PassthroughBehavior: 'NEVER',
        RequestTemplates: { 'application/json': '{"QueryId":"$input.params(\'QueryId\')"}' },
        IntegrationResponses: [
          { StatusCode: '200' },
          { StatusCode: '404', SelectionPattern: 'NoSuchQuery.*', ResponseTemplates: { 'application/json': '{"Code":$input.json(\'$.errorMessage\')}' } },
          { StatusCode: '500', SelectionPattern: '(\\n|[^N])(\\n|.)*', ResponseTemplates: { 'application/json': '{"Code":"Broken"}' } },
        ],
        ...integration,
      },
      ...method,
    });
  }

  async deploy(stage: object = {}): Promise<void> {
    await this.create('Deployment', 'AWS::ApiGateway::Deployment', { RestApiId: { Ref: 'Api' } });
    await this.create('Stage', 'AWS::ApiGateway::Stage', { RestApiId: { Ref: 'Api' }, DeploymentId: { Ref: 'Deployment' }, StageName: 'prod', ...stage });
  }

  /** Physical id of a resource that was made. */
  referenceTo(logicalId: string): string {
    return this.references.get(logicalId) ?? '';
  }

  private resolve(value: object): JsonObject {
    return JSON.parse(JSON.stringify(value), (_, inner: unknown) => {
      const isReference = typeof inner === 'object' && inner !== null && 'Ref' in inner && typeof inner.Ref === 'string';
      return isReference ? this.references.get(String(inner.Ref)) : inner;
    });
  }
}

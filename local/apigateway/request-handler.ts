import { Authorize, AwsEnvironment, CallContext, ServiceError } from '../aws/service';
import { asError } from '../errors';
import { emitApiMetrics } from './api-metrics';
import { mediaType } from './content-type';
import { RestApi, Route, Stage } from './definition';
import { FunctionAuthorizers } from './function-authorizers';
import { GatewayFailure, GatewayResponseType } from './gateway-response';
import { IntegrationTargets, runIntegration } from './integration';
import { MethodDefinition } from './method';
import { MappingInput } from './parameter-mapping';
import { vpcEndpointOf } from './private-access';
import { requestContext } from './request-context';
import { findRoute, RouteMatch } from './router';
import { MethodThrottle, TokenBucket } from './token-bucket';
import { stageKey, UsagePlans } from './usage-plans';
import { claimsOfRequest } from './user-pool-authorizer';
import { readVariable, substitute, Variables } from './variables';
import { EmitMetric } from '../cloudwatch/metric-store';
import { HttpAnswer } from '../http/http-service';
import { ReceivedRequest } from '../http/received-request';
import { RequestParameters } from './vtl/input';

/** A call, and the key that it was signed with. */
export interface SignedCall extends CallContext {
  readonly accessKeyId?: string;
}

/** What requests need from the rest of the cloud. */
export interface GatewayEnvironment extends IntegrationTargets {
  readonly environment: AwsEnvironment;
  /** Who signed a request for `execute-api`: a context without a caller's ARN when nobody did. Throws a `ServiceError` for a bad signature. */
  readonly authenticate: (request: ReceivedRequest) => Promise<SignedCall>;
  readonly authorize: Authorize;
  /** Takes the lines of stages with access logs. */
  readonly writeAccessLog: (destinationArn: string, line: string) => void;
  /** Takes the metrics of APIs. */
  readonly emitMetric?: EmitMetric;
  /** Told of every request that has no answer: a gap or a fault of the local cloud. */
  readonly onFault?: (fault: Error) => void;
}

/** The answer to what reaches no stage, which no API can word. */
const FORBIDDEN: HttpAnswer = { statusCode: 403, headers: { 'content-type': 'application/json' }, body: '{"message":"Forbidden"}' };

/** Largest payload, in bytes: a quota of API Gateway that cannot be raised. */
export const MAX_PAYLOAD_BYTES = 10_485_760;

/** Answers the requests of one API. */
export class RequestHandler {
  private readonly buckets = new Map<string, TokenBucket>();
  private readonly authorizers: FunctionAuthorizers;

  constructor(private readonly api: RestApi, private readonly usagePlans: UsagePlans, private readonly gateway: GatewayEnvironment) {
    this.authorizers = new FunctionAuthorizers(gateway);
  }

  /**
   * The answer to a request for `/{stage}/{path}`; virtual time stands still until it is there. Throws, instead of answering, for what the local cloud does not implement.
   * @param sourceIp Address of the client.
   */
  async handle(request: ReceivedRequest, sourceIp: string): Promise<HttpAnswer> {
    try {
      return await this.gateway.clock.hold(() => this.handleHeld(request, sourceIp));
    } catch (error) {
      this.gateway.onFault?.(asError(error));
      throw error;
    }
  }

  private async handleHeld(request: ReceivedRequest, sourceIp: string): Promise<HttpAnswer> {
    const [, stageName, path] = /^\/([^/]*)(.*)$/.exec(request.path) ?? [];
    const stage = this.api.stages.get(stageName);
    const isPrivate = this.api.vpcEndpoints !== undefined;
    // Through a VPC endpoint, only private APIs are reached, and they in no other way. Source: re:Post, "403 Forbidden error when calling an API from a VPC".
    if (stage === undefined || isPrivate !== (this.endpointOf(request) !== undefined)) return FORBIDDEN;
    const match = findRoute(stage.deployment, request.method, path === '' ? '/' : path);
    const now = this.gateway.clock.now();
    const base = { environment: this.gateway.environment, apiId: this.api.id, stage: stage.name, request, now, sourceIp, route: match?.route };
    const anonymous = { context: requestContext(base), stageVariables: stage.variables };
    const { variables, answer: { headers, ...answer } } = await this.answer(request, stage, match, anonymous);
    this.log(stage, variables, answer);
    const { emitMetric, clock } = this.gateway;
    if (emitMetric !== undefined) emitApiMetrics(this.api, stage, { statusCode: answer.statusCode, latency: clock.now() - now }, emitMetric);
    return { ...answer, headers: { ...headers, 'x-amzn-requestid': String(variables.context.requestId) } };
  }

  /** The answer, and the variables with the caller among them once it is known. */
  private async answer(
    request: ReceivedRequest, stage: Stage, match: RouteMatch | undefined, anonymous: Variables,
  ): Promise<{ answer: HttpAnswer; variables: Variables }> {
    let variables = anonymous;
    try {
      // An unknown path looks like one that needs a signature.
      if (match === undefined) throw new GatewayFailure('MISSING_AUTHENTICATION_TOKEN');
      const { route, parameters } = match;
      const inputs = { path: parameters, querystring: queryString(request), header: request.headers };
      variables = await this.admit(request, stage, route, { ...variables, parameters: inputs });
      if (route.method.apiKeyRequired) variables = withIdentity(variables, this.meter(request, stage));
      this.throttle(stage, route);
      if (request.body.length > MAX_PAYLOAD_BYTES) {
        throw new GatewayFailure('REQUEST_TOO_LARGE', `HTTP content length exceeded ${MAX_PAYLOAD_BYTES} bytes.`);
      }
      const input = {
        ...variables,
        body: request.body.toString('utf8'),
        parameters: inputs,
      };
      validate(route.method, input.parameters, input.body);
      const routeArn = this.arnOf(`${stage.name}/${request.method}${route.resourcePath}`);
      return { variables, answer: await runIntegration(route.method.integration, input, routeArn, this.gateway) };
    } catch (error) {
      if (error instanceof GatewayFailure) return { variables, answer: stage.deployment.gatewayResponses.answer(error, variables) };
      throw error;
    }
  }

  /** Lets a request in, or not; answers the variables with what is known of the caller. */
  private async admit(
    request: ReceivedRequest, stage: Stage, { method: { authorization }, resourcePath }: Route, input: MappingInput,
  ): Promise<Variables> {
    const variables: Variables = { context: input.context, stageVariables: input.stageVariables };
    switch (authorization.type) {
      case 'AWS_IAM': {
        const context = await this.orRefused(async () => this.gateway.authenticate(request));
        if (context.caller.arn === undefined) throw new GatewayFailure('MISSING_AUTHENTICATION_TOKEN');
        await this.require(request, stage, context);
        return withCaller(variables, context);
      }
      case 'COGNITO_USER_POOLS': {
        const claims = await claimsOfRequest(authorization.authorizer, authorization.scopes, request.headers);
        await this.requirePolicy(request, stage);
        return { ...variables, context: { ...variables.context, authorizer: { claims } } };
      }
      case 'CUSTOM': {
        const path = request.path.slice(stage.name.length + 1);
        const authorizer = await this.authorizers.authorize(authorization.authorizer, {
          request,
          input,
          path,
          resourcePath,
          methodArn: this.arnOf(`${stage.name}/${request.method}${path}`),
          stageName: stage.name,
          callContext: { caller: {}, sourceIp: readVariable('context', 'identity.sourceIp', input), sourceVpce: this.endpointOf(request) },
          resourcePolicy: stage.deployment.policy,
        });
        return { ...variables, context: { ...variables.context, authorizer } };
      }
      case 'NONE':
        await this.requirePolicy(request, stage);
        return variables;
    }
  }

  /** Where IAM does not know the caller, a policy of the API must let everybody in, if there is one. */
  private async requirePolicy(request: ReceivedRequest, stage: Stage): Promise<void> {
    if (stage.deployment.policy !== undefined) await this.require(request, stage, { caller: {} });
  }

  private async require(request: ReceivedRequest, stage: Stage, context: CallContext): Promise<void> {
    const resource = this.arnOf(`${stage.name}/${request.method}/${request.path.slice(stage.name.length + 2)}`);
    const asked = { action: 'execute-api:Invoke', resource, resourcePolicy: stage.deployment.policy };
    await this.orRefused(async () => this.gateway.authorize(asked, { ...context, sourceVpce: this.endpointOf(request) }));
  }

  private async orRefused<T>(check: () => Promise<T>): Promise<T> {
    try {
      return await check();
    } catch (error) {
      if (error instanceof ServiceError) throw new GatewayFailure(refusalType(error.code), error.message);
      throw error;
    }
  }

  /** The key of a request that needs one: its id, and what was sent. */
  private meter({ headers }: ReceivedRequest, stage: Stage): Readonly<Record<string, string>> {
    const { id, value } = this.usagePlans.meter(headers['x-api-key'], stageKey(this.api.id, stage.name), this.gateway.clock);
    return { apiKeyId: id, apiKey: value };
  }

  /** The VPC endpoint that a request came through; undefined: it came over the internet. */
  private endpointOf(request: ReceivedRequest): string | undefined {
    return vpcEndpointOf(request, this.api, this.gateway.environment);
  }

  private arnOf(path: string): string {
    const { partition, region, accountId } = this.gateway.environment;
    return `arn:${partition}:execute-api:${region}:${accountId}:${this.api.id}/${path}`;
  }

  /** Each method of a stage has a bucket of its own; the most specific setting counts. */
  private throttle(stage: Stage, { resourcePath, method }: Route): void {
    const pathRank = [resourcePath, '/*'];
    const verbRank = [method.httpMethod, '*'];
    const rank = (throttle: MethodThrottle) => 2 * pathRank.indexOf(throttle.resourcePath) + verbRank.indexOf(throttle.httpMethod);
    const [setting] = stage.throttles
      .filter((throttle) => pathRank.includes(throttle.resourcePath) && verbRank.includes(throttle.httpMethod))
      .sort((one, other) => rank(one) - rank(other));
    if (setting === undefined) return;
    const key = `${stage.name} ${method.httpMethod} ${resourcePath}`;
    const bucket = this.buckets.get(key) ?? new TokenBucket(setting.rateLimit, setting.burstLimit, this.gateway.clock);
    this.buckets.set(key, bucket);
    if (!bucket.take()) throw new GatewayFailure('THROTTLED');
  }

  private log({ accessLog }: Stage, { context, stageVariables }: Variables, { statusCode, body }: HttpAnswer): void {
    if (accessLog === undefined) return;
    const outcome = { status: String(statusCode), responseLength: String(Buffer.byteLength(body ?? '')) };
    this.gateway.writeAccessLog(accessLog.destinationArn, substitute(accessLog.format, { context: { ...context, ...outcome }, stageVariables }, '-'));
  }
}

/** The type of gateway response for a refusal in the words of any of AWS's protocols. */
function refusalType(code: string): GatewayResponseType {
  if (/^(AccessDenied|Forbidden)/.test(code)) return 'ACCESS_DENIED';
  if (/^ExpiredToken/.test(code)) return 'EXPIRED_TOKEN';
  if (/^MissingAuthenticationToken/.test(code)) return 'MISSING_AUTHENTICATION_TOKEN';
  return 'INVALID_SIGNATURE';
}

function validate({ validator, requestModels, requestParameters }: MethodDefinition, parameters: RequestParameters, body: string): void {
  if (validator?.parameters === true) {
    const absent = [...requestParameters].filter(([place, required]) => required && !hasParameter(parameters, place));
    const missing = absent.map(([place]) => place.slice(place.indexOf('.') + 1));
    if (missing.length > 0) throw new GatewayFailure('BAD_REQUEST_PARAMETERS', `Missing required request parameters: [${missing.join(', ')}]`);
  }
  // A content type without a model is let through: only passthrough NEVER stops it.
  const model = validator?.body === true ? requestModels.get(mediaType(parameters.header['content-type'])) : undefined;
  const errors = model?.errors(body);
  if (errors !== undefined) throw new GatewayFailure('BAD_REQUEST_BODY', undefined, errors);
}

function hasParameter({ path, querystring, header }: RequestParameters, place: string): boolean {
  const [kind, ...rest] = place.split('.');
  const name = rest.join('.');
  if (kind === 'header') return (header[name.toLowerCase()] ?? '') !== '';
  return ((kind === 'path' ? path : querystring)[name] ?? '') !== '';
}

/** Of a parameter given several times the last one counts. */
function queryString({ query }: ReceivedRequest): Record<string, string> {
  return Object.fromEntries(query.map(({ name, value }) => [name, value]));
}

/** Source of what `caller` and `user` are: the payloads of https://blog.daringkoala.com/posts/apigw-lambda-integration-payloads. */
function withCaller(variables: Variables, { caller: { arn, accountId, principalId }, accessKeyId }: SignedCall): Variables {
  const known = Object.entries({ userArn: arn, accountId, caller: principalId, user: principalId, accessKey: accessKeyId });
  return withIdentity(variables, Object.fromEntries(known.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))));
}

function withIdentity(variables: Variables, identity: Readonly<Record<string, string>>): Variables {
  const { context } = variables;
  const earlier = typeof context.identity === 'object' ? context.identity : {};
  return { ...variables, context: { ...context, identity: { ...earlier, ...identity } } };
}

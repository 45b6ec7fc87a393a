import { ApiGateway } from './api-gateway';
import { apiGatewayChanges } from './changes';
import { Integrate } from './integration';
import { InvokeFunction } from './lambda-integration';
import { SignedCall } from './request-handler';
import { apiGatewayResources, Surroundings } from './resources';
import { MetricStore } from '../cloudwatch/metric-store';
import { UserPools } from '../cognito/user-pools';
import { VpcEndpoints } from '../ec2/vpc-endpoints';
import { authenticate } from '../http/authenticate';
import { Dialect } from '../http/authentication-failure';
import { callJson } from '../http/json-protocol';
import { ReceivedRequest } from '../http/received-request';
import { LambdaService } from '../lambda/lambda-service';
import { LogStore } from '../logs/log-store';
import { CloudContext, ServiceModule } from '../service-module';

interface Needs {
  /** For the access logs of stages. */
  readonly logs: LogStore;
  readonly metrics: MetricStore;
  readonly lambda: LambdaService;
  readonly userPools: UserPools;
  readonly vpcEndpoints: VpcEndpoints;
}

export function apiGatewayModule(
  context: CloudContext, { logs, lambda, metrics, userPools, vpcEndpoints }: Needs,
): ServiceModule<{ readonly apiGateway: ApiGateway }> {
  const { clock, certificates: { keyPem, certPem } } = context;
  const apiGateway = new ApiGateway({
    ...context,
    authenticate: (request) => authenticateCaller(context, request),
    integrate: integrateWith(context),
    invokeFunction: invokeWith(context, lambda),
    emitMetric: metrics.emitter(clock),
    writeAccessLog: (arn, message) => logs.writeTo(arn, { stream: 'access', timestamp: clock.now(), message }),
  });
  const surroundings: Surroundings = { findPool: (arn) => userPools.byArn(arn), findVpcEndpoint: (id) => vpcEndpoints.find(id) };
  const resources = apiGatewayResources(apiGateway, surroundings);
  return {
    provides: { apiGateway },
    resources,
    changes: apiGatewayChanges(apiGateway, resources, surroundings),
    deployed: async () => apiGateway.serveAll({ tls: { key: keyPem, cert: certPem } }),
    close: async () => apiGateway.close(),
  };
}

async function authenticateCaller(context: CloudContext, request: ReceivedRequest): Promise<SignedCall> {
  const dialectOf = (service: string): Dialect => {
    if (service !== 'execute-api') throw new Error(`What API Gateway answers to a signature for ${service} is not implemented`);
    return 'json';
  };
  const authenticated = await authenticate(request, { ...context, dialectOf });
  return { caller: authenticated?.caller ?? {}, accessKeyId: authenticated?.accessKeyId };
}

const API_GATEWAY = 'apigateway.amazonaws.com';
const SESSION_NAME = 'BackplaneAssumeRoleSession';

/** A function is invoked with the rights of the integration's role, or on API Gateway's own behalf. */
function invokeWith({ sessions, environment: { accountId } }: CloudContext, lambda: LambdaService): InvokeFunction {
  return async ({ functionArn, roleArn, sourceArn, payload: event }) => {
    const context = roleArn === undefined
      ? { caller: { service: API_GATEWAY }, sourceArn, sourceAccount: accountId }
      : { caller: await sessions.caller(roleArn, API_GATEWAY, SESSION_NAME) };
    const { functionError, payload } = await lambda.invoke(functionArn, event, context);
    return { failed: functionError !== undefined, payload };
  };
}

/** API Gateway calls a service with the rights of the integration's role. */
function integrateWith({ wires, sessions }: CloudContext): Integrate {
  return async ({ service, action, body, roleArn }) => {
    const wire = wires.find((candidate) => candidate.service.name === service);
    if (wire === undefined) throw new Error(`The local cloud has no service ${service} for integrations`);
    const caller = await sessions.caller(roleArn, API_GATEWAY, SESSION_NAME);
    const { statusCode, body: answer } = await callJson(wire, action, body, { caller });
    return { statusCode, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: answer };
  };
}

import { ApiGateway } from './api-gateway';
import { Integrate } from './integration';
import { apiGatewayResources } from './resources';
import { CallContext } from '../aws/service';
import { authenticate } from '../http/authenticate';
import { Dialect } from '../http/authentication-failure';
import { callJson } from '../http/json-protocol';
import { ReceivedRequest } from '../http/received-request';
import { LogStore } from '../logs/log-store';
import { CloudContext, ServiceModule } from '../service-module';

interface Needs {
  /** For the access logs of stages. */
  readonly logs: LogStore;
}

export function apiGatewayModule(context: CloudContext, { logs }: Needs): ServiceModule<{ readonly apiGateway: ApiGateway }> {
  const { clock, certificates: { keyPem, certPem } } = context;
  const apiGateway = new ApiGateway({
    ...context,
    authenticate: (request) => authenticateCaller(context, request),
    integrate: integrateWith(context),
    writeAccessLog: (arn, message) => logs.writeTo(arn, { stream: 'access', timestamp: clock.now(), message }),
  });
  return {
    provides: { apiGateway },
    resources: apiGatewayResources(apiGateway),
    deployed: async () => apiGateway.serveAll({ tls: { key: keyPem, cert: certPem } }),
    close: async () => apiGateway.close(),
  };
}

async function authenticateCaller(context: CloudContext, request: ReceivedRequest): Promise<CallContext> {
  const dialectOf = (service: string): Dialect | undefined => (service === 'execute-api' ? 'json' : undefined);
  const authenticated = await authenticate(request, { ...context, dialectOf });
  return { caller: authenticated?.caller ?? {} };
}

/** API Gateway calls a service with the rights of the integration's role. */
function integrateWith({ wires, sessions }: CloudContext): Integrate {
  return async ({ service, action, body, roleArn }) => {
    const wire = wires.find((candidate) => candidate.service.name === service);
    if (wire === undefined) throw new Error(`The local cloud has no service ${service} for integrations`);
    const caller = await sessions.caller(roleArn, 'apigateway.amazonaws.com', 'BackplaneAssumeRoleSession');
    const { statusCode, body: answer } = await callJson(wire, action, body, { caller });
    return { statusCode, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: answer };
  };
}

import { Clock } from '../clock';
import { mediaType } from './content-type';
import { GatewayFailure } from './gateway-response';
import { invokeFunction, InvokeFunction } from './lambda-integration';
import { Integration, IntegrationResponse } from './method';
import { mapHeaders } from './parameter-mapping';
import { Overrides } from './vtl/context';
import { matchesWhole } from './vtl/java-regex';
import { parseJson } from './vtl/json';
import { TemplateInput } from './vtl/mapping-template';

/** A call of an AWS service on behalf of a method, with the rights of the integration's role. */
export interface IntegrationRequest {
  readonly service: string;
  readonly action: string;
  readonly body: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly roleArn: string;
}

export interface IntegrationAnswer {
  readonly statusCode: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Makes the call; it fails only if the service cannot be reached or the role not be assumed, for a service's refusal is an answer too. */
export type Integrate = (request: IntegrationRequest) => Promise<IntegrationAnswer>;

/** Ways to the targets of integrations. */
export interface IntegrationTargets {
  readonly clock: Clock;
  readonly integrate: Integrate;
  readonly invokeFunction: InvokeFunction;
}

/** Maps the request, calls the target, maps its answer; `routeArn` says on whose behalf. Virtual time must be held. */
export async function runIntegration(
  integration: Integration, input: TemplateInput, routeArn: string, targets: IntegrationTargets,
): Promise<IntegrationAnswer> {
  const { body, overrides } = mapRequest(integration, input);
  const { target, timeoutMilliseconds } = integration;
  const others = overrides === undefined ? 0 : overrides.request.querystring.size + overrides.request.path.size;
  if (target.kind !== 'mock' && others > 0) {
    throw new Error('The local cloud does not implement $context.requestOverride.querystring and .path for services and functions');
  }
  const headers = { ...mapHeaders(integration.requestHeaders, input), ...overrideHeaders(overrides?.request.header) };
  switch (target.kind) {
    case 'mock': {
      const answer = { statusCode: mockStatus(body), headers: {}, body: '' };
      return mapResponse(selectResponse(integration.responses, String(answer.statusCode)), answer, input);
    }
    case 'aws': {
      const { service, action, roleArn } = target;
      const answer = await targets.integrate({ service, action, roleArn, body, headers });
      return mapResponse(selectResponse(integration.responses, String(answer.statusCode)), answer, input);
    }
    case 'lambda': {
      // What headers say to Lambda, such as an asynchronous invocation, is not for the function.
      if (Object.keys(headers).length > 0) throw new Error('The local cloud does not implement $context.requestOverride.header for functions');
      const { errorMessage, payload } = await invokeFunction({ ...target, payload: body, sourceArn: routeArn }, timeoutMilliseconds, targets);
      return mapResponse(selectResponse(integration.responses, errorMessage), { statusCode: 200, headers: {}, body: payload }, input);
    }
  }
}

function mapRequest(integration: Integration, input: TemplateInput): { body: string; overrides?: Overrides } {
  const { requestTemplates, passthrough } = integration;
  const template = requestTemplates.get(mediaType(input.parameters.header['content-type']));
  if (template !== undefined) {
    const { text, overrides } = template.render(input);
    return { body: text, overrides };
  }
  const refused = passthrough === 'NEVER' || (passthrough === 'WHEN_NO_TEMPLATES' && requestTemplates.size > 0);
  if (refused) throw new GatewayFailure('UNSUPPORTED_MEDIA_TYPE');
  return { body: input.body };
}

/** The template of a mock integration renders `{"statusCode": 200}`. */
function mockStatus(body: string): number {
  const root = parseJson(body);
  const status = root instanceof Map ? root.get('statusCode') : undefined;
  if (typeof status !== 'bigint') throw new GatewayFailure('API_CONFIGURATION_ERROR');
  return Number(status);
}

function mapResponse(response: IntegrationResponse, answer: IntegrationAnswer, input: TemplateInput): IntegrationAnswer {
  const rendered = response.template?.render({ ...input, body: answer.body });
  return {
    statusCode: rendered?.overrides.response.status ?? response.statusCode,
    headers: {
      'content-type': 'application/json',
      ...mapHeaders(response.headers, { ...input, responseHeaders: answer.headers }),
      ...overrideHeaders(rendered?.overrides.response.header),
    },
    body: rendered?.text ?? answer.body,
  };
}

/**
 * Patterns are matched against the HTTP status of a service, and against the error message of a function.
 * @param outcome Undefined for a function that did not fail: it has the default response.
 */
function selectResponse(responses: readonly IntegrationResponse[], outcome: string | undefined): IntegrationResponse {
  const fits = ({ selectionPattern }: IntegrationResponse) => (
    outcome !== undefined && selectionPattern !== undefined && matchesWhole(selectionPattern, outcome)
  );
  const matching = responses.filter(fits);
  if (matching.length > 1) throw new Error(`Several selection patterns match ${outcome}; which one API Gateway takes is not documented`);
  const chosen = matching[0] ?? responses.find(({ selectionPattern }) => selectionPattern === undefined);
  if (chosen === undefined) throw new GatewayFailure('API_CONFIGURATION_ERROR');
  return chosen;
}

function overrideHeaders(headers: Overrides['response']['header'] | undefined): Record<string, string> {
  return Object.fromEntries([...headers ?? []].map(([name, value]) => [name.toLowerCase(), String(value)]));
}

import { mediaType } from './content-type';
import { GatewayFailure } from './gateway-response';
import { AwsAction, Integration, IntegrationResponse } from './method';
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

/** Maps the request, calls the target, maps its answer. */
export async function runIntegration(integration: Integration, input: TemplateInput, integrate: Integrate): Promise<IntegrationAnswer> {
  const { body, overrides } = mapRequest(integration, input);
  if (integration.target.kind === 'mock') {
    return mapResponse(integration, { statusCode: mockStatus(body), headers: {}, body: '' }, input);
  }
  if (overrides !== undefined && overrides.request.querystring.size + overrides.request.path.size > 0) {
    throw new Error('The local cloud does not implement $context.requestOverride.querystring and .path for the action of a service');
  }
  const headers = { ...mapHeaders(integration.requestHeaders, input), ...overrideHeaders(overrides?.request.header) };
  const { service, action, roleArn }: AwsAction = integration.target;
  return mapResponse(integration, await integrate({ service, action, roleArn, body, headers }), input);
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

function mapResponse(integration: Integration, answer: IntegrationAnswer, input: TemplateInput): IntegrationAnswer {
  const response = selectResponse(integration.responses, answer.statusCode);
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

/** For the action of a service, patterns are matched against its HTTP status. */
function selectResponse(responses: readonly IntegrationResponse[], statusCode: number): IntegrationResponse {
  const matching = responses.filter(({ selectionPattern }) => selectionPattern !== undefined && matchesWhole(selectionPattern, String(statusCode)));
  if (matching.length > 1) throw new Error(`Several selection patterns match ${statusCode}; which one API Gateway takes is not documented`);
  const chosen = matching[0] ?? responses.find(({ selectionPattern }) => selectionPattern === undefined);
  if (chosen === undefined) throw new GatewayFailure('API_CONFIGURATION_ERROR');
  return chosen;
}

function overrideHeaders(headers: Overrides['response']['header'] | undefined): Record<string, string> {
  return Object.fromEntries([...headers ?? []].map(([name, value]) => [name.toLowerCase(), String(value)]));
}

import { FunctionAuthorizer } from './function-authorizer';
import { MappingInput } from './parameter-mapping';
import { ReceivedRequest } from '../http/received-request';
import { JsonObject } from '../json';

export interface AuthorizedRequest {
  readonly request: ReceivedRequest;
  readonly input: MappingInput;
  /** ARN of the method, with the path of the request. */
  readonly methodArn: string;
  /** `/queries/{QueryId}`. */
  readonly resourcePath: string;
  /** The path without the stage. */
  readonly path: string;
}

/**
 * The event of an authorizer's function. Source: API Gateway developer guide, "Input to an API Gateway Lambda authorizer".
 *
 * @param sources values of its identity sources
 */
export function authorizerEvent({ type }: FunctionAuthorizer, sources: readonly string[], asked: AuthorizedRequest): JsonObject {
  const { methodArn } = asked;
  if (type === 'TOKEN') return { type, methodArn, authorizationToken: sources[0] };
  const { request, input: { context, stageVariables, parameters }, resourcePath, path } = asked;
  const text = (name: string): string => String(context[name] ?? '');
  const identity = typeof context.identity === 'object' ? context.identity : {};
  const query = request.query.map(({ name, value }): [string, string] => [name, value]);
  return {
    type,
    methodArn,
    resource: resourcePath,
    path,
    httpMethod: request.method,
    headers: Object.fromEntries(request.sentHeaders),
    multiValueHeaders: grouped(request.sentHeaders),
    queryStringParameters: Object.fromEntries(query),
    multiValueQueryStringParameters: grouped(query),
    pathParameters: { ...parameters.path },
    stageVariables: { ...stageVariables },
    requestContext: {
      accountId: text('accountId'),
      apiId: text('apiId'),
      httpMethod: request.method,
      identity: { sourceIp: String(identity.sourceIp ?? ''), userAgent: identity.userAgent === undefined ? null : String(identity.userAgent) },
      path: text('path'),
      requestId: text('requestId'),
      resourceId: text('resourceId'),
      resourcePath,
      stage: text('stage'),
    },
  };
}

function grouped(pairs: ReceivedRequest['sentHeaders']): Record<string, string[]> {
  const groups: Record<string, string[]> = {};
  for (const [name, value] of pairs) groups[name] = [...groups[name] ?? [], value];
  return groups;
}

import { isObject, JsonObject, parseJson } from '../json';
import { HttpAnswer, WireProtocol, WireService } from './http-service';
import { CallContext, ServiceError } from '../aws/service';

/** The answer of an operation as it goes over the wire. */
export interface JsonAnswer {
  readonly statusCode: number;
  /** JSON text. */
  readonly body: string;
  /** Error code without its namespace; present when the call failed. */
  readonly errorType?: string;
}

type JsonProtocol = Extract<WireProtocol, { kind: 'json' }>;

/**
 * Performs one operation of a JSON service: text in, text out. A body that is no JSON object is a `SerializationException`, and a refusal is
 * an answer. A plain error, which means that the local cloud does not implement something, is thrown on.
 */
export async function callJson(target: WireService, operation: string, bodyText: string, context: CallContext): Promise<JsonAnswer> {
  const protocol = jsonProtocol(target);
  try {
    const output = await target.service.call(operation, parseInput(bodyText), context);
    return { statusCode: 200, body: JSON.stringify(output) };
  } catch (error) {
    if (error instanceof ServiceError) return jsonError(error, protocol);
    throw error;
  }
}

/** An error in the shape of the AWS JSON protocols. */
export function jsonError(error: ServiceError, protocol?: JsonProtocol): JsonAnswer {
  const namespace = protocol?.errorNamespace;
  const type = namespace === undefined ? error.code : `${namespace}#${error.code}`;
  return {
    statusCode: error.httpStatus,
    body: JSON.stringify({ __type: type, message: error.message, ...error.members }),
    errorType: error.code,
  };
}

/** Puts an answer into HTTP. */
export function jsonHttpAnswer(answer: JsonAnswer, version: '1.0' | '1.1', requestId: string): HttpAnswer {
  return {
    statusCode: answer.statusCode,
    headers: {
      'content-type': `application/x-amz-json-${version}`,
      'x-amzn-requestid': requestId,
      ...(answer.errorType === undefined ? {} : { 'x-amzn-errortype': answer.errorType }),
    },
    body: answer.body,
  };
}

/** `AmazonAthena.GetQueryExecution` → `GetQueryExecution`, if the prefix is the service's. */
export function operationOf(target: string | undefined, protocol: JsonProtocol): string {
  const dot = target?.lastIndexOf('.') ?? -1;
  if (target === undefined || target.slice(0, dot) !== protocol.targetPrefix) {
    throw new ServiceError('UnknownOperationException', `X-Amz-Target must be ${protocol.targetPrefix}.<operation>, got ${String(target)}`);
  }
  return target.slice(dot + 1);
}

function jsonProtocol({ service, protocol }: WireService): JsonProtocol {
  if (protocol.kind !== 'json') throw new Error(`${service.name} does not speak JSON`);
  return protocol;
}

function parseInput(text: string): JsonObject {
  const value = text === '' ? {} : parseJson(text);
  if (value === undefined) throw new ServiceError('SerializationException', 'The request body is not valid JSON');
  if (!isObject(value)) throw new ServiceError('SerializationException', 'The request body must be a JSON object');
  return value;
}

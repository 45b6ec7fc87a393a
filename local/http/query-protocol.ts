import { XMLBuilder } from 'fast-xml-parser';
import { isObject, JsonObject, JsonValue } from '../json';
import { HttpAnswer, WireProtocol, WireService } from './http-service';
import { CallContext, ServiceError } from '../aws/service';

type QueryProtocol = Extract<WireProtocol, { kind: 'query' }>;

const xml = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@', suppressEmptyNode: false });

/** Performs one operation of a query service: form parameters in, XML out. */
export async function callQuery(
  { service }: WireService, protocol: QueryProtocol, form: string, context: CallContext, requestId: string,
): Promise<HttpAnswer> {
  try {
    const { Action: action, Version: version, ...parameters } = Object.fromEntries(new URLSearchParams(form));
    if (version !== protocol.version) throw new ServiceError('NoSuchVersion', `The version ${String(version)} does not exist`);
    if (action === undefined) throw new ServiceError('MissingAction', 'The request is missing the parameter Action');
    const output = await service.call(action, nest(parameters), context);
    const metadata = { ResponseMetadata: { RequestId: requestId } };
    return answer(200, { [`${action}Response`]: { '@xmlns': protocol.xmlNamespace, [`${action}Result`]: output, ...metadata } }, requestId);
  } catch (error) {
    if (error instanceof ServiceError) return queryError(error, requestId);
    throw error;
  }
}

/** An error in the shape of the query protocol. */
export function queryError(error: ServiceError, requestId: string): HttpAnswer {
  const type = error.httpStatus < 500 ? 'Sender' : 'Receiver';
  const shape = { Error: { Type: type, Code: error.code, Message: error.message, ...error.members }, RequestId: requestId };
  return answer(error.httpStatus, { ErrorResponse: shape }, requestId);
}

/** An error in the shape of S3. */
export function restError(error: ServiceError, resource: string, requestId: string): HttpAnswer {
  const shape = { Code: error.code, Message: error.message, ...error.members, Resource: resource, RequestId: requestId };
  const text = xml.build({ '?xml': { '@version': '1.0', '@encoding': 'UTF-8' }, 'Error': shape });
  return { statusCode: error.httpStatus, headers: { 'content-type': 'application/xml', 'x-amz-request-id': requestId }, body: text };
}

function answer(statusCode: number, shape: JsonObject, requestId: string): HttpAnswer {
  return { statusCode, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }, body: xml.build(shape) };
}

/** `Tags.member.1.Key=a` → `{ Tags: [{ Key: 'a' }] }`. */
function nest(parameters: Readonly<Record<string, string>>): JsonObject {
  const root: JsonObject = {};
  for (const [name, value] of Object.entries(parameters)) insert(root, name.replaceAll('.member.', '.').split('.'), value);
  return Object.fromEntries(Object.entries(root).map(([name, value]) => [name, listsIn(value)]));
}

function insert(target: JsonObject, [name, ...rest]: readonly string[], value: string): void {
  if (rest.length === 0) {
    target[name] = value;
    return;
  }
  const child = target[name] ?? {};
  if (!isObject(child)) throw new ServiceError('MalformedQueryString', `${name} is given twice`);
  target[name] = child;
  insert(child, rest, value);
}

/** Objects whose keys are 1, 2, … are lists. */
function listsIn(value: JsonValue): JsonValue {
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([name, child]) => [name, listsIn(child)] as const);
  const isList = entries.every(([name]) => /^[1-9]\d*$/.test(name));
  return isList ? entries.map(([, child]) => child) : Object.fromEntries(entries);
}

/** What an OpenAPI document says of an API, as far as requests, answers and callbacks can be held against it. */
import Ajv2020, { ValidateFunction } from 'ajv/dist/2020';
import { isObject, JsonObject, JsonValue } from '../../local/json';

export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonValue;
}

/** Headers of answers that the document has to tell of. */
const TOLD_HEADERS = ['location', 'retry-after'];

export interface DescribedOperation {
  readonly operationId: string;
  readonly path: string;
  readonly method: string;
  readonly operation: JsonObject;
}

/** A document whose every object has the described members only: what is sent beyond them is a gap of the document. */
export class DescribedApi {
  readonly document: JsonObject;
  readonly operations: ReadonlyMap<string, DescribedOperation>;
  private readonly ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  private readonly checks = new Map<string, ValidateFunction>();

  constructor(text: string) {
    this.document = JSON.parse(text);
    const operations = Object.entries(objectAt(this.document, ['paths'])).flatMap(([path, item]) => (
      Object.entries(isObject(item) ? item : {}).map(([method, operation]): DescribedOperation => ({
        operationId: String(objectAt(operation, []).operationId), path, method, operation: objectAt(operation, []),
      }))
    ));
    this.operations = new Map(operations.map((operation) => [operation.operationId, operation]));
    this.ajv.addSchema({ $id: 'openapi', ...objectAt(closed(this.document), []) });
  }

  /** What of a request does not fit the document. */
  requestFaults(operationId: string, body: JsonValue): string[] {
    return this.faults(['paths', this.find(operationId).path, this.find(operationId).method, 'requestBody'], body);
  }

  /** What of an answer does not fit the document. */
  answerFaults(operationId: string, { status, headers, body }: Answer): string[] {
    const { path, method, operation } = this.find(operationId);
    const responses = objectAt(operation, ['responses']);
    const key = [`${status}`, `${`${status}`[0]}XX`, 'default'].find((candidate) => candidate in responses);
    if (key === undefined) return [`${operationId} has no answer ${status}`];
    const told = Object.keys(isObject(responses[key]) ? objectAt(responses[key].headers ?? {}, []) : {}).map((name) => name.toLowerCase());
    const untold = TOLD_HEADERS.filter((name) => name in headers && !told.includes(name));
    return [
      ...untold.map((name) => `${operationId} ${status} has the header ${name}`),
      ...this.faults(['paths', path, method, 'responses', key], body).map((fault) => `${operationId} ${status}: ${fault}`),
    ];
  }

  /** What of a callback does not fit the document. */
  callbackFaults(operationId: string, callback: { readonly body: unknown; readonly headers: Readonly<Record<string, string>> }): string[] {
    const { path, method, operation } = this.find(operationId);
    const [[name, items]] = Object.entries(objectAt(operation, ['callbacks']));
    const [[expression, item]] = Object.entries(objectAt(items, []));
    const where = ['paths', path, method, 'callbacks', name, expression, 'post'];
    const { parameters } = objectAt(item, ['post']);
    const headers = (Array.isArray(parameters) ? parameters : []).flatMap((parameter, index) => {
      const header = String(objectAt(parameter, []).name);
      return this.check([...where, 'parameters', `${index}`, 'schema'], callback.headers[header]).map((fault) => `${header}: ${fault}`);
    });
    return [...headers, ...this.faults([...where, 'requestBody'], callback.body)];
  }

  private find(operationId: string): DescribedOperation {
    const found = this.operations.get(operationId);
    if (found === undefined) throw new Error(`The document has no operation ${operationId}`);
    return found;
  }

  private faults(where: readonly string[], body: unknown): string[] {
    return this.check([...where, 'content', 'application/json', 'schema'], body);
  }

  private check(where: readonly string[], value: unknown): string[] {
    const pointer = where.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
    const check = this.checks.get(pointer) ?? this.ajv.compile({ $ref: `openapi#/${pointer}` });
    this.checks.set(pointer, check);
    return check(value) ? [] : (check.errors ?? []).map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);
  }
}

/** The same with `additionalProperties: false` in every schema that lists members. */
function closed(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(closed);
  if (!isObject(value)) return value;
  const inner = Object.fromEntries(Object.entries(value).map(([name, member]) => [name, closed(member)]));
  return value.type === 'object' && isObject(value.properties) && !('additionalProperties' in value) ? { ...inner, additionalProperties: false } : inner;
}

function objectAt(value: JsonValue | undefined, path: readonly string[]): JsonObject {
  const found = path.reduce<JsonValue | undefined>((at, name) => (isObject(at) ? at[name] : undefined), value);
  if (!isObject(found)) throw new Error(`The document has no object ${path.join('/')}`);
  return found;
}

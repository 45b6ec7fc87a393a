import Ajv, { ValidateFunction } from 'ajv';
import { isObject, JsonObject, JsonValue } from '../json';

/** Keywords that mean the same in draft 4, which API Gateway reads, and draft 7, which the validator reads. */
const ANNOTATIONS = ['title', 'description', 'default'];
const ASSERTIONS = [
  'type', 'enum', 'required', 'properties', 'additionalProperties', 'items', 'minLength', 'maxLength', 'pattern', 'minimum', 'maximum',
  'multipleOf', 'minItems', 'maxItems', 'uniqueItems', 'minProperties', 'maxProperties', 'allOf', 'anyOf', 'oneOf', 'not', 'definitions', '$ref',
];
const DRAFT_4 = /^http:\/\/json-schema\.org\/(draft-04\/)?schema#?$/;

/** Source: API Gateway quotas, "Model size". */
const MAX_MODEL_BYTES = 400 * 1_024;

/** A model: a JSON schema of draft 4 that request bodies are checked against. */
export class RequestModel {
  private readonly check: ValidateFunction;

  /** @param name For messages. */
  constructor(readonly name: string, readonly contentType: string, schema: JsonValue) {
    const size = Buffer.byteLength(JSON.stringify(schema));
    if (size > MAX_MODEL_BYTES) throw new Error(`Model ${name}: ${size} bytes, at most ${MAX_MODEL_BYTES} are allowed`);
    const { $schema = 'http://json-schema.org/draft-04/schema#', ...body } = asObject(name, schema);
    if (typeof $schema !== 'string' || !DRAFT_4.test($schema)) {
      throw new Error(`Model ${name}: Invalid model schema specified: $schema must be draft 4`);
    }
    assertDraft4(name, body);
    // Without the flag u, as the Java validators have it, whose regular expressions are ECMA 262 of old.
    this.check = new Ajv({ allErrors: true, unicodeRegExp: false, strict: true, strictTypes: false, strictRequired: false }).compile(body);
  }

  /** What is wrong with a body, `[…]` as in `$context.error.validationErrorString` but in words of our own; undefined when nothing is. */
  errors(body: string): string | undefined {
    let value: unknown;
    try {
      value = JSON.parse(body);
    } catch {
      return '[the body is not JSON]';
    }
    if (this.check(value)) return undefined;
    const problems = (this.check.errors ?? []).map(({ instancePath, message }) => `${instancePath === '' ? 'object' : instancePath} ${message}`);
    return `[${problems.join(', ')}]`;
  }
}

function assertDraft4(name: string, schema: JsonValue): void {
  const refuse = (problem: string): never => {
    throw new Error(`Model ${name}: ${problem}`);
  };
  for (const [keyword, value] of Object.entries(asObject(name, schema))) {
    if (![...ANNOTATIONS, ...ASSERTIONS].includes(keyword)) refuse(`the local cloud does not implement the schema keyword ${keyword}`);
    // Draft 4 demands one element; API Gateway refuses the model.
    if (keyword === 'required' && (!Array.isArray(value) || value.length === 0)) refuse('Invalid model schema specified: required must not be empty');
    if (keyword === '$ref' && !String(value).startsWith('#/definitions/')) refuse(`the local cloud does not implement the reference ${String(value)}`);
    if (keyword === 'properties' || keyword === 'definitions') Object.values(asObject(name, value)).forEach((inner) => assertDraft4(name, inner));
    if (['allOf', 'anyOf', 'oneOf'].includes(keyword) && Array.isArray(value)) value.forEach((inner) => assertDraft4(name, inner));
    if (keyword === 'items' || keyword === 'not') assertDraft4(name, value);
    if (keyword === 'additionalProperties' && typeof value !== 'boolean') assertDraft4(name, value);
  }
}

function asObject(name: string, value: JsonValue): JsonObject {
  if (isObject(value)) return value;
  throw new Error(`Model ${name}: a schema must be an object, got ${JSON.stringify(value)}`);
}

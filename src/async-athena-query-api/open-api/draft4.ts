import { JsonSchema } from 'aws-cdk-lib/aws-apigateway';
import { Schema } from './schema';

/** Keywords that mean the same in both drafts. */
const ALIKE = [
  'type', 'title', 'description', 'enum', 'default', 'format', 'multipleOf', 'minimum', 'maximum', 'minLength', 'maxLength', 'pattern', 'minItems', 'maxItems',
  'uniqueItems', 'minProperties', 'maxProperties', 'required',
] as const satisfies readonly (keyof JsonSchema & keyof Schema)[];

/** The others that are translated; `schema` only says which draft it is. */
const TRANSLATED = [
  'schema', 'exclusiveMinimum', 'exclusiveMaximum', 'items', 'properties', 'patternProperties', 'additionalProperties', 'allOf', 'anyOf', 'oneOf', 'not',
] as const satisfies readonly (keyof JsonSchema)[];

const KNOWN: readonly string[] = [...ALIKE, ...TRANSLATED];

/**
 * A schema of draft 4, in which request models are written, in the draft of OpenAPI 3.1.
 *
 * @throws Error for a keyword that no model of ours has: whoever uses it first says here what becomes of it
 */
export function fromDraft4(model: JsonSchema): Schema {
  const unknown = Object.keys(model).filter((keyword) => !KNOWN.includes(keyword));
  if (unknown.length > 0 || Array.isArray(model.items)) throw new Error(`Nothing says what becomes of ${[...unknown, 'a list of items'][0]} in OpenAPI`);
  const { properties, patternProperties, additionalProperties, items, not } = model;
  const alike = Object.fromEntries(ALIKE.flatMap((keyword) => model[keyword] === undefined ? [] : [[keyword, model[keyword]]]));
  return {
    ...alike,
    ...bound('minimum', 'exclusiveMinimum', model),
    ...bound('maximum', 'exclusiveMaximum', model),
    ...properties && { properties: each(properties) },
    ...patternProperties && { patternProperties: each(patternProperties) },
    ...additionalProperties !== undefined && { additionalProperties: typeof additionalProperties === 'boolean' ? additionalProperties : fromDraft4(additionalProperties) },
    ...items && !Array.isArray(items) && { items: fromDraft4(items) },
    ...model.allOf && { allOf: model.allOf.map(fromDraft4) },
    ...model.anyOf && { anyOf: model.anyOf.map(fromDraft4) },
    ...model.oneOf && { oneOf: model.oneOf.map(fromDraft4) },
    ...not && { not: fromDraft4(not) },
  };
}

/** In draft 4 a flag says that a bound is exclusive; since draft 6 that is a bound of its own. */
function bound(inclusive: 'minimum' | 'maximum', exclusive: 'exclusiveMinimum' | 'exclusiveMaximum', model: JsonSchema): Schema {
  return model[exclusive] === true ? { [inclusive]: undefined, [exclusive]: model[inclusive] } : {};
}

function each(schemas: Readonly<Record<string, JsonSchema>>): Record<string, Schema> {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, fromDraft4(schema)]));
}

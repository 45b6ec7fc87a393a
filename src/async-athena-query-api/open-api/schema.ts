/** JSON schemas of 2020-12, which OpenAPI 3.1 has, as far as they are used here. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly format?: string;
  readonly multipleOf?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly items?: Schema;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly not?: Schema;
  readonly discriminator?: { readonly propertyName: string; readonly mapping: Readonly<Record<string, string>> };
}

/** A member that need not be there. */
interface OptionalMember {
  readonly optional: Schema;
}

/** A schema for every member of a contract, marked as optional where the contract says so: a member that is added to the contract does not compile until it is described. */
export type MembersOf<T> = { readonly [K in keyof T]-?: undefined extends T[K] ? OptionalMember : Schema };

export function optional(schema: Schema): OptionalMember {
  return { optional: schema };
}

/** An object of the contract. Others than the listed members are not refused: later releases may add some. */
export function objectOf<T extends object>(members: MembersOf<T>, description?: string): Schema {
  const entries = Object.entries<OptionalMember | Schema>(members);
  const required = entries.filter(([, member]) => !isOptional(member)).map(([name]) => name);
  return {
    type: 'object',
    description,
    ...required.length > 0 && { required },
    properties: Object.fromEntries(entries.map(([name, member]) => [name, isOptional(member) ? member.optional : member])),
  };
}

function isOptional(member: OptionalMember | Schema): member is OptionalMember {
  return 'optional' in member;
}

export const text = (description: string, more: Schema = {}): Schema => ({ type: 'string', description, ...more });

export const oneOfTexts = (values: readonly string[], description: string): Schema => ({ type: 'string', enum: values, description });

export const wholeNumber = (description: string, more: Schema = {}): Schema => ({ type: 'integer', minimum: 0, description, ...more });

/** A moment, as all our contracts write it. */
export const epochMilliseconds = (description: string): Schema => wholeNumber(`${description}, in epoch milliseconds.`, { format: 'int64' });

/** The schema of that name in `components`. */
export const component = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

import { expectList, expectObject, expectString, expectText, isObject, JsonObject, JsonValue } from '../json';

/** What the names in a template stand for. `undefined` is `AWS::NoValue`: the property or the list item goes away. */
export interface Scope {
  readonly mappings: JsonObject;
  ref(name: string, path: string): JsonValue | undefined;
  attribute(logicalId: string, attribute: string, path: string): JsonValue;
  condition(name: string, path: string): boolean;
  importValue(exportName: string, path: string): string;
}

type Intrinsic = (argument: JsonValue, scope: Scope, path: string) => JsonValue | undefined;

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  'Ref': (argument, scope, path) => scope.ref(expectString(argument, path), path),
  'Fn::GetAtt': (argument, scope, path) => scope.attribute(...attributeReference(argument, path), path),
  'Fn::If': ifThenElse,
  'Fn::Join': join,
  'Fn::Sub': substitute,
  'Fn::Select': select,
  'Fn::Split': split,
  'Fn::FindInMap': findInMap,
  'Fn::GetAZs': availabilityZones,
  'Fn::Base64': (argument, scope, path) => Buffer.from(text(argument, scope, path)).toString('base64'),
  'Fn::ImportValue': (argument, scope, path) => scope.importValue(text(argument, scope, path), path),
};

/** Replaces every intrinsic function in a value by what it stands for. */
export function evaluate(value: JsonValue, scope: Scope, path: string): JsonValue | undefined {
  if (Array.isArray(value)) {
    return value.map((item, index) => evaluate(item, scope, `${path}[${index}]`)).filter((item) => item !== undefined);
  }
  if (!isObject(value)) return value;
  const call = intrinsicCall(value, path);
  if (call !== undefined) {
    const intrinsic = INTRINSICS[call.name];
    if (intrinsic === undefined) throw new Error(`${path}: the local cloud does not implement ${call.name} here`);
    return intrinsic(call.argument, scope, `${path}.${call.name}`);
  }
  const result: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    const evaluated = evaluate(item, scope, `${path}.${key}`);
    if (evaluated !== undefined) result[key] = evaluated;
  }
  return result;
}

/** The function that an object calls, if it is a call at all: one member, named `Ref` or `Fn::…`. */
export function intrinsicCall(value: JsonObject, path: string): { name: string; argument: JsonValue } | undefined {
  const names = Object.keys(value);
  const name = names.find((key) => key.startsWith('Fn::')) ?? (names.length === 1 && names[0] === 'Ref' ? 'Ref' : undefined);
  if (name === undefined) return undefined;
  if (names.length > 1) throw new Error(`${path}: ${name} must stand alone, found beside ${names.filter((other) => other !== name).join(', ')}`);
  return { name, argument: value[name] };
}

/** Logical id and attribute of an `Fn::GetAtt`, in its list form or its string form. */
export function attributeReference(argument: JsonValue, path: string): [logicalId: string, attribute: string] {
  if (typeof argument === 'string') {
    const dot = argument.indexOf('.');
    if (dot < 1 || dot === argument.length - 1) throw new Error(`${path}: expected "LogicalId.Attribute", got "${argument}"`);
    return [argument.slice(0, dot), argument.slice(dot + 1)];
  }
  const parts = expectList(argument, path);
  if (parts.length !== 2) throw new Error(`${path}: expected a logical id and an attribute, got ${JSON.stringify(argument)}`);
  return [expectString(parts[0], `${path}[0]`), expectString(parts[1], `${path}[1]`)];
}

/** Text and variables of an `Fn::Sub`, in its string form or its list form. */
export function substitution(argument: JsonValue, path: string): { text: string; variables: JsonObject } {
  if (typeof argument === 'string') return { text: argument, variables: {} };
  const parts = expectList(argument, path);
  if (parts.length !== 2) throw new Error(`${path}: expected a text and its variables`);
  return { text: expectString(parts[0], `${path}[0]`), variables: expectObject(parts[1], `${path}[1]`) };
}

/** Rewrites the `${Name}` of an `Fn::Sub` text; `${!Name}` is the literal `${Name}`. */
export function replaceVariables(content: string, path: string, replacement: (name: string) => string): string {
  return content.replace(/\$\{([^}]*)\}/g, (_, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    if (!/^[A-Za-z0-9_.:]+$/.test(name)) throw new Error(`${path}: \${${name}} is not a name that Fn::Sub can replace`);
    return replacement(name);
  });
}

function text(value: JsonValue, scope: Scope, path: string): string {
  return expectText(evaluate(value, scope, path), path);
}

function list(value: JsonValue, scope: Scope, path: string): JsonValue[] {
  return expectList(evaluate(value, scope, path), path);
}

/** The arguments of a function that takes exactly this many. */
function operands(argument: JsonValue, count: number, path: string): JsonValue[] {
  const values = expectList(argument, path);
  if (values.length !== count) throw new Error(`${path}: expected ${count} arguments, got ${values.length}`);
  return values;
}

function ifThenElse(argument: JsonValue, scope: Scope, path: string): JsonValue | undefined {
  const [condition, whenTrue, whenFalse] = operands(argument, 3, path);
  return scope.condition(expectString(condition, `${path}[0]`), `${path}[0]`)
    ? evaluate(whenTrue, scope, `${path}[1]`)
    : evaluate(whenFalse, scope, `${path}[2]`);
}

function join(argument: JsonValue, scope: Scope, path: string): string {
  const [delimiter, values] = operands(argument, 2, path);
  return list(values, scope, `${path}[1]`)
    .map((value, index) => expectText(value, `${path}[1][${index}]`))
    .join(expectString(delimiter, `${path}[0]`));
}

function split(argument: JsonValue, scope: Scope, path: string): string[] {
  const [delimiter, source] = operands(argument, 2, path);
  const separator = expectString(delimiter, `${path}[0]`);
  if (separator === '') throw new Error(`${path}[0]: the delimiter of Fn::Split cannot be empty`);
  return text(source, scope, `${path}[1]`).split(separator);
}

function select(argument: JsonValue, scope: Scope, path: string): JsonValue {
  const [position, values] = operands(argument, 2, path);
  const index = Number(text(position, scope, `${path}[0]`));
  const items = list(values, scope, `${path}[1]`);
  if (!Number.isInteger(index) || index < 0 || index >= items.length) {
    throw new Error(`${path}: Fn::Select cannot select nonexistent value at index ${JSON.stringify(position)} of ${items.length}`);
  }
  return items[index];
}

function findInMap(argument: JsonValue, scope: Scope, path: string): JsonValue {
  const [map, first, second] = operands(argument, 3, path).map((key, index) => text(key, scope, `${path}[${index}]`));
  const found = member(member(scope.mappings, map, path), first, path)[second];
  if (found === undefined) throw new Error(`${path}: mapping ${map} has no ${first}.${second}`);
  return found;
}

/** Two zones: no region gives an account fewer. */
function availabilityZones(argument: JsonValue, scope: Scope, path: string): string[] {
  const region = expectText(scope.ref('AWS::Region', path), path);
  const wanted = text(argument, scope, path);
  if (wanted !== '' && wanted !== region) throw new Error(`${path}: the local cloud does not implement the zones of another region, ${wanted}`);
  return ['a', 'b'].map((zone) => region + zone);
}

function member(value: JsonObject, key: string, path: string): JsonObject {
  if (value[key] === undefined) throw new Error(`${path}: no mapping has the key ${key}`);
  return expectObject(value[key], path);
}

function substitute(argument: JsonValue, scope: Scope, path: string): string {
  const { text: content, variables } = substitution(argument, path);
  return replaceVariables(content, path, (name) => {
    if (variables[name] !== undefined) return text(variables[name], scope, `${path}.${name}`);
    const value = name.includes('.') ? scope.attribute(...attributeReference(name, path), path) : scope.ref(name, path);
    return expectText(value, `${path}.\${${name}}`);
  });
}

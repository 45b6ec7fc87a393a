import { compare, Expression, FunctionCall, Item, Operand, Path } from 'dynalite/db';
import { typeOf, valueAt } from './attribute-value';
import { isObject, JsonObject, JsonValue } from '../json';

type Value = JsonObject | undefined;

/**
 * Whether an item meets a parsed condition or filter. The engine could tell too, but is wrong where documents are compared, and where a value is empty or
 * false. Source: developer guide, "Condition and filter expressions, operators, and functions".
 */
export function isMet(expression: Expression, item: Item): boolean {
  switch (expression.type) {
    case 'and': return expression.args.every((part) => isMet(part, item));
    case 'or': return expression.args.some((part) => isMet(part, item));
    case 'not': return !isMet(expression.args[0], item);
    case 'function': return callResult(expression, item);
    default: {
      const [value, ...others] = expression.args.map((operand) => operandValue(operand, item));
      return comparisonResult(expression.type, value, others);
    }
  }
}

/** A condition that every item meets: no attribute has an empty name. */
export const ALWAYS: Expression = { type: 'function', name: 'attribute_not_exists', args: [['']] };
/** One that no item meets. */
export const NEVER: Expression = { type: 'not', args: [ALWAYS] };

function comparisonResult(operator: string, value: Value, others: readonly Value[]): boolean {
  const [other, upper] = others;
  switch (operator) {
    case '=': return equal(value, other);
    case '<>': return !equal(value, other);
    case 'in': return others.some((candidate) => equal(value, candidate));
    case 'between': return inOrder(other, value) && inOrder(value, upper);
    case '<=': return inOrder(value, other);
    case '>=': return inOrder(other, value);
    case '<': return inOrder(value, other) && !equal(value, other);
    case '>': return inOrder(other, value) && !equal(value, other);
    default: throw new Error(`an accepted expression has the operator ${operator}`);
  }
}

function callResult({ name, args }: FunctionCall, item: Item): boolean {
  const [value, other] = args.map((operand) => operandValue(operand, item));
  switch (name) {
    case 'attribute_exists': return value !== undefined;
    case 'attribute_not_exists': return value === undefined;
    case 'attribute_type': return value !== undefined && typeOf(value) === other?.S;
    case 'begins_with': return beginsWith(value, other);
    case 'contains': return contains(value, other);
    default: throw new Error(`an accepted expression has the function ${name}`);
  }
}

function operandValue(operand: Operand, item: Item): Value {
  if (isPath(operand)) return valueAt(operand, item);
  if (!isCall(operand)) return operand;
  const [value] = operand.args.map((argument) => operandValue(argument, item));
  const size = value === undefined ? undefined : sizeOf(value);
  return size === undefined ? undefined : { N: String(size) };
}

export function isPath(operand: unknown): operand is Path {
  return Array.isArray(operand);
}

/** Names of types are in capitals, so that no attribute value has a `type`. */
export function isCall(operand: FunctionCall | Item): operand is FunctionCall {
  return operand.type === 'function';
}

/** Characters of a text, bytes of binary data, members of everything else that has some. */
function sizeOf(value: JsonObject): number | undefined {
  const type = typeOf(value);
  const content = value[type];
  if (type === 'B') return bytesOf(content).length;
  if (type === 'S') return String(content).length;
  return typeof content === 'object' && content !== null ? Object.keys(content).length : undefined;
}

function equal(value: Value, other: Value): boolean {
  if (value === undefined || other === undefined || typeOf(value) !== typeOf(other)) return false;
  const type = typeOf(value);
  return sameContent(type, value[type], other[type]);
}

function sameContent(type: string, content: JsonValue, other: JsonValue): boolean {
  if (Array.isArray(content) && Array.isArray(other)) {
    if (content.length !== other.length) return false;
    if (type === 'L') return content.every((member, index) => equal(asValue(member), asValue(other[index])));
    return content.every((member) => other.some((candidate) => sameContent(type.charAt(0), member, candidate)));
  }
  if (isObject(content) && isObject(other)) {
    const names = Object.keys(content);
    if (names.length !== Object.keys(other).length) return false;
    return names.every((name) => Object.hasOwn(other, name) && equal(asValue(content[name]), asValue(other[name])));
  }
  if (type === 'N') return numbersInOrder(content, other) && numbersInOrder(other, content);
  return content === other;
}

/** Whether both are of one type that has an order, and the first is not greater. */
function inOrder(value: Value, other: Value): boolean {
  if (value === undefined || other === undefined || typeOf(value) !== typeOf(other)) return false;
  switch (typeOf(value)) {
    case 'N': return numbersInOrder(value.N, other.N);
    case 'S': return Buffer.compare(Buffer.from(String(value.S)), Buffer.from(String(other.S))) <= 0;
    case 'B': return Buffer.compare(bytesOf(value.B), bytesOf(other.B)) <= 0;
    default: return false;
  }
}

/** Numbers have up to 38 digits, so that they stay texts. */
function numbersInOrder(number: JsonValue, other: JsonValue): boolean {
  return compare('LE', { N: number }, { N: other });
}

function beginsWith(value: Value, start: Value): boolean {
  if (typeof value?.S === 'string' && typeof start?.S === 'string') return value.S.startsWith(start.S);
  if (typeof value?.B !== 'string' || typeof start?.B !== 'string') return false;
  const bytes = bytesOf(start.B);
  return bytesOf(value.B).subarray(0, bytes.length).equals(bytes);
}

function contains(value: Value, part: Value): boolean {
  if (value === undefined || part === undefined) return false;
  const type = typeOf(value);
  const content = value[type];
  if (type === 'S' && typeof part.S === 'string') return String(content).includes(part.S);
  if (type === 'B' && typeof part.B === 'string') return bytesOf(content).includes(bytesOf(part.B));
  if (!Array.isArray(content)) return false;
  if (type === 'L') return content.some((member) => equal(asValue(member), part));
  return type === `${typeOf(part)}S` && content.some((member) => sameContent(typeOf(part), member, part[typeOf(part)]));
}

function asValue(value: JsonValue): Value {
  return isObject(value) ? value : undefined;
}

function bytesOf(base64: JsonValue): Buffer {
  return Buffer.from(String(base64), 'base64');
}

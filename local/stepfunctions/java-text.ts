import { membersOf } from '../exact-json';
import { isObject, JsonValue } from '../json';

/** A value as Java prints it, which AWS lets show through: `{Arg1=1, Arg2=[]}`. */
export function javaText(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(javaText).join(', ')}]`;
  if (isObject(value)) return `{${membersOf(value).map(([name, item]) => `${name}=${javaText(item)}`).join(', ')}}`;
  return typeof value === 'number' ? numberText(value) : String(value);
}

/** Java writes small and large fractions with an exponent: `1.0E-4`. */
function numberText(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) || (size >= 1e-3 && size < 1e7)) return String(value);
  const [digits, exponent] = value.toExponential().split('e');
  return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`;
}

import { JsonValue } from '../../local/aws/service';

export function memberOf(value: JsonValue | undefined, name: string): JsonValue | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value[name] : undefined;
}

export function textOf(value: JsonValue | undefined): string {
  if (typeof value !== 'string') throw new Error(`Expected a text, got ${JSON.stringify(value)}`);
  return value;
}

export function numberOf(value: JsonValue | undefined): number {
  if (typeof value !== 'number') throw new Error(`Expected a number, got ${JSON.stringify(value)}`);
  return value;
}

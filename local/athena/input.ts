import { ServiceError } from '../aws/service';
import { isObject, JsonObject } from '../json';

export function invalid(message: string, errorCode = 'INVALID_INPUT'): ServiceError {
  return new ServiceError('InvalidRequestException', message, 400, { AthenaErrorCode: errorCode });
}

/** Fails for a member of a request that is not implemented; a plain error, as it is no answer of Athena. */
export function assertMembers(input: JsonObject, where: string, known: readonly string[]): void {
  const unknown = Object.keys(input).filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`The local cloud does not implement ${unknown.join(', ')} of ${where}`);
}

export function optionalText(input: JsonObject, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw invalid(`${name} must be a string`);
  return value;
}

export function requiredText(input: JsonObject, name: string): string {
  const value = optionalText(input, name);
  if (value === undefined || value === '') throw invalid(`${name} is required`);
  return value;
}

export function optionalObject(input: JsonObject, name: string): JsonObject | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw invalid(`${name} must be an object`);
  return value;
}

export function textList(input: JsonObject, name: string): string[] {
  const value = input[name] ?? [];
  if (!Array.isArray(value)) throw invalid(`${name} must be a list`);
  return value.map((item) => {
    if (typeof item !== 'string') throw invalid(`${name} must be a list of strings`);
    return item;
  });
}

/** A page of a list: from the offset that the token holds. */
export function paged<T>(items: readonly T[], input: JsonObject, most: number): { page: readonly T[]; token: JsonObject } {
  const size = input.MaxResults ?? most;
  if (typeof size !== 'number' || !Number.isInteger(size) || size < 1 || size > most) throw invalid(`MaxResults must be an integer from 1 to ${most}`);
  const start = Number(optionalText(input, 'NextToken') ?? 0);
  if (!Number.isInteger(start) || start < 0 || start > items.length) throw invalid('NextToken is not one of this list');
  const end = start + size;
  return { page: items.slice(start, end), token: end < items.length ? { NextToken: String(end) } : {} };
}

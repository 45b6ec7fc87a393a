import { randomUUID } from 'node:crypto';
import { isObject, JsonObject, JsonValue } from '../../json';

/** What results of some integrations carry beside the answer of the service. */
export function sdkMetadata(httpStatus: number = 200): JsonObject {
  const requestId = randomUUID();
  return {
    SdkHttpMetadata: { AllHttpHeaders: { 'x-amzn-RequestId': [requestId] }, HttpHeaders: { 'x-amzn-RequestId': requestId }, HttpStatusCode: httpStatus },
    SdkResponseMetadata: { RequestId: requestId },
  };
}

/** The same value with capitals at the beginning of all member names, in alphabetical order, as Step Functions writes answers. */
export function capitalizeMembers(value: JsonValue): JsonValue {
  return renameMembers(value, (name) => name.charAt(0).toUpperCase() + name.slice(1));
}

/** The value with small letters at the beginning of the member names of its first level. */
export function lowerMembers(input: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [name.charAt(0).toLowerCase() + name.slice(1), value]));
}

/** Rewrites the members of the given names, however deep: services answer dates in epoch seconds, results of Tasks have another form. */
export function mapMembers(value: JsonValue, names: readonly string[], change: (member: JsonValue) => JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((item) => mapMembers(item, names, change));
  if (!isObject(value)) return value;
  const rewrite = (name: string, member: JsonValue) => (names.includes(name) ? change(member) : mapMembers(member, names, change));
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, rewrite(name, member)]));
}

/** Epoch seconds to epoch milliseconds. */
export function toMilliseconds(seconds: JsonValue): JsonValue {
  return typeof seconds === 'number' ? Math.round(seconds * 1000) : seconds;
}

/** Epoch seconds to ISO 8601. */
export function toIsoDate(seconds: JsonValue): JsonValue {
  return typeof seconds === 'number' ? new Date(Math.round(seconds * 1000)).toISOString().replace('.000Z', 'Z') : seconds;
}

function renameMembers(value: JsonValue, rename: (name: string) => string): JsonValue {
  if (Array.isArray(value)) return value.map((item) => renameMembers(item, rename));
  if (!isObject(value)) return value;
  const members = Object.entries(value).map(([name, member]) => [rename(name), renameMembers(member, rename)] as const);
  return Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)));
}

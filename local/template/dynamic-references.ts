import { isObject, JsonObject, JsonValue } from '../json';

/** Answers a dynamic reference such as `{{resolve:secretsmanager:name:SecretString}}`: the service, and all after it. */
export type DynamicReferences = Readonly<Record<string, (reference: string) => Promise<string>>>;

const REFERENCE = /\{\{resolve:([^:}]+):([^}]*)\}\}/g;

/** Replaces every dynamic reference in the properties of a resource; one to a service that nobody answers for is an error. */
export async function resolveDynamicReferences(properties: JsonObject, answers: DynamicReferences, path: string): Promise<JsonObject> {
  const entries = Object.entries(properties).map(async ([key, value]) => [key, await resolve(value, answers, `${path}.${key}`)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

async function resolve(value: JsonValue, answers: DynamicReferences, path: string): Promise<JsonValue> {
  if (typeof value === 'string') return resolveText(value, answers, path);
  if (Array.isArray(value)) return Promise.all(value.map(async (item, index) => resolve(item, answers, `${path}[${index}]`)));
  return isObject(value) ? resolveDynamicReferences(value, answers, path) : value;
}

async function resolveText(value: string, answers: DynamicReferences, path: string): Promise<string> {
  let result = '';
  let end = 0;
  for (const match of value.matchAll(REFERENCE)) {
    const [whole, service, reference] = match;
    const answer = answers[service];
    if (answer === undefined) throw new Error(`${path}: the local cloud does not implement dynamic references to ${service}: ${whole}`);
    result += value.slice(end, match.index) + await answer(reference);
    end = match.index + whole.length;
  }
  return result + value.slice(end);
}

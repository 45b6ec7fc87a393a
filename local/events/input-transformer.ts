import { JsonObject, JsonValue } from '../aws/service';

export interface InputTransformer {
  /** Variable to path: `{ "name": "$.detail.name" }`. */
  readonly paths: Readonly<Record<string, string>>;
  readonly template: string;
}

/**
 * What a target gets. A variable that stands by itself becomes JSON; one inside a quoted text becomes text. What EventBridge makes of a path
 * without a value is not documented well enough, so that is an error here.
 */
export function transformInput({ paths, template }: InputTransformer, event: JsonObject): string {
  const values = new Map(Object.entries(paths).map(([name, path]) => [name, valueAt(path, event)]));
  let quoted = false;
  const output = template.replace(/<([\w.-]+)>|\\.|"/g, (token, name: string | undefined) => {
    if (token === '"') quoted = !quoted;
    if (name === undefined) return token;
    const value = values.get(name);
    if (value === undefined || value === null) throw new Error(`Input transformer: <${name}> has no value`);
    if (!quoted) return JSON.stringify(value);
    return JSON.stringify(typeof value === 'string' ? value : JSON.stringify(value)).slice(1, -1);
  });
  return output;
}

function valueAt(path: string, event: JsonObject): JsonValue | undefined {
  if (!/^\$(\.[\w-]+)*$/.test(path)) throw new Error(`Input transformer: the local cloud does not implement the path ${path}`);
  return path.split('.').slice(1).reduce<JsonValue | undefined>(
    (value, name) => (typeof value === 'object' && value !== null && !Array.isArray(value) ? value[name] : undefined), event,
  );
}

import { JsonObject, JsonValue } from '../json';
import { parsePath, valueAtPath } from './json-path';

export interface InputTransformer {
  /** Variable to path: `{ "name": "$.detail.name" }`. */
  readonly paths: Readonly<Record<string, string>>;
  /** JSON text with variables in angle brackets: an object, or a text in quotes. */
  readonly template: string;
}

/** What the predefined variables stand for. */
export interface DeliveredBy {
  readonly ruleName: string;
  readonly ruleArn: string;
  /** ISO 8601. */
  readonly ingestionTime: string;
}

const WHOLE_EVENT = 'aws.events.event.json';
const EVENT_WITHOUT_DETAIL = 'aws.events.event';
const PREDEFINED = ['aws.events.rule-arn', 'aws.events.rule-name', 'aws.events.event.ingestion-time', EVENT_WITHOUT_DETAIL, WHOLE_EVENT];

/** A variable, a backslash with what it escapes, or a quote. */
const TOKEN = /<([\w.-]+)>|\\.|"/g;

/** Throws for a transformer that EventBridge would refuse, or that is not implemented, when the rule is made. */
export function checkTransformer({ paths, template }: InputTransformer): void {
  for (const [name, path] of Object.entries(paths)) {
    if (name.toLowerCase().startsWith('aws.')) throw new Error(`Input transformer: the variable <${name}> is reserved`);
    parsePath(path);
  }
  if (!/^\s*[{["<]/.test(template)) throw new Error(`Input transformer: the local cloud does not implement a template that is no JSON: ${template}`);
  const variables: { name: string; quoted: boolean }[] = [];
  const sample = substitute(template, (name, quoted) => {
    variables.push({ name, quoted });
    return quoted ? '' : 'null';
  });
  for (const { name, quoted } of variables) {
    if (!(name in paths) && !PREDEFINED.includes(name)) throw new Error(`Input transformer: the template has an invalid placeholder ${name}`);
    if (quoted && [WHOLE_EVENT, EVENT_WITHOUT_DETAIL].includes(name)) throw new Error(`Input transformer: <${name}> must not stand in quotes`);
  }
  parse(sample, template);
}

/**
 * What a target gets. A variable that stands by itself becomes JSON; one inside a quoted text becomes text, an object or list in it without its
 * quotes, as AWS documents. A null, a path without a value, and characters that a quoted text would have to escape are errors: what AWS makes
 * of them is not documented.
 */
export function transformInput({ paths, template }: InputTransformer, event: JsonObject, by: DeliveredBy): string {
  const values = new Map<string, JsonValue | undefined>([
    ...Object.entries(paths).map(([name, path]) => [name, valueAtPath(path, event)] as const),
    ...Object.entries(predefined(event, by)),
  ]);
  const output = substitute(template, (name, quoted) => {
    const value = values.get(name);
    if (value === undefined || value === null) throw new Error(`Input transformer: <${name}> has no value`);
    return quoted ? insideQuotes(name, value) : JSON.stringify(value);
  });
  parse(output, template);
  return output;
}

function substitute(template: string, valueOf: (name: string, quoted: boolean) => string): string {
  let quoted = false;
  return template.replace(TOKEN, (token: string, name: string | undefined) => {
    if (token === '"') quoted = !quoted;
    return name === undefined ? token : valueOf(name, quoted);
  });
}

function insideQuotes(name: string, value: NonNullable<JsonValue>): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value).replaceAll('"', '');
  if (JSON.stringify(text) !== `"${text}"`) {
    throw new Error(`Input transformer: the local cloud does not implement <${name}> in quotes for a text with quotes, backslashes or line breaks`);
  }
  return text;
}

function predefined(event: JsonObject, by: DeliveredBy): JsonObject {
  const { detail: _, ...withoutDetail } = event;
  return {
    'aws.events.rule-arn': by.ruleArn,
    'aws.events.rule-name': by.ruleName,
    'aws.events.event.ingestion-time': by.ingestionTime,
    [EVENT_WITHOUT_DETAIL]: withoutDetail,
    [WHOLE_EVENT]: event,
  };
}

function parse(text: string, template: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw new Error(`Input transformer: the template does not become valid JSON: ${template}`);
  }
}

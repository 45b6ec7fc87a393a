import { Token } from 'aws-cdk-lib';
import { MongoFilterBinding } from './binding';
import { JsonObject, JsonValue } from './structure/json-value';
import { findMalformedValues } from './structure/malformed-values';
import { findRefusedOperators } from './structure/refused-operators';
import { ejsonTextOf } from '../../private/synth/ejson-text';
import { InvalidPropError, refuseToken } from '../../private/synth/validation';

const WHAT = 'the filter of MongoFilter.ejson';

/** A text in JSON, or white space between two tokens of JSON. */
const TEXT_OR_SPACE = /("(?:\\.|[^"\\])*")|\s+/g;

/** A text in JSON, and the colon after it if it is the name of a member. */
const TEXT_OR_NAME = /"(?:\\.|[^"\\])*"\s*(:)?/g;

/** A filter as EJSON text. Whether its variables are parameters is known only together with the construct. */
export function ejsonFilter(text: string): MongoFilterBinding {
  checkIsText(text);
  // A value from the deployment could have quotes or a variable in it, and would change what the filter means.
  refuseToken(WHAT, Token.isUnresolved(text), 'declare RunParameter.text({ defaultValue: token }), and write `$$` and its name in the filter');
  const parsed = parse(text);
  if (countNames(text) !== countMembers(parsed)) {
    throw new InvalidPropError(WHAT, text, 'JSON without a member that is there twice', 'put the conditions on a field into one object, or into $and');
  }
  for (const operator of findRefusedOperators(parsed)) throw new InvalidPropError(WHAT, operator, 'one that can be read page by page', 'leave the operator out');
  checkPlaceholders(parsed);
  for (const value of findMalformedValues(parsed)) throw new InvalidPropError(WHAT, value, 'EJSON', 'see the specification of MongoDB Extended JSON');
  return { text: text.replace(TEXT_OR_SPACE, '$1'), parsed };
}

/** In plain JavaScript, a filter could be given as an object. */
function checkIsText(text: unknown): void {
  if (typeof text === 'string') return;
  const ejson = typeof text === 'object' ? ejsonTextOf(text) : undefined;
  // JSON.stringify would make texts of dates and ObjectIds, which match none.
  const hasTypes = ejson !== undefined && /"\$(?:date|oid|numberLong)":/.test(ejson);
  throw new InvalidPropError(WHAT, text, 'a text', hasTypes ? `write it as the text '${ejson}'` : 'write it as JSON in quotes, or give JSON.stringify(filter)');
}

function parse(text: string): JsonObject {
  const parsed = parseJson(text);
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
  throw new InvalidPropError(WHAT, text, 'an object', 'write it as in find(): { "field": condition }');
}

function parseJson(text: string): JsonObject | JsonObject[] | string | number | boolean | null {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new InvalidPropError(WHAT, text, 'JSON', `put quotes around keys, and write types as EJSON does ({ "$oid": "…" }): ${error.message}`);
  }
}

/** Other languages of templates write variables so. Here such a text would be compared as it stands: a run would find nothing, and succeed. */
function checkPlaceholders(value: JsonValue): void {
  if (typeof value === 'string') {
    const [placeholder, name] = /\{\{\s*([A-Za-z_]\w*)\s*\}\}/.exec(value) ?? [];
    if (placeholder === undefined) return;
    throw new InvalidPropError(
      'every text in the filter', value, `a variable as a whole, such as $$${name}, or a text without one`,
      `write "$$${name}" and declare ${name} in parameters; to look for ${placeholder} itself, make it the defaultValue of a RunParameter.text()`,
    );
  }
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(checkPlaceholders);
}

function countNames(text: string): number {
  return [...text.matchAll(TEXT_OR_NAME)].filter(([, colon]) => colon !== undefined).length;
}

/** Of members with the same name, parsing keeps the last one only. */
function countMembers(value: JsonValue): number {
  if (typeof value !== 'object' || value === null) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce<number>((sum, member) => sum + countMembers(member), own);
}

import { Token } from 'aws-cdk-lib';

/**
 * Pieces of a mapping template that put values of the request into the execution's input, which is JSON within a JSON string.
 *
 * `$input.json` gives each value as JSON text, which `$util.escapeJavaScript` makes fit inside the JSON string. It also escapes the single quote, which
 * JSON does not know; the documented `replaceAll` takes that back. In Java the first argument is a pattern, so two backslashes stand for one.
 */
export function field(path: string): string {
  return jsonInText(`$input.json('$.${path}')`);
}

/** What a text has between the quotation marks of its JSON text. */
export function jsonInText(text: string): string {
  return `$util.escapeJavaScript(${text}).replaceAll("\\\\'","'")`;
}

/** Sets a variable to a text: what is missing is nothing, and what is there is never empty, so a text of it has a length or not. */
export function given(variable: string, path: string): string {
  return `#set($${variable} = "$!input.path('$.${path}')")`;
}

/** No JSON: Step Functions refuses an input with it, and starts nothing. */
export const NO_VALUE = '?';

/**
 * A text of the construct's own, as JSON text within a JSON string. `$` and `#` mean something to the renderer, and a backslash before them too: they
 * become `\u0024` and `\u0023`. One that is not known until deployment is put in as it is: names have none of these characters.
 */
export function constant(text: string): string {
  if (Token.isUnresolved(text)) return `\\"${text}\\"`;
  const inner = JSON.stringify(text).replace(/[$#]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
  return JSON.stringify(inner).slice(1, -1);
}

/** A literal whose text is the value itself, if all of the value fits the pattern: one without `$`, quotes and backslashes, which Java and JSON schema read alike. */
export function literalIf(parameter: string, pattern: string, written: (value: string) => string = (value) => value): string {
  return `${given('value', `Parameters.${parameter}`)}#if($value.matches('${pattern}'))\\"${written('$value')}\\"#{else}${NO_VALUE}#end`;
}

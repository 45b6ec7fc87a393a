import { parseJson, unicodeEscape } from './json';
import { Parameters } from './methods';
import { cannotRender } from './template-error';
import { JavaValue, ProvidedObject } from './values';

/** `$util`. */
export class Utilities extends ProvidedObject {
  readonly source = '$util';

  override call(name: string, values: readonly JavaValue[]): JavaValue {
    const parameters = new Parameters(`$util.${name}`, values).count(1);
    switch (name) {
      case 'escapeJavaScript': return escapeJavaScript(parameters.text(0));
      case 'parseJson': return parseJson(parameters.text(0)) ?? cannotRender('$util.parseJson of text that is not JSON: the rendering fails');
      case 'urlEncode': return urlEncode(parameters.text(0));
      case 'urlDecode': return urlDecode(parameters.text(0));
      case 'base64Encode': return Buffer.from(parameters.text(0), 'utf8').toString('base64');
      case 'base64Decode': return base64Decode(parameters.text(0));
      default: return super.call(name, values);
    }
  }
}

const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\b', '\\b'], ['\t', '\\t'], ['\n', '\\n'], ['\f', '\\f'], ['\r', '\\r'], ['\'', '\\\''], ['"', '\\"'], ['\\', '\\\\'], ['/', '\\/'],
]);

/** As commons-lang 2.6 does it, which API Gateway's documentation and behaviour point to: the single quote and the slash are escaped too. */
export function escapeJavaScript(text: string): string {
  return text.replace(/[^ !#-&(-.0-[\]-~\u007f]/g, (character) => SHORT_ESCAPES.get(character) ?? unicodeEscape(character));
}

/** Java's `URLEncoder`, UTF-8. */
function urlEncode(text: string): string {
  try {
    const percent = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
    return encodeURIComponent(text).replace(/[!'()~]/g, percent).replaceAll('%20', '+');
  } catch {
    return cannotRender('$util.urlEncode of half a surrogate pair is not implemented');
  }
}

/** Java's `URLDecoder`, UTF-8. */
function urlDecode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return cannotRender('$util.urlDecode of text that is not URL-encoded UTF-8 is not implemented');
  }
}

function base64Decode(text: string): string {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) return cannotRender('$util.base64Decode of text that is not padded Base64 is not implemented');
  return bytes.toString('utf8');
}

import { XMLBuilder, XMLParser } from 'fast-xml-parser';
import { HttpAnswer } from '../../http/http-service';
import { isObject, JsonObject, JsonValue } from '../../json';
import { S3Errors } from '../errors';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
const builder = new XMLBuilder({ ignoreAttributes: false, suppressEmptyNode: true });

/** An answer with a document of this root element; a member that is undefined is left out. */
export function xmlAnswer(root: string, content: Record<string, unknown>, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
  const given = Object.fromEntries(Object.entries(content).filter(([, value]) => value !== undefined));
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({ [root]: { '@_xmlns': NAMESPACE, ...given } })}`;
  return { statusCode: 200, headers: { ...headers, 'content-type': 'application/xml' }, body };
}

/** The elements of one name in a document of this root, and the other elements of the root. Throws MalformedXML. */
export function parseList(body: Buffer, root: string, element: string): { list: readonly JsonObject[]; rest: JsonObject } {
  const { [element]: list, '@_xmlns': _, ...rest } = parseRoot(body, root, element);
  if (!Array.isArray(list) || !list.every(isObject)) throw S3Errors.malformedXml();
  return { list, rest };
}

/** The text of an element. Throws MalformedXML for one that is missing, or is no text. */
export function textOf(element: JsonObject, name: string): string {
  return optionalText(element, name) ?? malformed();
}

export function optionalText(element: JsonObject, name: string): string | undefined {
  const value = element[name];
  return value === undefined || typeof value === 'string' ? value : malformed();
}

function parseRoot(body: Buffer, root: string, element: string): JsonObject {
  const parser = new XMLParser({ parseTagValue: false, trimValues: false, isArray: (name) => name === element, ignoreAttributes: false });
  const parsed: JsonValue = parse(parser, body);
  const content = isObject(parsed) ? parsed[root] : undefined;
  return isObject(content) ? withoutBlanks(content) : malformed();
}

function parse(parser: XMLParser, body: Buffer): JsonValue {
  try {
    return parser.parse(body.toString(), true);
  } catch {
    return malformed();
  }
}

/** Line breaks between elements are no content. */
function withoutBlanks(element: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(element).flatMap(([name, value]) => (name === '#text' ? [] : [[name, cleaned(value)]])));
}

function cleaned(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(cleaned);
  return isObject(value) ? withoutBlanks(value) : value;
}

function malformed(): never {
  throw S3Errors.malformedXml();
}

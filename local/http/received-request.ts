import { IncomingMessage } from 'node:http';
import { QueryParameter } from './http-service';

/** A request as it came over the wire, before anything in it is believed. */
export interface ReceivedRequest {
  readonly method: string;
  /** Still percent-encoded. */
  readonly path: string;
  readonly query: readonly QueryParameter[];
  readonly headers: Readonly<Record<string, string>>;
  /** Names and values as they were sent, in that order. */
  readonly sentHeaders: ReadonlyArray<readonly [name: string, value: string]>;
  readonly body: Buffer;
}

/** Reads a whole request. Throws a `URIError` for a query that is not well encoded. */
export async function receive(message: IncomingMessage): Promise<ReceivedRequest> {
  const target = message.url ?? '/';
  const question = target.indexOf('?');
  const path = question < 0 ? target : target.slice(0, question);
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  const sentHeaders = pairsOf(message.rawHeaders);
  return {
    method: message.method ?? 'GET',
    path,
    query: question < 0 ? [] : parseQuery(target.slice(question + 1)),
    headers: joinHeaders(sentHeaders),
    sentHeaders,
    body: Buffer.concat(chunks),
  };
}

/** The value of a query parameter that may be given once; its name is compared exactly. */
export function queryValue(query: readonly QueryParameter[], name: string): string | undefined {
  return query.find((parameter) => parameter.name === name)?.value;
}

/** In signatures a plus sign is a plus sign, so this is not the decoding of HTML forms. */
function parseQuery(text: string): QueryParameter[] {
  return text.split('&').filter((part) => part !== '').map((part) => {
    const equals = part.indexOf('=');
    const [name, value] = equals < 0 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)];
    return { name: decodeURIComponent(name), value: decodeURIComponent(value) };
  });
}

/** Node drops repeated headers of some names; a signature covers all of them. */
function joinHeaders(sent: ReceivedRequest['sentHeaders']): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [sentName, value] of sent) {
    const name = sentName.toLowerCase();
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return headers;
}

function pairsOf(raw: readonly string[]): Array<[name: string, value: string]> {
  return raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1]] satisfies [string, string]] : []));
}

import { readVariable, Variables } from './variables';
import { RequestParameters } from './vtl/input';

/** Where a mapped header's value comes from. */
export type ParameterSource =
  | { readonly kind: 'static'; readonly value: string }
  | { readonly kind: 'request'; readonly place: keyof RequestParameters; readonly name: string }
  | { readonly kind: 'responseHeader'; readonly name: string }
  | { readonly kind: 'variable'; readonly root: string; readonly path: string };

export interface MappingInput extends Variables {
  readonly parameters: RequestParameters;
  /** Headers of the integration's response, names in lower case. */
  readonly responseHeaders?: Readonly<Record<string, string>>;
}

/**
 * Reads a mapping expression: `'static'`, `method.request.header.Name`, `integration.response.header.Name`, `context.requestId`,
 * `stageVariables.name`; undefined for any other.
 */
export function parseParameterSource(expression: string): ParameterSource | undefined {
  const literal = /^'([^']*)'$/.exec(expression);
  if (literal !== null) return { kind: 'static', value: literal[1] };
  const request = /^method\.request\.(path|querystring|header)\.([A-Za-z0-9._$-]+)$/.exec(expression);
  if (request !== null && isPlace(request[1])) return { kind: 'request', place: request[1], name: request[2] };
  const header = /^integration\.response\.header\.([A-Za-z0-9._$-]+)$/.exec(expression);
  if (header !== null) return { kind: 'responseHeader', name: header[1].toLowerCase() };
  const variable = /^(context|stageVariables)\.([A-Za-z0-9._]+)$/.exec(expression);
  return variable === null ? undefined : { kind: 'variable', root: variable[1], path: variable[2] };
}

/** The headers of a mapping that have a value in this request. */
export function mapHeaders(mapping: ReadonlyMap<string, ParameterSource>, input: MappingInput): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, source] of mapping) {
    const value = readSource(source, input);
    if (value !== undefined) headers[name.toLowerCase()] = value;
  }
  return headers;
}

/** The value that this request has for a source. */
export function readSource(source: ParameterSource, input: MappingInput): string | undefined {
  switch (source.kind) {
    case 'static': return source.value;
    case 'request': return input.parameters[source.place][source.place === 'header' ? source.name.toLowerCase() : source.name];
    case 'responseHeader': return input.responseHeaders?.[source.name];
    case 'variable': return readVariable(source.root, source.path, input);
  }
}

function isPlace(text: string): text is keyof RequestParameters {
  return text === 'path' || text === 'querystring' || text === 'header';
}

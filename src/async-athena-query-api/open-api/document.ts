import { Schema } from './schema';

/** A parameter of a request, or a header of a callback. */
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description: string;
  readonly schema: Schema;
}

export interface Header {
  readonly description: string;
  readonly schema: Schema;
}

export interface Content {
  readonly 'application/json': { readonly schema: Schema };
}

export interface Response {
  readonly description: string;
  readonly headers?: Readonly<Record<string, Header>>;
  readonly content?: Content;
}

export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly security?: readonly SecurityRequirement[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required: true; readonly content: Content };
  /** By status, or by class of them such as `4XX`. */
  readonly responses: Readonly<Record<string, Response>>;
  /** By name, then by the expression that says where they are sent. */
  readonly callbacks?: Readonly<Record<string, Readonly<Record<string, PathItem>>>>;
}

/** Operations by their methods in lower case. */
export type PathItem = Readonly<Record<string, Operation>>;

/** One of these is enough; within one, all are needed. */
export type SecurityRequirement = Readonly<Record<string, readonly string[]>>;

export interface SecurityScheme {
  readonly 'type': 'apiKey';
  readonly 'in': 'header';
  readonly 'name': string;
  readonly 'description': string;
  /** By which API Gateway, and tools that know it, tell the ways of access that share a header. */
  readonly 'x-amazon-apigateway-authtype'?: string;
}

/** How callers show who they are. */
export interface Security {
  /** Name of the scheme. */
  readonly name: string;
  readonly scheme: SecurityScheme;
  /** Scopes one of which a caller needs; absent where there are none. */
  readonly scopes?: readonly string[];
}

/** A route, and the schemas that it brings along. */
export interface DescribedRoute {
  readonly path: string;
  readonly httpMethod: string;
  readonly operation: Operation;
  readonly schemas?: Readonly<Record<string, Schema>>;
}

export interface DocumentProps {
  readonly title: string;
  readonly description: string;
  /** Base of all paths, without a slash at its end; may be a token. */
  readonly serverUrl: string;
  readonly security: Security;
  readonly routes: readonly DescribedRoute[];
}

/** The version of the HTTP interface, not of the package: members and routes are added to it, never changed or taken away. */
const INTERFACE_VERSION = '1';

export function jsonContent(schema: Schema): Content {
  return { 'application/json': { schema } };
}

/** An OpenAPI 3.1 document as JSON text. */
export function openApiDocument({ title, description, serverUrl, security: { name, scheme, scopes = [] }, routes }: DocumentProps): string {
  const paths: Record<string, PathItem> = {};
  for (const { path, httpMethod, operation } of routes) paths[path] = { ...paths[path], [httpMethod.toLowerCase()]: operation };
  return JSON.stringify({
    openapi: '3.1.0',
    info: { title, version: INTERFACE_VERSION, description },
    servers: [{ url: serverUrl }],
    security: scopes.length === 0 ? [{ [name]: [] }] : scopes.map((scope) => ({ [name]: [scope] })),
    paths,
    components: { securitySchemes: { [name]: scheme }, schemas: Object.assign({}, ...routes.map(({ schemas }) => schemas)) },
  });
}

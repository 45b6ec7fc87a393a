/**
 * What the local cloud uses of dynalite, which brings no types: the parts below its HTTP server. Its version is pinned in `.projenrc.ts`; whoever raises
 * it looks at these parts again.
 */

declare module 'dynalite/db' {
  type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };
  type Item = { [key: string]: JsonValue };

  export type Path = readonly (string | number)[];
  export interface FunctionCall {
    readonly type: 'function';
    readonly name: string;
    readonly args: readonly Operand[];
  }
  /** A path, a call of a function, or an attribute value such as `{ S: 'text' }`. */
  export type Operand = Path | FunctionCall | Item;
  export type Expression =
    | { readonly type: 'and' | 'or' | 'not'; readonly args: readonly Expression[] }
    | { readonly type: '=' | '<>' | '<' | '<=' | '>' | '>=' | 'between' | 'in'; readonly args: readonly Operand[] }
    | FunctionCall;
  export interface Condition {
    expression: Expression;
    readonly nestedPaths: Readonly<Record<string, true>>;
    readonly pathHeads: Readonly<Record<string, true>>;
  }
  export interface Projection {
    paths: readonly Path[] | null;
    readonly nestedPaths: Readonly<Record<string, true>>;
  }
  /** What a path is set to: an operand, or an operation on such values. */
  export type UpdateValue = Operand | { readonly type: 'add' | 'subtract' | 'function'; readonly name?: string; readonly args: readonly UpdateValue[] };
  export interface UpdateSection {
    readonly type: 'set' | 'remove' | 'add' | 'delete';
    readonly path: Path;
    readonly val?: UpdateValue;
  }
  export interface Updates {
    sections: readonly UpdateSection[];
    readonly paths: readonly Path[];
  }
  export interface KeysAndAttributes {
    readonly Keys: readonly Item[];
    readonly _projection?: Projection;
  }
  export interface WriteRequest {
    readonly PutRequest?: { readonly Item: Item };
    readonly DeleteRequest?: { readonly Key: Item };
  }
  export interface KeyCondition {
    readonly ComparisonOperator: string;
    readonly AttributeValueList: readonly Item[];
  }
  /** A request that was found valid, with its expressions parsed. */
  export interface ParsedRequest {
    readonly TableName: string;
    readonly IndexName?: string;
    readonly Item?: Item;
    readonly Key?: Item;
    Select?: string;
    readonly KeyConditions?: Readonly<Record<string, KeyCondition>>;
    readonly RequestItems?: Readonly<Record<string, KeysAndAttributes | readonly WriteRequest[]>>;
    _condition?: Condition;
    _filter?: Condition;
    _projection?: Projection;
    _updates?: Updates;
  }
  export interface SubDb {
    get(key: string, callback: (error: Error | null, value?: Item) => void): void;
    put(key: string, value: object, callback: (error: Error | null) => void): void;
  }
  export interface Store {
    readonly db: { close(): Promise<void> };
    readonly options: { readonly maxItemSize: number };
    readonly tableDb: SubDb;
    getItemDb(table: string): SubDb;
  }
  export interface TableSchema {
    readonly TableName: string;
    readonly KeySchema: readonly KeySchemaElement[];
    readonly AttributeDefinitions: readonly { readonly AttributeName: string; readonly AttributeType: string }[];
  }
  export interface KeySchemaElement {
    readonly AttributeName: string;
    readonly KeyType: string;
  }

  export function create(options: object): Store;
  export function createKey(item: Item, table: TableSchema): string;
  export function createIndexKey(item: Item, table: TableSchema, keySchema: readonly KeySchemaElement[]): string;
  export function compare(operator: string, value: Item, other: Item): boolean;
  export function itemSize(item: Item): number;
  export function mapPaths(paths: readonly Path[], item: Item): Item;
}

declare module 'dynalite/validations' {
  import { ParsedRequest, Store } from 'dynalite/db';

  export type Types = Readonly<Record<string, unknown>>;
  /** Throws an error with `statusCode` and `body`; deletes from the request what it does not know. */
  export function checkTypes(request: object, types: Types): ParsedRequest;
  export function checkValidations(request: ParsedRequest, types: Types, custom: unknown, store: Store): void;
}

declare module 'dynalite/actions/*' {
  import { ParsedRequest, Store } from 'dynalite/db';

  type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };
  const action: (store: Store, request: ParsedRequest, callback: (error: Error | null, answer?: { [key: string]: JsonValue }) => void) => void;
  export default action;
}

declare module 'dynalite/validations/*' {
  import { Types } from 'dynalite/validations';

  export const types: Types;
  export const custom: unknown;
}

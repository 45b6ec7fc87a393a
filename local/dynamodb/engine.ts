import batchGetItem from 'dynalite/actions/batchGetItem';
import batchWriteItem from 'dynalite/actions/batchWriteItem';
import deleteItem from 'dynalite/actions/deleteItem';
import getItem from 'dynalite/actions/getItem';
import putItem from 'dynalite/actions/putItem';
import query from 'dynalite/actions/query';
import scan from 'dynalite/actions/scan';
import updateItem from 'dynalite/actions/updateItem';
import { create, createKey, Item, ParsedRequest, Store, TableSchema } from 'dynalite/db';
import { checkTypes, checkValidations, Types } from 'dynalite/validations';
import * as batchGetItemInput from 'dynalite/validations/batchGetItem';
import * as batchWriteItemInput from 'dynalite/validations/batchWriteItem';
import * as createTableInput from 'dynalite/validations/createTable';
import * as deleteItemInput from 'dynalite/validations/deleteItem';
import * as getItemInput from 'dynalite/validations/getItem';
import * as putItemInput from 'dynalite/validations/putItem';
import * as queryInput from 'dynalite/validations/query';
import * as scanInput from 'dynalite/validations/scan';
import * as updateItemInput from 'dynalite/validations/updateItem';
import { ServiceError } from '../aws/service';
import { isObject, JsonObject, JsonValue } from '../json';

interface Input {
  readonly types: Types;
  readonly custom: unknown;
}

const OPERATIONS = {
  BatchGetItem: { perform: batchGetItem, input: batchGetItemInput },
  BatchWriteItem: { perform: batchWriteItem, input: batchWriteItemInput },
  DeleteItem: { perform: deleteItem, input: deleteItemInput },
  GetItem: { perform: getItem, input: getItemInput },
  PutItem: { perform: putItem, input: putItemInput },
  Query: { perform: query, input: queryInput },
  Scan: { perform: scan, input: scanInput },
  UpdateItem: { perform: updateItem, input: updateItemInput },
};

export type ItemOperation = keyof typeof OPERATIONS;

export function isItemOperation(operation: string): operation is ItemOperation {
  return Object.hasOwn(OPERATIONS, operation);
}

/** Members of a request that the engine knows. It drops all others without a word. */
export function knownMembers(operation: ItemOperation): readonly string[] {
  return Object.keys(OPERATIONS[operation].input.types);
}

/**
 * dynalite, in memory and within the process: its parser and checks of requests, its storage, keys and indexes. Its HTTP server, which believes every
 * signature, is not used.
 */
export class Engine {
  private readonly store: Store = create({});
  private last: Promise<unknown> = Promise.resolve();

  /** Does one piece of work after the other: between its beginning and its end, nothing changes. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    const before = this.last;
    const result = (async () => {
      await before;
      return work();
    })();
    this.last = result.catch(() => undefined);
    return result;
  }

  /** Checks everything in a request that can be checked without its table. */
  parse(operation: ItemOperation, request: JsonObject): ParsedRequest {
    return this.check(OPERATIONS[operation].input, request);
  }

  async perform(operation: ItemOperation, request: ParsedRequest): Promise<JsonObject> {
    const answer = await answerOf<JsonObject>((done) => OPERATIONS[operation].perform(this.store, request, done));
    // Without members that are undefined, and without objects that have no prototype.
    return plain(answer ?? {});
  }

  /** The item with a key; nothing for what is no key of the table. */
  async read(table: TableSchema, key: Item): Promise<Item | undefined> {
    const id = itemId(table, key);
    if (id === undefined) return undefined;
    const found = await answerOf<Item>((done) => this.store.getItemDb(table.TableName).get(id, done));
    return found === undefined ? undefined : plain(found);
  }

  /** Makes a table that is ready at once. */
  async createTable(table: JsonObject): Promise<void> {
    const { types, custom } = createTableInput;
    const parsed = this.check({ types, custom }, { ...table, BillingMode: 'PAY_PER_REQUEST' });
    await answerOf((done) => this.store.tableDb.put(parsed.TableName, { ...parsed, TableStatus: 'ACTIVE' }, done));
  }

  async close(): Promise<void> {
    await this.last;
    await this.store.db.close();
  }

  private check({ types, custom }: Input, request: JsonObject): ParsedRequest {
    try {
      const parsed = checkTypes(structuredClone(request), types);
      checkValidations(parsed, types, custom, this.store);
      return parsed;
    } catch (error) {
      throw asServiceError(error);
    }
  }
}

/** What tells an item from all others of its table; undefined where the key is not complete. */
export function itemId(table: TableSchema, key: Item): string | undefined {
  const complete = table.KeySchema.every(({ AttributeName: name }) => {
    const type = table.AttributeDefinitions.find((definition) => definition.AttributeName === name)?.AttributeType;
    const value = key[name];
    return type !== undefined && isObject(value) && typeof value[type] === 'string';
  });
  return complete ? createKey(key, table) : undefined;
}

async function answerOf<T>(call: (done: (error: Error | null | undefined, answer?: T) => void) => void): Promise<T | undefined> {
  return new Promise((resolve, reject) => call((error, answer) => (
    error === null || error === undefined ? resolve(answer) : reject(asServiceError(error))
  )));
}

/** The engine's errors carry the body of an answer. */
function asServiceError(error: unknown): unknown {
  const body: JsonValue | undefined = typeof error === 'object' && error !== null && 'body' in error ? JSON.parse(JSON.stringify(error.body)) : undefined;
  if (!isObject(body)) return error;
  return new ServiceError(String(body.__type).replace(/^.*#/, ''), String(body.message ?? body.Message ?? ''));
}

function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}

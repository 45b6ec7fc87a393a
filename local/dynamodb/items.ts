import { Item, itemSize, mapPaths, ParsedRequest } from 'dynalite/db';
import { ALWAYS, isMet, NEVER } from './conditions';
import { Engine, ItemOperation } from './engine';
import { assertNumbers } from './numbers';
import { answersItemOnFailure } from './requests';
import { Table } from './table';
import { TableMetrics } from './table-metrics';
import { independentSections, onlyRemoves } from './update-sections';
import { ServiceError } from '../aws/service';
import { Clock } from '../clock';
import { isObject, JsonObject, JsonValue } from '../json';
import { NotImplemented } from '../not-implemented';

/** An operation on items, found valid, with the tables that it is about. */
export interface ItemRequest {
  readonly operation: ItemOperation;
  readonly given: JsonObject;
  readonly parsed: ParsedRequest;
  readonly tables: readonly Table[];
}

/** Bytes of an item. Source: developer guide, "Quotas in Amazon DynamoDB". */
const MAX_ITEM_SIZE = 409_600;

/** Operations on items, one after the other. */
export class Items {
  constructor(private readonly engine: Engine, private readonly clock: Pick<Clock, 'now'>, private readonly metrics: TableMetrics) {}

  async perform(request: ItemRequest): Promise<JsonObject> {
    return this.engine.alone(async () => {
      await this.deleteExpired(request.tables);
      switch (request.operation) {
        case 'PutItem':
        case 'UpdateItem':
        case 'DeleteItem': return this.write(request);
        case 'BatchWriteItem': return this.writeBatch(request);
        case 'BatchGetItem': return this.getBatch(request);
        case 'Query':
        case 'Scan': return this.list(request);
        default: return this.engine.perform(request.operation, request.parsed);
      }
    });
  }

  /** The item that a write is about. */
  async before({ parsed, tables: [table] }: ItemRequest): Promise<Item | undefined> {
    return this.engine.read(table.settings, table.keyOf(parsed.Item ?? parsed.Key ?? {}));
  }

  /** What is wrong with a write, apart from its condition and from what it would make of the item. */
  async problemOf({ operation, parsed }: ItemRequest): Promise<ServiceError | undefined> {
    try {
      await this.engine.perform(operation, { ...parsed, _condition: { expression: NEVER, nestedPaths: {}, pathHeads: {} } });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return error.code === 'ConditionalCheckFailedException' ? undefined : error;
    }
    return undefined;
  }

  /** Undoes a write. */
  async putBack(request: ItemRequest, before: Item | undefined): Promise<void> {
    const { parsed, tables: [table] } = request;
    const after = await this.before(request);
    const key = table.keyOf(parsed.Item ?? parsed.Key ?? {});
    await this.restore(table, key, before);
    table.written(key, after, before, this.clock.now());
  }

  /** To be called before tables are looked at. */
  async deleteExpired(tables: readonly Table[]): Promise<void> {
    for (const table of tables) await this.deleteExpiredOf(table);
  }

  /** Does one write; nobody else may do anything meanwhile. */
  async write(request: ItemRequest): Promise<JsonObject> {
    const { operation, given, parsed, tables: [table] } = request;
    const answersItem = answersItemOnFailure(given);
    const item = parsed.Item ?? parsed.Key ?? {};
    assertSize(item);
    const key = table.keyOf(item);
    const before = await this.before(request);
    const { _condition: condition, _updates: updates } = parsed;
    // Decided here, so that the engine still looks for everything else that is wrong before it says that a condition is not met.
    if (condition !== undefined) condition.expression = isMet(condition.expression, before ?? {}) ? ALWAYS : NEVER;
    if (updates !== undefined) updates.sections = independentSections(updates.sections, before ?? {});
    // What removes something from an item that is not there makes none; the engine would.
    const idle = before === undefined && onlyRemoves(updates) && condition?.expression !== NEVER;
    if (idle) parsed._condition = { expression: NEVER, nestedPaths: {}, pathHeads: {} };
    try {
      const answer = await this.engine.perform(operation, parsed);
      await this.checkWritten(table, key, before);
      return withoutNothing(answer);
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code !== 'ConditionalCheckFailedException') throw error;
      if (idle) return {};
      this.metrics.conditionFailed(table.settings.TableName);
      throw answersItem && before !== undefined ? new ServiceError(error.code, error.message, error.httpStatus, { Item: before }) : error;
    }
  }

  private async deleteExpiredOf(table: Table): Promise<void> {
    const { settings: { TableName }, expiring } = table;
    const due = expiring.takeDue(this.clock.now());
    for (const Key of due) {
      const before = await this.engine.read(table.settings, Key);
      await this.engine.perform('DeleteItem', this.engine.parse('DeleteItem', { TableName, Key }));
      table.written(Key, before, undefined, this.clock.now());
    }
    this.metrics.expired(TableName, due.length);
  }

  /** Of what an update has made, the engine does not check all. */
  private async checkWritten(table: Table, key: Item, before: Item | undefined): Promise<void> {
    const after = await this.engine.read(table.settings, key);
    try {
      if (after !== undefined) assertSize(after);
      if (after !== undefined) assertNumbers(after);
    } catch (error) {
      await this.restore(table, key, before);
      throw error;
    }
    table.written(key, before, after, this.clock.now());
  }

  private async restore({ settings: { TableName } }: Table, Key: Item, before: Item | undefined): Promise<void> {
    if (before === undefined) await this.engine.perform('DeleteItem', this.engine.parse('DeleteItem', { TableName, Key }));
    else await this.engine.perform('PutItem', this.engine.parse('PutItem', { TableName, Item: before }));
  }

  private async writeBatch({ operation, parsed, tables }: ItemRequest): Promise<JsonObject> {
    const written: { readonly table: Table; readonly key: Item; readonly before?: Item; readonly after?: Item }[] = [];
    for (const table of tables) {
      const requests = parsed.RequestItems?.[table.settings.TableName] ?? [];
      if ('Keys' in requests) throw new Error('a parsed BatchWriteItem has no keys');
      for (const { PutRequest: put, DeleteRequest: deletion } of requests) {
        const item = put?.Item ?? deletion?.Key ?? {};
        assertSize(item);
        const key = table.keyOf(item);
        written.push({ table, key, before: await this.engine.read(table.settings, key), after: put?.Item });
      }
    }
    const answer = await this.engine.perform(operation, parsed);
    for (const { table, key, before, after } of written) table.written(key, before, after, this.clock.now());
    return answer;
  }

  private async getBatch({ operation, given, parsed }: ItemRequest): Promise<JsonObject> {
    const answer = await this.engine.perform(operation, parsed);
    // The engine hands unprocessed keys back without the expression that belongs to them.
    const unprocessed = Object.keys(isObject(answer.UnprocessedKeys) ? answer.UnprocessedKeys : {});
    const requested = isObject(given.RequestItems) ? given.RequestItems : {};
    const incomplete = unprocessed.find((name) => isObject(requested[name]) && requested[name].ProjectionExpression !== undefined);
    if (incomplete !== undefined) throw new NotImplemented('dynamodb', `BatchGetItem with a ProjectionExpression of more than a mebibyte of ${incomplete}`);
    return answer;
  }

  /** Query and Scan: the engine finds the items of a page; which of them pass the filter is decided here. */
  private async list({ operation, parsed, tables: [table] }: ItemRequest): Promise<JsonObject> {
    const { _filter: filter, _projection: projection, Select: select } = parsed;
    const [expression, paths] = [filter?.expression, projection?.paths];
    if (filter !== undefined) filter.expression = ALWAYS;
    if (projection !== undefined) projection.paths = null;
    if (select === 'COUNT') delete parsed.Select;
    const answer = await this.engine.perform(operation, parsed);
    const found = itemsOf(answer.Items).filter((item) => expression === undefined || isMet(expression, item));
    this.metrics.returned(table.settings.TableName, operation, found.length);
    const { Items: _, ...rest } = answer;
    const items = paths === undefined || paths === null ? found : found.map((item) => ({ ...mapPaths(paths, item) }));
    return { ...rest, Count: found.length, ...select !== 'COUNT' && { Items: items } };
  }
}

function itemsOf(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The engine takes every character for one byte. */
function assertSize(item: Item): void {
  if (itemSize(inBytes(item)) > MAX_ITEM_SIZE) throw new ServiceError('ValidationException', 'Item size has exceeded the maximum allowed size');
}

/** The item with texts and names that have as many characters as those of the item have bytes. */
function inBytes(item: Item): Item {
  const text = JSON.stringify(item);
  // eslint-disable-next-line no-control-regex
  return JSON.parse(text.replace(/[^\u0000-\u007f]+/g, (characters) => 'x'.repeat(Buffer.byteLength(characters))));
}

/** An update that changed nothing that is there has no attributes to answer. */
function withoutNothing({ Attributes: attributes, ...rest }: JsonObject): JsonObject {
  return isObject(attributes) && Object.keys(attributes).length > 0 ? { ...rest, Attributes: attributes } : rest;
}

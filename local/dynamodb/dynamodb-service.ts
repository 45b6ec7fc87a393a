import { createHash } from 'node:crypto';
import { ParsedRequest } from 'dynalite/db';
import { requestConditions, TableAccess, Transaction } from './access';
import { describeTable } from './describe-table';
import { Engine, isItemOperation, ItemOperation } from './engine';
import { assertExpressions } from './expression-checks';
import { ItemRequest, Items } from './items';
import { assertImplemented, assertImplementedFor, assertReturnValues, membersOf } from './requests';
import { Table, TableSettings } from './table';
import { TableMetrics } from './table-metrics';
import { DEFAULT_TTL_DELAY, ExpiringItems } from './time-to-live';
import { readParts, TRANSACTIONS } from './transaction-requests';
import { TransactionPart, Transactions } from './transactions';
import { Authorize, AwsEnvironment, AwsService, CallContext, ServiceError } from '../aws/service';
import { Clock } from '../clock';
import { EmitMetric } from '../cloudwatch/metric-store';
import { InputReader } from '../http/input-reader';
import { UseKey } from '../iam/key-use';
import { isObject, JsonObject } from '../json';
import { NotImplemented } from '../not-implemented';

export interface DynamoDbOptions {
  readonly environment: AwsEnvironment;
  readonly clock: Clock;
  readonly authorize: Authorize;
  readonly useKey: UseKey;
  /** Milliseconds from the time to live of an item to its deletion; default: two days. */
  readonly ttlDelay?: number;
  /** Default: metrics are lost. */
  readonly emitMetric?: EmitMetric;
}

/** Operations on tables, and those that have operations as parts, with the members of their requests. */
const OTHER_OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  ...TRANSACTIONS,
  DescribeTable: ['TableName'],
  DescribeTimeToLive: ['TableName'],
  ListTables: ['ExclusiveStartTableName', 'Limit'],
};

/** DynamoDB: tables of a template, and operations on their items. PartiQL and streams are refused by name. */
export class DynamoDb implements AwsService {
  readonly name = 'dynamodb';
  private readonly tables = new Map<string, Table>();
  /** Names of tables that were deleted: the engine still has their items. */
  private readonly removed = new Set<string>();
  private readonly engine = new Engine();
  private readonly items: Items;
  private readonly transactions: Transactions;
  private readonly access: TableAccess;

  constructor(private readonly options: DynamoDbOptions) {
    this.items = new Items(this.engine, options.clock, new TableMetrics(options.emitMetric));
    this.transactions = new Transactions(this.engine, this.items, options.clock);
    this.access = new TableAccess(options);
  }

  /** Makes a table as a deployment does, without asking anybody. */
  async createTable(settings: TableSettings): Promise<Table> {
    const { TableName, KeySchema, AttributeDefinitions, LocalSecondaryIndexes, GlobalSecondaryIndexes, timeToLiveAttribute } = settings;
    if (this.tables.has(TableName)) throw new Error(`The table ${TableName} already exists`);
    if (this.removed.has(TableName)) throw new NotImplemented(TableName, 'a table under the name of one that was deleted');
    await this.engine.createTable(JSON.parse(JSON.stringify({
      TableName,
      KeySchema,
      AttributeDefinitions,
      ...LocalSecondaryIndexes.length > 0 && { LocalSecondaryIndexes },
      ...GlobalSecondaryIndexes.length > 0 && { GlobalSecondaryIndexes },
    })));
    const { clock, ttlDelay = DEFAULT_TTL_DELAY } = this.options;
    const arn = this.access.tableArn(TableName);
    const table = new Table(settings, arn, tableId(arn), clock.now(), new ExpiringItems(timeToLiveAttribute, ttlDelay));
    this.tables.set(TableName, table);
    return table;
  }

  table(name: string): Table | undefined {
    return this.tables.get(name);
  }

  /** Deletes a table and its items. */
  removeTable(name: string): void {
    if (this.tables.delete(name)) this.removed.add(name);
  }

  performs(operation: string): boolean {
    return isItemOperation(operation) || Object.hasOwn(OTHER_OPERATIONS, operation);
  }

  takes(operation: string): readonly string[] {
    return isItemOperation(operation) ? membersOf(operation) : OTHER_OPERATIONS[operation];
  }

  /** Takes no virtual time: the engine works in turns of the event loop, between which the clock would leap to the next time-out. */
  async call(operation: string, given: JsonObject, context: CallContext): Promise<JsonObject> {
    return this.options.clock.hold(async () => this.perform(operation, given, context));
  }

  async close(): Promise<void> {
    await this.engine.close();
  }

  private async perform(operation: string, given: JsonObject, context: CallContext): Promise<JsonObject> {
    if (isItemOperation(operation)) return this.items.perform(await this.admit(operation, this.withTableName(given), context));
    if (Object.hasOwn(TRANSACTIONS, operation)) return this.transact(operation, given, context);
    const input = new InputReader(operation, this.withTableName(given));
    switch (operation) {
      case 'DescribeTable': return { Table: describeTable(await this.described(operation, input, context)) };
      case 'DescribeTimeToLive': return this.describeTimeToLive(input, context);
      case 'ListTables': return this.listTables(input, context);
      default: throw new NotImplemented('dynamodb', operation);
    }
  }

  /** An operation on items that the caller may call, with what it is about. */
  private async admit(operation: ItemOperation, given: JsonObject, context: CallContext, transaction?: Transaction): Promise<ItemRequest> {
    assertImplemented(operation, given);
    const names = tableNames(given);
    const parsed = this.parse(operation, given);
    // Whoever may not call at all is told that first.
    const valid = parsed instanceof ServiceError ? undefined : parsed;
    for (const tableName of names) {
      const table = this.tables.get(tableName);
      const indexName = typeof given.IndexName === 'string' ? given.IndexName : undefined;
      const conditions = requestConditions(operation, table, given, valid, transaction);
      await this.access.require({ operation: transaction?.action ?? operation, tableName, table, indexName, conditions }, context);
    }
    if (parsed instanceof ServiceError) throw parsed;
    const tables = names.map((name) => this.find(name));
    for (const table of tables) {
      await this.access.requireKey(table, context);
      assertImplementedFor(operation, given, parsed, table);
    }
    return { operation, given, parsed, tables };
  }

  private async transact(enclosing: string, given: JsonObject, context: CallContext): Promise<JsonObject> {
    const parts: TransactionPart[] = [];
    for (const { operation, action, given: part } of readParts(enclosing, given)) {
      const admitted = await this.admit(operation, this.withTableName(part), context, { action, enclosing });
      parts.push({ ...admitted, checkOnly: action === 'ConditionCheckItem' });
    }
    if (enclosing === 'TransactGetItems') return this.transactions.get(parts);
    const { ClientRequestToken: token } = given;
    return this.transactions.write(parts, typeof token === 'string' ? token : undefined, given);
  }

  /** The request as the engine reads it, or what it has against it. */
  private parse(operation: ItemOperation, given: JsonObject): ParsedRequest | ServiceError {
    try {
      const parsed = this.engine.parse(operation, given);
      assertExpressions(given, parsed);
      for (const requested of Object.values(isObject(given.RequestItems) ? given.RequestItems : {})) {
        if (isObject(requested)) assertExpressions(requested, parsed);
      }
      assertReturnValues(operation, given);
      return parsed;
    } catch (error) {
      if (error instanceof ServiceError) return error;
      throw error;
    }
  }

  private async described(operation: string, input: InputReader, context: CallContext): Promise<Table> {
    const tableName = input.string('TableName');
    input.end();
    const table = this.tables.get(tableName);
    await this.access.require({ operation, tableName, table }, context);
    if (table === undefined) throw new ServiceError('ResourceNotFoundException', `Requested resource not found: Table: ${tableName} not found`);
    return table;
  }

  private async describeTimeToLive(input: InputReader, context: CallContext): Promise<JsonObject> {
    const { settings: { timeToLiveAttribute: attribute } } = await this.described('DescribeTimeToLive', input, context);
    const enabled = attribute !== undefined;
    return { TimeToLiveDescription: { TimeToLiveStatus: enabled ? 'ENABLED' : 'DISABLED', ...enabled && { AttributeName: attribute } } };
  }

  private async listTables(input: InputReader, context: CallContext): Promise<JsonObject> {
    const start = input.optionalString('ExclusiveStartTableName') ?? '';
    const limit = input.optionalInteger('Limit', { min: 1, max: 100 }) ?? 100;
    input.end();
    // AWS knows no narrower resource for it. Source: service authorization reference, Amazon DynamoDB.
    await this.options.authorize({ action: 'dynamodb:ListTables', resource: '*' }, context);
    const names = [...this.tables.keys()].sort().filter((name) => name > start);
    const TableNames = names.slice(0, limit);
    return { TableNames, ...names.length > limit && { LastEvaluatedTableName: TableNames[limit - 1] } };
  }

  private find(name: string): Table {
    const table = this.tables.get(name);
    if (table === undefined) throw new ServiceError('ResourceNotFoundException', 'Requested resource not found');
    return table;
  }

  /** The ARN of a table stands for its name. */
  private withTableName(given: JsonObject): JsonObject {
    const { TableName: name } = given;
    const start = this.access.tableArn('');
    return typeof name === 'string' && name.startsWith(start) ? { ...given, TableName: name.slice(start.length) } : given;
  }
}

/** The tables that a request names. */
function tableNames({ TableName: name, RequestItems: requested }: JsonObject): readonly string[] {
  if (isObject(requested)) return Object.keys(requested);
  return typeof name === 'string' ? [name] : [];
}

/** The same in every run. */
function tableId(arn: string): string {
  const hash = createHash('sha256').update(arn).digest('hex');
  return [hash.slice(0, 8), hash.slice(8, 12), hash.slice(12, 16), hash.slice(16, 20), hash.slice(20, 32)].join('-');
}

import { createIndexKey, Item, KeySchemaElement, TableSchema } from 'dynalite/db';
import { itemId } from './engine';
import { ExpiringItems } from './time-to-live';
import { PolicyDocument } from '../aws/service';
import { isObject } from '../json';

export interface Index {
  readonly IndexName: string;
  readonly KeySchema: readonly KeySchemaElement[];
  readonly Projection: { readonly ProjectionType: string; readonly NonKeyAttributes?: readonly string[] };
  /** Of a global index, where that of the table is provisioned. */
  readonly throughput?: Throughput;
}

export interface Throughput {
  readonly ReadCapacityUnits: number;
  readonly WriteCapacityUnits: number;
}

/** What a template says of a table. */
export interface TableSettings extends TableSchema {
  readonly LocalSecondaryIndexes: readonly Index[];
  readonly GlobalSecondaryIndexes: readonly Index[];
  /** Absent: billed by the request. It limits nothing here. */
  readonly throughput?: Throughput;
  readonly timeToLiveAttribute?: string;
  /** `KMS`: a key of KMS encrypts, that of AWS or, with `keyId`, the customer's. Absent: a key that AWS owns. */
  readonly encryption?: { readonly type: 'KMS'; readonly keyId?: string };
  readonly tableClass: string;
  readonly deletionProtection: boolean;
  readonly policy?: PolicyDocument;
}

export class Table {
  /** Keys in the engine's indexes, with the item that each stands for. */
  private readonly indexed = new Map<string, string>();

  constructor(
    public settings: TableSettings,
    readonly arn: string,
    readonly id: string,
    /** Epoch milliseconds. */
    readonly createdAt: number,
    readonly expiring: ExpiringItems,
  ) {}

  get indexes(): readonly Index[] {
    return [...this.settings.LocalSecondaryIndexes, ...this.settings.GlobalSecondaryIndexes];
  }

  index(name: string): Index | undefined {
    return this.indexes.find(({ IndexName }) => IndexName === name);
  }

  /** The partition key of the table: its name and its type. */
  get partitionKey(): { readonly name: string; readonly type: string } {
    const { KeySchema: [{ AttributeName: name }], AttributeDefinitions: definitions } = this.settings;
    return { name, type: definitions.find(({ AttributeName }) => AttributeName === name)?.AttributeType ?? 'S' };
  }

  /** The members of an item that are its key. */
  keyOf(item: Item): Item {
    return Object.fromEntries(this.settings.KeySchema.map(({ AttributeName: name }) => [name, item[name]]));
  }

  /**
   * Sees that an item was written or deleted. Throws for the engine's one fault that nobody can see from outside: in an index it knows items by 24 bits of a
   * hash of their key, so that of two items with the same values in an index one may replace the other.
   */
  written(key: Item, before: Item | undefined, after: Item | undefined, now: number): void {
    const id = itemId(this.settings, key);
    if (id === undefined) return;
    this.expiring.written(id, key, after, now);
    const [old, current] = [this.indexKeys(before), this.indexKeys(after)];
    old.filter((indexKey) => this.indexed.get(indexKey) === id).forEach((indexKey) => this.indexed.delete(indexKey));
    for (const indexKey of current) {
      const other = this.indexed.get(indexKey);
      if (other !== undefined && other !== id) {
        throw new Error(`The engine of the local DynamoDB confuses two items in an index of ${this.settings.TableName}`);
      }
      this.indexed.set(indexKey, id);
    }
  }

  private indexKeys(item: Item | undefined): string[] {
    if (item === undefined) return [];
    return this.indexes
      .filter(({ KeySchema }) => KeySchema.every(({ AttributeName }) => isObject(item[AttributeName])))
      .map(({ IndexName, KeySchema }) => `${IndexName} ${createIndexKey(item, this.settings, KeySchema)}`);
  }
}

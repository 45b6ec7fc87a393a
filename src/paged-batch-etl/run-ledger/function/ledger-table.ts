/** A value of an attribute: all of ours are texts and whole numbers. */
export interface Attribute {
  readonly S?: string;
  readonly N?: string;
}

export type Item = Readonly<Record<string, Attribute>>;

export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** A change of one item, which is made if there is none. */
export interface ItemChange {
  readonly key: ItemKey;
  readonly set: Readonly<Record<string, string | number>>;
  /** Numbers that are raised by one. The item must have them. */
  readonly raise?: readonly string[];
  readonly remove?: readonly string[];
  /** In the language of DynamoDB: `#name` stands for an attribute, `:name` for its entry in `values`. Absent: the change is made in any case. */
  readonly condition?: string;
  readonly values?: Readonly<Record<string, string | number>>;
}

/** The table, as far as a ledger needs it. Reads see everything that was written before. */
export interface LedgerTable {
  get(key: ItemKey): Promise<Item | undefined>;
  /** Items of a partition whose sort keys begin so. */
  list(pk: string, skPrefix: string): Promise<readonly Item[]>;
  /** Answers whether the condition held. */
  change(change: ItemChange): Promise<boolean>;
}

/** A change as `UpdateItem` of DynamoDB takes it. */
export function updateOf({ key, set, raise = [], remove = [], condition, values = {} }: ItemChange) {
  const inCondition = [...(condition ?? '').matchAll(/#(\w+)/g)].map(([, name]) => name);
  const names = new Set([...Object.keys(set), ...raise, ...remove, ...inCondition]);
  const assignments = [...Object.keys(set).map((name) => `#${name} = :set_${name}`), ...raise.map((name) => `#${name} = #${name} + :one`)];
  const given = { ...raise.length > 0 && { one: 1 }, ...Object.fromEntries(Object.entries(set).map(([name, value]) => [`set_${name}`, value])), ...values };
  return {
    Key: keyOf(key),
    UpdateExpression: [`SET ${assignments.join(', ')}`, ...remove.length > 0 ? [`REMOVE ${remove.map((name) => `#${name}`).join(', ')}`] : []].join(' '),
    ...condition !== undefined && { ConditionExpression: condition },
    ExpressionAttributeNames: Object.fromEntries([...names].map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries(Object.entries(given).map(([name, value]) => [`:${name}`, attributeOf(value)])),
  };
}

/** Items of a partition as `Query` of DynamoDB takes it. */
export function queryOf(pk: string, skPrefix: string) {
  return {
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
    ExpressionAttributeValues: { ':pk': { S: pk }, ':sk': { S: skPrefix } },
  };
}

export function keyOf({ pk, sk }: ItemKey) {
  return { pk: { S: pk }, sk: { S: sk } };
}

function attributeOf(value: string | number): { S: string } | { N: string } {
  return typeof value === 'string' ? { S: value } : { N: String(value) };
}

export function textOf(item: Item | undefined, name: string): string | undefined {
  return item?.[name]?.S;
}

export function numberOf(item: Item | undefined, name: string): number | undefined {
  const digits = item?.[name]?.N;
  return digits === undefined ? undefined : Number(digits);
}

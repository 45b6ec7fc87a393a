import * as fc from 'fast-check';
import { createDynamoDb, ORDERS, TableName } from './dynamodb-cloud';
import { ServiceError } from '../../../local/aws/service';
import { JsonObject, JsonValue, memberOf } from '../../../local/json';
import { fcRuns, fcTimeout } from '../../support/fc-runs';

/** What the model knows of an item. */
interface Modelled {
  readonly n?: number;
  readonly state?: string;
  readonly tags: readonly string[];
  readonly list?: readonly number[];
}

/** What a condition says, in the words of DynamoDB and of the model. */
interface Condition {
  readonly expression: string;
  readonly values: JsonObject;
  readonly holds: (item: Modelled | undefined) => boolean;
}

/** What an update does, in both words; without a model of it, DynamoDB must refuse. */
interface Change {
  readonly expression: string;
  readonly values: JsonObject;
  readonly apply: (item: Modelled) => Modelled | undefined;
}

type Key = readonly [pk: string, sk: number];
type Step =
  | { readonly kind: 'put'; readonly key: Key; readonly item: Modelled; readonly condition?: Condition }
  | { readonly kind: 'update'; readonly key: Key; readonly change: Change; readonly condition?: Condition }
  | { readonly kind: 'delete'; readonly key: Key; readonly condition?: Condition }
  | { readonly kind: 'get'; readonly key: Key }
  | { readonly kind: 'query'; readonly pk: string; readonly from: number; readonly limit: number; readonly forward: boolean }
  | { readonly kind: 'index'; readonly state: string }
  | { readonly kind: 'scan'; readonly condition: Condition };

type Write = Pick<Extract<Step, { kind: 'delete' }>, 'key' | 'condition'> & Partial<Pick<Change, 'expression' | 'values'>>;

const number = (n: number): JsonObject => ({ N: String(n) });
const list = (values: readonly number[]): JsonObject => ({ L: values.map(number) });

/** Changes in a list; in an item that has none, there is nothing to change. */
const inList = (change: (before: readonly number[]) => readonly number[]): Change['apply'] => (
  (item) => (item.list === undefined ? undefined : { ...item, list: change(item.list) })
);

const conditions: fc.Arbitrary<Condition> = fc.oneof(
  fc.constantFrom<Condition>(
    { expression: 'attribute_not_exists(pk)', values: {}, holds: (item) => item === undefined },
    { expression: 'attribute_exists(n)', values: {}, holds: (item) => item?.n !== undefined },
  ),
  fc.integer({ min: -2, max: 2 }).chain((n) => fc.constantFrom<Condition>(
    { expression: 'n = :c', values: { ':c': number(n) }, holds: (item) => item?.n === n },
    { expression: 'n <> :c', values: { ':c': number(n) }, holds: (item) => item?.n !== n },
    { expression: 'n < :c', values: { ':c': number(n) }, holds: (item) => item?.n !== undefined && item.n < n },
    { expression: 'NOT n >= :c', values: { ':c': number(n) }, holds: (item) => !(item?.n !== undefined && item.n >= n) },
    { expression: 'contains(#list, :c) AND n > :c', values: { ':c': number(n) }, holds: (item) => item?.n !== undefined && item.list?.includes(n) === true && item.n > n },
    { expression: 'size(#list) = :c', values: { ':c': number(n) }, holds: (item) => item?.list?.length === n },
    { expression: '#list = :c', values: { ':c': list([n]) }, holds: (item) => JSON.stringify(item?.list) === `[${n}]` },
  )),
  fc.constantFrom('', 'a', 'b').map((text): Condition => (
    { expression: '#state IN (:c, :c)', values: { ':c': { S: text } }, holds: (item) => item?.state === text }
  )),
  fc.constantFrom('x', 'y').map((tag): Condition => (
    { expression: 'contains(tags, :c)', values: { ':c': { S: tag } }, holds: (item) => item?.tags.includes(tag) ?? false }
  )),
);

const changes: fc.Arbitrary<Change> = fc.oneof(
  fc.integer({ min: -3, max: 3 }).chain((n) => fc.constantFrom<Change>(
    { expression: 'ADD n :v', values: { ':v': number(n) }, apply: (item) => ({ ...item, n: (item.n ?? 0) + n }) },
    { expression: 'SET n = if_not_exists(n, :v) - :v', values: { ':v': number(n) }, apply: (item) => ({ ...item, n: (item.n ?? n) - n }) },
    { expression: 'SET n = n + :v', values: { ':v': number(n) }, apply: (item) => (item.n === undefined ? undefined : { ...item, n: item.n + n }) },
    { expression: 'SET #list = list_append(#list, :v)', values: { ':v': list([n]) }, apply: inList((before) => [...before, n]) },
    { expression: 'REMOVE #list[0], #list[1]', values: {}, apply: inList((before) => before.slice(2)) },
    { expression: 'SET #list[0] = :v REMOVE #list[1]', values: { ':v': number(n) }, apply: inList((before) => [n, ...before.slice(2)]) },
    { expression: 'REMOVE n', values: {}, apply: ({ n: _, ...item }) => item },
  )),
  fc.constantFrom('x', 'y').chain((tag) => fc.constantFrom<Change>(
    { expression: 'ADD tags :v', values: { ':v': { SS: [tag] } }, apply: (item) => ({ ...item, tags: [...new Set([...item.tags, tag])] }) },
    { expression: 'DELETE tags :v', values: { ':v': { SS: [tag] } }, apply: (item) => ({ ...item, tags: item.tags.filter((other) => other !== tag) }) },
  )),
  fc.constantFrom('a', 'b').chain((state) => fc.constantFrom<Change>(
    { expression: 'SET #state = :v', values: { ':v': { S: state } }, apply: (item) => ({ ...item, state }) },
    { expression: 'REMOVE #state', values: {}, apply: ({ state: _, ...item }) => item },
  )),
);

const keys = fc.tuple(fc.constantFrom('p', 'q'), fc.integer({ min: -2, max: 2 }));
const items: fc.Arbitrary<Modelled> = fc.record({
  n: fc.integer({ min: -2, max: 2 }), state: fc.constantFrom('a', 'b'), tags: fc.subarray(['x', 'y']), list: fc.array(fc.integer({ min: -2, max: 2 }), { maxLength: 4 }),
}, { requiredKeys: ['tags'] });
const condition = fc.option(conditions, { nil: undefined });
const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('put' as const), key: keys, item: items, condition }),
  fc.record({ kind: fc.constant('update' as const), key: keys, change: changes, condition }),
  fc.record({ kind: fc.constant('delete' as const), key: keys, condition }),
  fc.record({ kind: fc.constant('get' as const), key: keys }),
  fc.record({ kind: fc.constant('query' as const), pk: fc.constantFrom('p', 'q'), from: fc.integer({ min: -3, max: 2 }), limit: fc.integer({ min: 1, max: 3 }), forward: fc.boolean() }),
  fc.record({ kind: fc.constant('index' as const), state: fc.constantFrom('a', 'b') }),
  fc.record({ kind: fc.constant('scan' as const), condition: conditions }),
);

const INDEXED: JsonObject = {
  ...ORDERS,
  AttributeDefinitions: Object.entries({ pk: 'S', sk: 'N', state: 'S' }).map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
  GlobalSecondaryIndexes: [{
    IndexName: 'by-state', KeySchema: [{ AttributeName: 'state', KeyType: 'HASH' }, { AttributeName: 'sk', KeyType: 'RANGE' }], Projection: { ProjectionType: 'ALL' },
  }],
};

const keyOf = ([pk, sk]: Key): JsonObject => ({ pk: { S: pk }, sk: number(sk) });

function toItem(key: Key, { n, state, tags, list: numbers }: Modelled): JsonObject {
  return {
    ...keyOf(key),
    ...numbers !== undefined && { list: list(numbers) },
    ...n !== undefined && { n: number(n) },
    ...state !== undefined && { state: { S: state } },
    ...tags.length > 0 && { tags: { SS: [...tags] } },
  };
}

/** Items in an order that does not depend on that of sets. */
function normal(found: JsonValue | undefined): JsonValue {
  const sorted = (item: JsonValue): JsonValue => JSON.parse(JSON.stringify(item), (name, value) => (name === 'SS' ? [...value].sort() : value));
  return Array.isArray(found) ? found.map(sorted) : sorted(found ?? null);
}

/** The names and values that expressions use. */
function used(expressions: readonly string[], values: JsonObject): JsonObject {
  const names = ['list', 'state'].filter((name) => expressions.some((expression) => expression.includes(`#${name}`)));
  return {
    ...names.length > 0 && { ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])) },
    ...Object.keys(values).length > 0 && { ExpressionAttributeValues: values },
  };
}

class Model {
  private readonly stored = new Map<string, { readonly key: Key; readonly item: Modelled }>();

  get(key: Key): Modelled | undefined {
    return this.stored.get(String(key))?.item;
  }

  set(key: Key, item: Modelled): void {
    this.stored.set(String(key), { key, item });
  }

  delete(key: Key): void {
    this.stored.delete(String(key));
  }

  /** In the order of their sort keys, then of their partitions. */
  all(passes: (item: Modelled, key: Key) => boolean): JsonValue {
    const found = [...this.stored.values()].filter(({ key, item }) => passes(item, key));
    return normal(found.sort((a, b) => a.key[1] - b.key[1] || (a.key[0] < b.key[0] ? -1 : 1)).map(({ key, item }) => toItem(key, item)));
  }
}

/** Takes the same steps in DynamoDB and in the model. */
class Comparison {
  private readonly cloud = createDynamoDb();
  private readonly model = new Model();

  async take(taken: readonly Step[]): Promise<void> {
    await this.cloud.create(INDEXED);
    try {
      for (const step of taken) await this.takeOne(step);
      expect(await this.found('Scan', {})).toEqual(this.model.all(() => true));
    } finally {
      await this.cloud.closeService();
    }
  }

  private async takeOne(step: Step): Promise<void> {
    switch (step.kind) {
      case 'put': return this.write('PutItem', { Item: toItem(step.key, step.item) }, step, () => step.item);
      case 'update': return this.update(step);
      case 'delete': return this.write('DeleteItem', { Key: keyOf(step.key) }, step, () => 'nothing');
      case 'get': {
        const item = this.model.get(step.key);
        const { Item } = await this.call('GetItem', { Key: keyOf(step.key) });
        return expect(normal(Item)).toEqual(item === undefined ? null : normal(toItem(step.key, item)));
      }
      case 'query': return this.query(step);
      case 'index': {
        const query = { IndexName: 'by-state', KeyConditionExpression: '#state = :s', ...used(['#state'], { ':s': { S: step.state } }) };
        return expect(await this.found('Query', query)).toEqual(this.model.all(({ state }) => state === step.state));
      }
      case 'scan': {
        const { expression, values, holds } = step.condition;
        const found = await this.found('Scan', { FilterExpression: expression, ...used([expression], values) });
        return expect(found).toEqual(this.model.all((item) => holds(item)));
      }
    }
  }

  private async update({ key, change: { expression, values, apply }, condition: only }: Extract<Step, { kind: 'update' }>): Promise<void> {
    const input = { Key: keyOf(key), UpdateExpression: expression };
    const removes = /^(REMOVE|DELETE)(?!.* SET )/.test(expression);
    await this.write('UpdateItem', input, { key, condition: only, expression, values }, (before) => (
      before === undefined && removes ? 'nothing' : apply(before ?? { tags: [] })
    ));
  }

  /** A write that a condition may stop, or that cannot be done to the item that is there. */
  private async write(
    operation: string, input: JsonObject, step: Write, apply: (before: Modelled | undefined) => Modelled | 'nothing' | undefined,
  ): Promise<void> {
    const { key, condition: only, expression = '', values = {} } = step;
    const before = this.model.get(key);
    const after = apply(before);
    const request = {
      ...input, ...only !== undefined && { ConditionExpression: only.expression }, ...used([expression, only?.expression ?? ''], { ...values, ...only?.values }),
    };
    const outcome = await this.call(operation, request).then(() => 'done', (error: unknown) => (error instanceof ServiceError ? error.code : String(error)));
    if (only?.holds(before) === false) return expect(outcome).toBe('ConditionalCheckFailedException');
    if (after === undefined) return expect(outcome).toBe('ValidationException');
    expect(outcome).toBe('done');
    return after === 'nothing' ? this.model.delete(key) : this.model.set(key, after);
  }

  private async query({ pk, from, limit, forward }: Extract<Step, { kind: 'query' }>): Promise<void> {
    const found: JsonValue[] = [];
    for (let start: JsonObject = {}; ;) {
      const { Items, LastEvaluatedKey: last } = await this.call('Query', {
        KeyConditionExpression: 'pk = :pk AND sk >= :from',
        ExpressionAttributeValues: { ':pk': { S: pk }, ':from': number(from) },
        ScanIndexForward: forward,
        Limit: limit,
        ...start,
      });
      if (Array.isArray(Items)) found.push(...Items);
      if (last === undefined) break;
      start = { ExclusiveStartKey: last };
    }
    expect(normal(forward ? found : found.reverse())).toEqual(this.model.all((_, [partition, sk]) => partition === pk && sk >= from));
  }

  /** Items in the order of the model. */
  private async found(operation: string, input: JsonObject): Promise<JsonValue> {
    const { Items } = await this.call(operation, input);
    const place = (item: JsonValue) => [Number(memberOf(memberOf(item, 'sk'), 'N')), String(memberOf(memberOf(item, 'pk'), 'S'))] as const;
    const inOrder = (a: JsonValue, b: JsonValue) => place(a)[0] - place(b)[0] || (place(a)[1] < place(b)[1] ? -1 : 1);
    return normal(Array.isArray(Items) ? [...Items].sort(inOrder) : Items);
  }

  private async call(operation: string, input: JsonObject): Promise<JsonObject> {
    return this.cloud.call(operation, { TableName, ...input });
  }
}

test('any operations have the results of a simple model', async () => {
  const sequences = fc.array(steps, { minLength: 1, maxLength: 40 });
  await fc.assert(fc.asyncProperty(sequences, async (taken) => new Comparison().take(taken)), { numRuns: fcRuns(300) });
}, fcTimeout(300));

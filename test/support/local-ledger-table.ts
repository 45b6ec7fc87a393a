/** The table of a ledger in the local DynamoDB, without a function around it. */
import { CallContext, ServiceError } from '../../local/aws/service';
import { DynamoDb } from '../../local/dynamodb/dynamodb-service';
import { JsonObject, JsonValue } from '../../local/json';
import { Item, keyOf, LedgerTable, queryOf, updateOf } from '../../src/paged-batch-etl/run-ledger/function/ledger-table';

export function localLedgerTable(dynamoDb: DynamoDb, TableName: string, context: CallContext): LedgerTable {
  const call = async (operation: string, input: object) => dynamoDb.call(operation, asJson<JsonObject>({ TableName, ...input }), context);
  return {
    get: async (key) => asItem((await call('GetItem', { ConsistentRead: true, Key: keyOf(key) })).Item),
    list: async (pk, skPrefix) => asJson((await call('Query', queryOf(pk, skPrefix))).Items),
    change: async (change) => {
      try {
        await call('UpdateItem', updateOf(change));
        return true;
      } catch (error) {
        if (error instanceof ServiceError && error.code === 'ConditionalCheckFailedException') return false;
        throw error;
      }
    },
  };
}

function asItem(item: JsonValue | undefined): Item | undefined {
  return item === undefined ? undefined : asJson<Item>(item);
}

/** As it goes over the wire. */
function asJson<T>(value: unknown): T {
  return JSON.parse(JSON.stringify(value));
}

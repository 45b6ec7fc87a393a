import { AttributeValue, ConditionalCheckFailedException, DynamoDBClient, GetItemCommand, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { Item, keyOf, LedgerTable, queryOf, updateOf } from './ledger-table';
import { serviceError } from './service-error';
import { SDK_BOUNDS } from '../../../private/runtime/sdk-bounds';

/** The real table. Region, endpoint and credentials come from the environment, as always in Lambda. */
export function createDynamoDbTable(tableName: string): LedgerTable {
  const dynamoDb = new DynamoDBClient(SDK_BOUNDS);
  return {
    get: async (key) => asking('read the ledger', async () => (
      (await dynamoDb.send(new GetItemCommand({ TableName: tableName, ConsistentRead: true, Key: keyOf(key) }))).Item)),
    list: async (pk, skPrefix) => asking('read the ledger', async () => {
      const items: Item[] = [];
      let from: Record<string, AttributeValue> | undefined;
      do {
        const page = await dynamoDb.send(new QueryCommand({ TableName: tableName, ...queryOf(pk, skPrefix), ExclusiveStartKey: from }));
        items.push(...page.Items ?? []);
        from = page.LastEvaluatedKey;
      } while (from !== undefined);
      return items;
    }),
    change: async (change) => asking('write the ledger', async () => {
      try {
        await dynamoDb.send(new UpdateItemCommand({ TableName: tableName, ...updateOf(change) }));
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    }),
  };
}

async function asking<T>(deed: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw serviceError(error, 'DynamoDB', deed);
  }
}

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDb } from '../../../local/dynamodb/dynamodb-service';
import { dynamoDbResources } from '../../../local/dynamodb/resources';
import { dynamoDbWire } from '../../../local/dynamodb/wire';
import { JsonObject } from '../../../local/json';
import { Keys } from '../../../local/kms/keys';
import { environment, openFrontDoor } from '../http/small-cloud';
import { createResource } from '../iam/create-resource';
import { createDataAccount, DataAccount } from '../s3/data-cloud';

export const TABLE = 'AWS::DynamoDB::Table';
export const TableName = 'orders';
export const TABLE_ARN = 'arn:aws:dynamodb:eu-west-1:111122223333:table/orders';

/** A table with a partition key `pk` and a sort key `sk`. */
export const ORDERS: JsonObject = {
  TableName,
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }, { AttributeName: 'sk', KeyType: 'RANGE' }],
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }, { AttributeName: 'sk', AttributeType: 'N' }],
};

/** A DynamoDB without a door, in an account. */
export function createDynamoDb({ ttlDelay }: { ttlDelay?: number } = {}) {
  const account = createDataAccount();
  const keys = new Keys(environment, account.authorize);
  const service = new DynamoDb({ environment, clock: account.clock, authorize: account.authorize, useKey: keys.use, ttlDelay });
  return {
    account,
    service,
    keys,
    create: async (properties: JsonObject = ORDERS, type = TABLE) => createResource(dynamoDbResources(service), type, properties),
    call: async (operation: string, input: JsonObject, context = account.adminContext) => service.call(operation, input, context),
    closeService: async () => {
      await service.close();
      account.store.close();
    },
  };
}

/** DynamoDB behind HTTPS, and the real SDK to reach it. */
export async function openDynamoDb(options: { ttlDelay?: number } = {}) {
  const small = createDynamoDb(options);
  const { door, client, faults } = await openFrontDoor(small.account, { services: [dynamoDbWire(small.service)] });
  const clients: DynamoDBClient[] = [];
  const clientFor = (credentials: DataAccount['adminCredentials']) => {
    const made = new DynamoDBClient({ ...client, systemClockOffset: small.account.clock.now() - Date.now(), credentials });
    clients.push(made);
    return made;
  };
  return {
    ...small,
    faults,
    clientFor,
    admin: clientFor(small.account.adminCredentials),
    close: async () => {
      clients.forEach((each) => each.destroy());
      await door.close();
      await small.closeService();
    },
  };
}

export type TestDynamoDb = Awaited<ReturnType<typeof openDynamoDb>>;

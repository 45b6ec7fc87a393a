import { DynamoDb } from './dynamodb-service';
import { dynamoDbResources } from './resources';
import { dynamoDbWire } from './wire';
import { Keys } from '../kms/keys';
import { CloudContext, ServiceModule } from '../service-module';

interface Needs {
  readonly keys: Keys;
}

export function dynamoDbModule(context: CloudContext, { keys }: Needs): ServiceModule<{ readonly dynamoDb: DynamoDb }> {
  const dynamoDb = new DynamoDb({ ...context, useKey: keys.use, ttlDelay: context.settings.ttlDelay });
  return { provides: { dynamoDb }, resources: dynamoDbResources(dynamoDb), wire: dynamoDbWire(dynamoDb), close: async () => dynamoDb.close() };
}

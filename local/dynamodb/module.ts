import { dynamoDbChanges } from './changes';
import { DynamoDb } from './dynamodb-service';
import { dynamoDbResources } from './resources';
import { dynamoDbWire } from './wire';
import { MetricStore } from '../cloudwatch/metric-store';
import { Keys } from '../kms/keys';
import { CloudContext, ServiceModule } from '../service-module';

interface Needs {
  readonly keys: Keys;
  readonly metrics: MetricStore;
}

export function dynamoDbModule(context: CloudContext, { keys, metrics }: Needs): ServiceModule<{ readonly dynamoDb: DynamoDb }> {
  const dynamoDb = new DynamoDb({ ...context, useKey: keys.use, ttlDelay: context.settings.ttlDelay, emitMetric: metrics.emitter(context.clock) });
  return {
    provides: { dynamoDb },
    resources: dynamoDbResources(dynamoDb),
    changes: dynamoDbChanges(dynamoDb),
    wire: dynamoDbWire(dynamoDb),
    close: async () => dynamoDb.close(),
  };
}

import { DynamoDb } from './dynamodb-service';
import { WireService } from '../http/http-service';

/** How DynamoDB is reached over HTTP. */
export function dynamoDbWire(service: DynamoDb): WireService {
  return { service, protocol: { kind: 'json', version: '1.0', targetPrefix: 'DynamoDB_20120810', errorNamespace: 'com.amazonaws.dynamodb.v20120810' } };
}

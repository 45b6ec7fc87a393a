import { Sqs } from './sqs';
import { WireService } from '../http/http-service';

/** How SQS is reached over HTTP. */
export function sqsWire(service: Sqs): WireService {
  return { service, protocol: { kind: 'json', version: '1.0', targetPrefix: 'AmazonSQS', errorNamespace: 'com.amazonaws.sqs' } };
}

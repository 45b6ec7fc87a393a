import { Sns } from './sns';
import { readPolicy } from '../iam/policy-document';
import { FifoSettings } from '../sqs/fifo';
import { ResourceProviders } from '../template/resource';
import { StrictProperties } from '../template/strict-properties';

/** Resource types of SNS: standard and FIFO topics, their policies, and queues that subscribe to them. */
export function snsResources(service: Sns): ResourceProviders {
  return {
    'AWS::SNS::Topic': (request) => {
      const { properties } = request;
      // The name is for mail and text messages; a policy that asks for tags is an error of the evaluator.
      properties.notModelled('DisplayName', 'Tags');
      const kmsKeyId = properties.optionalString('KmsMasterKeyId');
      const fifo = readFifo(properties);
      const name = properties.optionalString('TopicName') ?? (fifo === undefined ? request.physicalName(256) : `${request.physicalName(256 - '.fifo'.length)}.fifo`);
      const topic = service.create(name, { kmsKeyId, fifo });
      return { ref: topic.arn, attributes: { TopicArn: topic.arn, TopicName: topic.name } };
    },

    'AWS::SNS::Subscription': (request) => {
      const { properties } = request;
      const protocol = properties.string('Protocol');
      if (protocol !== 'sqs') properties.unsupported('Protocol', 'another protocol than sqs');
      const { arn } = service.subscribe(properties.string('TopicArn'), properties.string('Endpoint'), properties.boolean('RawMessageDelivery') ?? false);
      return { ref: arn, attributes: { Arn: arn } };
    },

    'AWS::SNS::TopicPolicy': async (request) => {
      const { properties, logicalId } = request;
      const policy = await readPolicy(properties, 'PolicyDocument', 'resource', logicalId);
      const topics = properties.strings('Topics') ?? [];
      if (topics.length === 0) throw new Error(`${logicalId}: Topics must name at least one topic`);
      for (const arn of topics) service.setPolicy(arn, policy);
      return { ref: request.physicalName() };
    },
  };
}

function readFifo(properties: StrictProperties): FifoSettings | undefined {
  const contentBasedDeduplication = properties.boolean('ContentBasedDeduplication') ?? false;
  if (properties.boolean('FifoTopic') ?? false) return { contentBasedDeduplication };
  if (contentBasedDeduplication) throw new Error('ContentBasedDeduplication: a standard topic does not have it');
  return undefined;
}

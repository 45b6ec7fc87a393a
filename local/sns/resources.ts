import { Sns } from './sns';
import { TopicSettings } from './topic';
import { readPolicy } from '../iam/policy-document';
import { FifoSettings } from '../sqs/fifo';
import { remadeInPlace, ResourceChanges, ResourceProviders, ResourceRequest } from '../template/resource';
import { StrictProperties } from '../template/strict-properties';

/** Resource types of SNS: standard and FIFO topics, their policies, and queues that subscribe to them. */
export function snsResources(service: Sns): ResourceProviders {
  return {
    'AWS::SNS::Topic': (request) => {
      const settings = readTopic(request);
      const topic = service.create(request.properties.optionalString('TopicName') ?? generatedName(request, settings), settings);
      return { ref: topic.arn, attributes: { TopicArn: topic.arn, TopicName: topic.name } };
    },

    'AWS::SNS::Subscription': (request) => {
      const { topicArn, queueArn, raw } = readSubscription(request);
      const { arn } = service.subscribe(topicArn, queueArn, raw);
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

/** What becomes of them in updates: subscribers stay. */
export function snsChanges(service: Sns): ResourceChanges {
  return {
    'AWS::SNS::Topic': {
      update: (request) => {
        request.properties.notModelled('TopicName');
        service.configure(request.current.ref, readTopic(request));
        return request.current;
      },
      remove: ({ current }) => service.remove(current.ref),
    },
    'AWS::SNS::Subscription': {
      update: (request) => {
        const { topicArn, raw } = readSubscription(request);
        service.resubscribe(topicArn, request.current.ref, raw);
        return request.current;
      },
      remove: ({ properties, current }) => service.unsubscribe(properties.string('TopicArn'), current.ref),
    },
    'AWS::SNS::TopicPolicy': remadeInPlace(snsResources(service)['AWS::SNS::TopicPolicy'], ({ properties }) => {
      for (const arn of properties.strings('Topics') ?? []) service.removePolicy(arn);
    }),
  };
}

function readTopic({ properties }: ResourceRequest): TopicSettings {
  // The name is for mail and text messages; a policy that asks for tags is an error of the evaluator.
  properties.notModelled('DisplayName', 'Tags');
  return { kmsKeyId: properties.optionalString('KmsMasterKeyId'), fifo: readFifo(properties) };
}

function readSubscription({ properties }: ResourceRequest) {
  const protocol = properties.string('Protocol');
  if (protocol !== 'sqs') properties.unsupported('Protocol', 'another protocol than sqs');
  return {
    topicArn: properties.string('TopicArn'),
    queueArn: properties.string('Endpoint'),
    raw: properties.boolean('RawMessageDelivery') ?? false,
  };
}

/** CloudFormation gives a FIFO topic without a name one with the ending that it must have. */
function generatedName({ physicalName }: ResourceRequest, { fifo }: TopicSettings): string {
  return fifo === undefined ? physicalName(256) : `${physicalName(256 - '.fifo'.length)}.fifo`;
}

function readFifo(properties: StrictProperties): FifoSettings | undefined {
  const contentBasedDeduplication = properties.boolean('ContentBasedDeduplication') ?? false;
  if (properties.boolean('FifoTopic') ?? false) return { contentBasedDeduplication };
  if (contentBasedDeduplication) throw new Error('ContentBasedDeduplication: a standard topic does not have it');
  return undefined;
}

import { FifoSettings } from './fifo';
import { Queue, QueueSettings } from './queue';
import { Sqs } from './sqs';
import { readPolicy } from '../iam/policy-document';
import { CreatedResource, remadeInPlace, ResourceChanges, ResourceProviders, ResourceRequest } from '../template/resource';
import { StrictProperties } from '../template/strict-properties';

/** Bytes. The API takes up to 1 MiB since 2025, but sources differ on the default of a queue, so it is the smaller one they give. */
const DEFAULT_MESSAGE_SIZE = 262_144;

/** Resource types of SQS: standard and FIFO queues and their policies. */
export function sqsResources(service: Sqs): ResourceProviders {
  return {
    'AWS::SQS::Queue': (request) => {
      const settings = readQueue(request);
      return describe(service.create(request.properties.optionalString('QueueName') ?? generatedName(request, settings), settings));
    },

    'AWS::SQS::QueuePolicy': async (request) => {
      const { properties, logicalId } = request;
      const policy = await readPolicy(properties, 'PolicyDocument', 'resource', logicalId);
      const urls = properties.strings('Queues') ?? [];
      if (urls.length === 0) throw new Error(`${logicalId}: Queues must name at least one queue`);
      for (const url of urls) service.setPolicy(url, policy);
      return { ref: request.physicalName() };
    },
  };
}

/** What becomes of them in updates: messages stay. */
export function sqsChanges(service: Sqs): ResourceChanges {
  return {
    'AWS::SQS::Queue': {
      update: (request) => {
        request.properties.notModelled('QueueName');
        return describe(service.configure(request.current.ref, readQueue(request)));
      },
      remove: ({ current: { attributes } }) => service.remove(String(attributes?.Arn)),
    },
    'AWS::SQS::QueuePolicy': remadeInPlace(sqsResources(service)['AWS::SQS::QueuePolicy'], ({ properties }) => {
      for (const url of properties.strings('Queues') ?? []) service.removePolicy(url);
    }),
  };
}

function describe({ url, arn, name }: Queue): CreatedResource {
  return { ref: url, attributes: { Arn: arn, QueueName: name, QueueUrl: url } };
}

function readQueue({ properties }: ResourceRequest): QueueSettings {
  if ((properties.number('ReceiveMessageWaitTimeSeconds') ?? 0) > 0) properties.unsupported('ReceiveMessageWaitTimeSeconds', 'long polling');
  // Data keys are not modelled, and a policy that asks for tags is an error of the evaluator.
  properties.notModelled('KmsDataKeyReusePeriodSeconds', 'Tags');
  return readSettings(properties);
}

/** CloudFormation gives a FIFO queue without a name one with the ending that it must have. */
function generatedName({ physicalName }: ResourceRequest, { fifo }: QueueSettings): string {
  return fifo === undefined ? physicalName(80) : `${physicalName(80 - '.fifo'.length)}.fifo`;
}

function readFifo(properties: StrictProperties): FifoSettings | undefined {
  const contentBasedDeduplication = properties.boolean('ContentBasedDeduplication') ?? false;
  for (const [name, usual] of [['DeduplicationScope', 'queue'], ['FifoThroughputLimit', 'perQueue']]) {
    if ((properties.optionalString(name) ?? usual) !== usual) properties.unsupported(name, 'high throughput of FIFO queues');
  }
  if (properties.boolean('FifoQueue') ?? false) return { contentBasedDeduplication };
  if (contentBasedDeduplication) throw new Error('ContentBasedDeduplication: a standard queue does not have it');
  return undefined;
}

function readSettings(properties: StrictProperties): QueueSettings {
  const kmsKeyId = properties.optionalString('KmsMasterKeyId');
  // alias/aws/sqs is AWS's own key: services such as EventBridge cannot be allowed to use it, so it is not like no key at all.
  const sqsManagedSse = properties.boolean('SqsManagedSseEnabled') ?? kmsKeyId === undefined;
  if (sqsManagedSse && kmsKeyId !== undefined) throw new Error('SqsManagedSseEnabled and KmsMasterKeyId exclude each other');
  return {
    visibilityTimeout: within(properties, 'VisibilityTimeout', 0, 43_200, 30),
    messageRetentionPeriod: within(properties, 'MessageRetentionPeriod', 60, 1_209_600, 345_600),
    delaySeconds: within(properties, 'DelaySeconds', 0, 900, 0),
    maximumMessageSize: within(properties, 'MaximumMessageSize', 1024, 1_048_576, DEFAULT_MESSAGE_SIZE),
    sqsManagedSse,
    kmsKeyId,
    fifo: readFifo(properties),
    redrive: properties.object('RedrivePolicy', (redrive) => ({
      deadLetterTargetArn: redrive.string('deadLetterTargetArn'),
      maxReceiveCount: within(redrive, 'maxReceiveCount', 1, 1000, 10),
    })),
  };
}

function within(properties: StrictProperties, name: string, min: number, max: number, otherwise: number): number {
  const value = properties.number(name) ?? otherwise;
  if (!Number.isInteger(value) || value < min || value > max) throw new Error(`${name} must be between ${min} and ${max}, got ${value}`);
  return value;
}

import { mapMembers, sdkMetadata, toMilliseconds } from './answers';
import { assertUsable, ErrorNaming, optimizedFailure } from './error-names';
import { Integration, membersNotTaken, ServiceResource } from './integration';
import { ATHENA_QUERY, Job, waitForJob } from './job';
import { AwsService, CallContext, ServiceError } from '../../aws/service';
import { writeJson } from '../../exact-json';
import { isObject, JsonObject, JsonValue } from '../../json';
import { TaskFailure } from '../interpreter/failure';
import { TaskResource } from '../interpreter/resource-arn';
import { TaskCall } from '../interpreter/task';

/** What is particular to one optimised integration of request and response. */
interface OptimizedService {
  readonly naming: ErrorNaming;
  /** Actions as Resources name them, with the operation each one calls. */
  readonly actions: Readonly<Record<string, string>>;
  /** Actions that may pass a task token. */
  readonly withToken?: readonly string[];
  /** Actions that may wait for the end of what they start. */
  readonly jobs?: Readonly<Record<string, Job>>;
  /** Whether results carry SdkHttpMetadata and SdkResponseMetadata, as recorded on AWS. */
  readonly metadata: boolean;
  /** Members of the answer that are dates. */
  readonly dates?: readonly string[];
  /** Members of the input that may be JSON and travel as text. */
  readonly texts?: readonly string[];
  /** Fails the task for an answer that tells of failure. */
  readonly check?: (answer: JsonObject) => void;
}

/** By service name, which is also that of the `AwsService`. Error codes are from the API references. */
const services: Readonly<Record<string, OptimizedService>> = {
  athena: {
    naming: {
      prefix: 'Athena',
      label: 'AmazonAthena',
      listed: ['InternalServer', 'InvalidRequest', 'Metadata', 'ResourceNotFound', 'SessionAlreadyExists', 'TooManyRequests'],
    },
    actions: {
      startQueryExecution: 'StartQueryExecution',
      getQueryExecution: 'GetQueryExecution',
      stopQueryExecution: 'StopQueryExecution',
      getQueryResults: 'GetQueryResults',
    },
    jobs: { startQueryExecution: ATHENA_QUERY },
    metadata: false,
    dates: ['SubmissionDateTime', 'CompletionDateTime'],
  },
  dynamodb: {
    naming: {
      prefix: 'DynamoDB',
      label: 'AmazonDynamoDBv2',
      unlisted: 'AmazonDynamoDBException',
      listed: [
        'ConditionalCheckFailed', 'InternalServerError', 'ItemCollectionSizeLimitExceeded', 'ProvisionedThroughputExceeded', 'ReplicatedWriteConflict',
        'RequestLimitExceeded', 'ResourceNotFound', 'TransactionConflict',
      ],
    },
    actions: { getItem: 'GetItem', putItem: 'PutItem', updateItem: 'UpdateItem', deleteItem: 'DeleteItem' },
    metadata: true,
  },
  sqs: {
    naming: { prefix: 'SQS', label: 'AmazonSQS', listed: ['QueueDoesNotExist', 'InvalidMessageContents', 'UnsupportedOperation'] },
    actions: { sendMessage: 'SendMessage' },
    withToken: ['sendMessage'],
    metadata: true,
    texts: ['MessageBody'],
  },
  sns: {
    naming: {
      prefix: 'SNS',
      label: 'AmazonSNS',
      listed: ['AuthorizationError', 'EndpointDisabled', 'InternalError', 'InvalidParameter', 'InvalidParameterValue', 'NotFound'],
    },
    actions: { publish: 'Publish' },
    withToken: ['publish'],
    metadata: true,
    texts: ['Message'],
  },
  events: {
    naming: { prefix: 'EventBridge', label: 'AmazonEventBridge', listed: ['Internal'] },
    actions: { putEvents: 'PutEvents' },
    withToken: ['putEvents'],
    metadata: false,
    texts: ['Detail'],
    check: (answer) => {
      if (answer.FailedEntryCount !== 0) throw new TaskFailure('EventBridge.FailedEntry', writeJson(answer));
    },
  },
};

/** Optimised integrations that call one operation of a service of the local cloud and answer its answer. */
export class OptimizedIntegration implements Integration {
  private readonly targets: ReadonlyMap<string, AwsService>;

  constructor(targets: readonly AwsService[]) {
    this.targets = new Map(targets.map((service) => [service.name, service]));
  }

  supports(resource: TaskResource): boolean {
    if (resource.kind !== 'service' || !this.targets.has(resource.service)) return false;
    const { actions, withToken = [], jobs = {} }: Partial<OptimizedService> = services[resource.service] ?? {};
    if (actions?.[resource.action] === undefined) return false;
    if (resource.pattern === 'sync') return jobs[resource.action] !== undefined;
    return resource.pattern === undefined || (resource.pattern === 'waitForTaskToken' && withToken.includes(resource.action));
  }

  missingParameters(parameters: JsonValue, { service, action }: ServiceResource): readonly string[] {
    return membersNotTaken(this.targets.get(service), services[service].actions[action], parameters);
  }

  async call(call: TaskCall, context: CallContext): Promise<JsonValue> {
    const { resource, input } = call;
    if (resource.kind !== 'service') throw new Error(`${resource.arn} is no service integration`);
    const { actions, jobs = {} } = services[resource.service];
    const perform = (operation: string, parameters: JsonValue) => this.perform(resource.service, operation, parameters, context);
    const answer = await perform(actions[resource.action], input);
    return resource.pattern === 'sync' ? waitForJob(jobs[resource.action], answer, call, perform) : answer;
  }

  /** Calls an operation and answers as Tasks do. */
  private async perform(service: string, operation: string, input: JsonValue, context: CallContext): Promise<JsonObject> {
    const { naming, metadata, dates = [], texts = [], check } = services[service];
    const request = mapMembers(input, texts, (member) => (typeof member === 'object' && member !== null ? writeJson(member) : member));
    try {
      const answer = await this.targets.get(service)?.call(operation, isObject(request) ? request : {}, context) ?? {};
      check?.(answer);
      const result = mapMembers(answer, dates, toMilliseconds);
      return { ...isObject(result) && result, ...metadata && sdkMetadata() };
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      assertUsable(error, input);
      throw optimizedFailure(error, naming);
    }
  }
}

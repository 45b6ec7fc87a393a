import { WaitPattern } from '../interpreter/resource-arn';

/** One action of an optimised integration, as AWS has it. */
export interface OptimizedAction {
  /** Operation of the service's API. */
  readonly operation: string;
  /** Name of the service's model. */
  readonly model: string;
  /** Ways to wait for the result, in addition to taking the answer. */
  readonly patterns: readonly WaitPattern[];
  /** Parameters that may be any JSON where the API takes text. */
  readonly json?: readonly string[];
  /** Parameters of the API that the integration has. Default: all. */
  readonly members?: readonly string[];
  /** Parameters where they are not those of the API; in the words of `SdkModel`. */
  readonly shape?: Readonly<Record<string, string>>;
}

const token: readonly WaitPattern[] = ['waitForTaskToken'];

/**
 * Optimised integrations of the services whose models are here. Source: Step Functions developer guide, "Optimized integrations" and the page of
 * each service. Others are not known to the local cloud.
 */
export const OPTIMIZED_ACTIONS: Readonly<Record<string, Readonly<Record<string, OptimizedAction>>>> = {
  athena: {
    startQueryExecution: { operation: 'StartQueryExecution', model: 'athena', patterns: ['sync'] },
    stopQueryExecution: { operation: 'StopQueryExecution', model: 'athena', patterns: [] },
    getQueryExecution: { operation: 'GetQueryExecution', model: 'athena', patterns: [] },
    getQueryResults: { operation: 'GetQueryResults', model: 'athena', patterns: [] },
  },
  dynamodb: Object.fromEntries(['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'].map((operation) => (
    [operation.charAt(0).toLowerCase() + operation.slice(1), { operation, model: 'dynamodb', patterns: [] }]
  ))),
  events: { putEvents: { operation: 'PutEvents', model: 'eventbridge', patterns: token, json: ['Detail'] } },
  lambda: {
    invoke: {
      operation: 'Invoke',
      model: 'lambda',
      patterns: token,
      json: ['Payload'],
      members: ['ClientContext', 'FunctionName', 'InvocationType', 'LogType', 'Payload', 'Qualifier'],
    },
  },
  sns: { publish: { operation: 'Publish', model: 'sns', patterns: token, json: ['Message'] } },
  sqs: { sendMessage: { operation: 'SendMessage', model: 'sqs', patterns: token, json: ['MessageBody'] } },
  states: { startExecution: { operation: 'StartExecution', model: 'sfn', patterns: ['sync', 'sync:2', 'waitForTaskToken'], json: ['Input'] } },
};

/** What a distributed Map calls: it reads as the API does, and writes in a way of its own. Source: developer guide, "ItemReader" and "ResultWriter". */
export const MAP_CALLS: Readonly<Record<string, OptimizedAction>> = {
  getObject: { operation: 'GetObject', model: 's3', patterns: [] },
  listObjectsV2: { operation: 'ListObjectsV2', model: 's3', patterns: [] },
  putObject: { operation: 'PutObject', model: 's3', patterns: [], shape: { Bucket: '!s', Prefix: 's', ExpectedBucketOwner: 's' } },
};

import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import {
  AsyncAthenaQueryApi, AsyncAthenaQueryApiProps, ItemProcessor, MongoFilter, PagedBatchEtl, PageSource, PageTransport, Partitions, QueryAnnouncement,
  RunContinuation, RunParameter,
} from '../src';
import { AslMachine } from '../src/private/synth/asl';
import { definitionsOf } from '../test/support/etl-definitions';
import { knownFunction } from '../test/support/known-function';

/** The definition of a query's workflow, by default with the defaults. */
export function queryMachine(props: (stack: Stack) => AsyncAthenaQueryApiProps = () => ({})): AslMachine {
  const stack = newStack();
  new AsyncAthenaQueryApi(stack, 'Queries', props(stack));
  return definitionsOf(Template.fromStack(stack)).QueriesWorkflow;
}

/** The same with an announcement of each kind. */
export function announcingMachine(): AslMachine {
  return queryMachine((stack) => ({
    announcements: [
      QueryAnnouncement.eventBus({ bus: EventBus.fromEventBusName(stack, 'Bus', 'your-bus') }),
      QueryAnnouncement.queue({ queue: Queue.fromQueueArn(stack, 'Queue', 'arn:aws:sqs:us-east-1:111122223333:your-queue') }),
      QueryAnnouncement.topic({ topic: Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:us-east-1:111122223333:your-topic') }),
    ],
  }));
}

export type ProcessorName = 'perBatch' | 'perItem' | 'stateMachine';

const YOUR_FUNCTION = 'arn:aws:lambda:us-east-1:111122223333:function:your-function';

const PROCESSORS: Readonly<Record<ProcessorName, (stack: Stack) => ItemProcessor>> = {
  perBatch: (stack) => ItemProcessor.perBatch({ handler: yourFunction(stack) }),
  perItem: (stack) => ItemProcessor.perItem({ handler: knownFunction(stack, YOUR_FUNCTION) }),
  stateMachine: (stack) => ItemProcessor.stateMachine({ stateMachine: StateMachine.fromStateMachineName(stack, 'Theirs', 'your-state-machine') }),
};

/** The definitions of a PagedBatchEtl: Workflow, and if the run is supervised Segment, and Items where these are processed one by one. */
export function etlMachines(
  processor: ProcessorName, continuation?: RunContinuation, transport?: PageTransport, partitions?: Partitions,
): Readonly<Record<string, AslMachine>> {
  const stack = newStack();
  new PagedBatchEtl(stack, 'Etl', {
    source: PageSource.mongo({
      connectionSecret: Secret.fromSecretNameV2(stack, 'Connection', 'connection'),
      database: 'Analytics',
      collection: 'jobs',
      sort: ['runDate', '_id'],
      filter: MongoFilter.ejson('{ "runDate": { "$gte": "$$date_begin", "$lt": "$$date_end" } }'),
    }),
    parameters: { date_begin: RunParameter.date(), date_end: RunParameter.date() },
    processor: PROCESSORS[processor](stack),
    continuation,
    transport,
    partitions,
  });
  return Object.fromEntries(Object.entries(definitionsOf(Template.fromStack(stack))).map(([id, machine]) => [id.replace(/^Etl/, ''), machine]));
}

/** The definition of a backfill with a few windows. */
export function backfillMachine(): AslMachine {
  const stack = newStack();
  const etl = new PagedBatchEtl(stack, 'Etl', {
    source: PageSource.custom({ handler: yourFunction(stack) }),
    parameters: { date_begin: RunParameter.date(), date_end: RunParameter.date() },
    processor: ItemProcessor.stateMachine({ stateMachine: StateMachine.fromStateMachineName(stack, 'Theirs', 'your-state-machine') }),
  });
  etl.addBackfill('Days', { begin: '2025-01-01', end: '2025-01-04', step: Duration.days(1), beginParameter: 'date_begin', endParameter: 'date_end' });
  return definitionsOf(Template.fromStack(stack)).EtlBackfillDaysWorkflow;
}

function newStack(): Stack {
  return new Stack(new App({ treeMetadata: false }), 'Stack');
}

function yourFunction(stack: Stack) {
  return LambdaFunction.fromFunctionAttributes(stack, 'Yours', { functionArn: YOUR_FUNCTION, sameEnvironment: true });
}

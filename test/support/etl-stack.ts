/** Synthesises the state machines of a PagedBatchEtl without what reads pages: source and handler are functions of another stack. */
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction, IFunction } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, IStateMachine, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { definitionsOf } from './etl-definitions';
import { knownFunction } from './known-function';
import { AddBackfillOptions } from '../../src/paged-batch-etl/backfill/add-backfill-options';
import { Backfill } from '../../src/paged-batch-etl/backfill/backfill';
import { ItemProcessor } from '../../src/paged-batch-etl/item-processor/item-processor';
import { PageTransportParts } from '../../src/paged-batch-etl/page-transport/binding';
import { PageTransport } from '../../src/paged-batch-etl/page-transport/page-transport';
import { Partitions } from '../../src/paged-batch-etl/partitions/partitions';
import { WorkflowParts } from '../../src/paged-batch-etl/run-continuation/binding';
import { RunContinuation } from '../../src/paged-batch-etl/run-continuation/run-continuation';
import { LedgerParts } from '../../src/paged-batch-etl/run-ledger/binding';
import { RunLedger } from '../../src/paged-batch-etl/run-ledger/run-ledger';
import { RunParameterBindings } from '../../src/paged-batch-etl/run-parameter/binding';
import { Tolerance } from '../../src/paged-batch-etl/workflow/tolerance';
import { AslMachine } from '../../src/private/synth/asl';
import { defaultRuntime } from '../../src/private/synth/node-runtime';

export const SOURCE_ARN = 'arn:aws:lambda:us-east-1:111122223333:function:source';
export const COLLECTOR_ARN = 'arn:aws:lambda:us-east-1:111122223333:function:collector';
export const HANDLER_ARN = 'arn:aws:lambda:us-east-1:111122223333:function:handler';

export interface EtlStackOptions {
  readonly processor?: (stack: Stack) => ItemProcessor;
  readonly continuation?: RunContinuation;
  /** Default: inline. */
  readonly transport?: (stack: Stack) => PageTransport;
  /** As of a source that is sorted by `_id`. Default: one page after another. */
  readonly partitions?: Partitions;
  /** Default: none. */
  readonly ledger?: RunLedger;
  readonly parameters?: RunParameterBindings;
  /** Default: that of the processor. */
  readonly batchSize?: number;
  /** As with Amazon DocumentDB. Default: no. */
  readonly timedOutReadsRunOn?: boolean;
  /** Whether the source is asked how many items there are, where there is a ledger. Default: no. */
  readonly countsItems?: boolean;
  /** A backfill with the id `Year`. Default: none. */
  readonly backfill?: AddBackfillOptions;
  /** Present where failures are tolerated. Default of the limits: none. */
  readonly tolerance?: { readonly items?: number; readonly percentage?: number; readonly withDocuments?: boolean };
}

export interface EtlStack {
  readonly template: Template;
  readonly parts: WorkflowParts;
  readonly transport: PageTransportParts;
  readonly ledger?: LedgerParts;
  /** By name: Workflow, Segment, Items, Child. */
  readonly machines: Readonly<Record<string, AslMachine>>;
}

export function handlerOf(stack: Stack): IFunction {
  return LambdaFunction.fromFunctionArn(stack, 'Handler', HANDLER_ARN);
}

/** The handler as a function that is defined in the same app, in another stack, and so has a time-out that is known. */
export function knownHandler(stack: Stack, timeout?: Duration): IFunction {
  return knownFunction(stack, HANDLER_ARN, timeout);
}

/** A state machine that hands its input to the handler and answers what that answers. */
export function childOf(stack: Stack): IStateMachine {
  const role = new Role(stack, 'ChildRole', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
  role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [HANDLER_ARN] }));
  const call = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: { 'FunctionName': HANDLER_ARN, 'Payload.$': '$' }, OutputPath: '$.Payload', End: true };
  return new StateMachine(stack, 'Child', { role, definitionBody: DefinitionBody.fromString(JSON.stringify({ StartAt: 'Call', States: { Call: call } })) });
}

export const processors: Readonly<Record<'perItem' | 'expressItems' | 'perBatch' | 'stateMachine', (stack: Stack) => ItemProcessor>> = {
  /** In the machine that walks pages: the time-out is not known. */
  perItem: (stack) => ItemProcessor.perItem({ handler: handlerOf(stack) }),
  /** In an Express execution, where the continuation lets it. */
  expressItems: (stack) => ItemProcessor.perItem({ handler: knownHandler(stack) }),
  perBatch: (stack) => ItemProcessor.perBatch({ handler: handlerOf(stack) }),
  stateMachine: (stack) => ItemProcessor.stateMachine({ stateMachine: childOf(stack) }),
};

/** Every restart with every processor, by name. */
export function everyStack(restarts: Readonly<Record<string, RunContinuation>>, more: EtlStackOptions): [name: string, stack: EtlStackOptions][] {
  const stacksOf = (restart: string, continuation: RunContinuation) => Object.entries(processors).map(
    ([name, processor]): [string, EtlStackOptions] => [`${restart}, ${name}`, { ...more, continuation, processor }],
  );
  return Object.entries(restarts).flatMap(([restart, continuation]) => stacksOf(restart, continuation));
}

function toleranceOf(stack: Stack, { items, percentage, withDocuments = false }: NonNullable<EtlStackOptions['tolerance']>): Tolerance {
  return {
    collector: LambdaFunction.fromFunctionArn(stack, 'Collector', COLLECTOR_ARN),
    collectorTimeout: Duration.minutes(5),
    limits: { items: items ?? null, percentage: percentage ?? null },
    withDocuments,
  };
}

export function synthEtl(options: EtlStackOptions = {}): EtlStack {
  const stack = new Stack(new App({ treeMetadata: false }), 'Stack');
  const processor = (options.processor ?? processors.perBatch)(stack)._binding;
  const continuation = (options.continuation ?? RunContinuation.supervised())._binding;
  const machines = { logRetention: RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY };
  const tolerance = options.tolerance && toleranceOf(stack, options.tolerance);
  const transport = (options.transport?.(stack) ?? PageTransport.inline())._binding.bind({
    scope: stack, processor, batchSize: options.batchSize, redrivenInside: continuation.redrivenInside, machines, tolerance,
  });
  const settings = { runtime: defaultRuntime(), ...machines };
  const ledger = options.ledger?._binding.bind({
    scope: stack, parameters: options.parameters ?? {}, outlivesRun: processor.outlivesRun, ...settings,
  });
  const parts = continuation.create(stack, {
    ledger,
    sourceFunction: LambdaFunction.fromFunctionArn(stack, 'Source', SOURCE_ARN),
    sourceTimeout: Duration.seconds(60),
    timedOutReadsRunOn: options.timedOutReadsRunOn ?? false,
    countsItems: options.countsItems ?? false,
    parameters: options.parameters ?? {},
    transport,
    partitions: options.partitions?._binding.bind({ sort: ['_id'], collated: false }),
    tolerance,
    ...machines,
  });
  if (options.backfill !== undefined) {
    new Backfill(stack, 'Year', {
      options: options.backfill,
      workflow: parts.workflow,
      isWholeRun: !continuation.redrivenInside,
      skips: ledger?.skips ?? false,
      callsOfRun: 1,
      parameters: options.parameters ?? {},
      settings: machines,
    });
  }
  const template = Template.fromStack(stack);
  return { template, parts, transport, ledger, machines: definitionsOf(template) };
}

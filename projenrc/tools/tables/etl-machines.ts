/** What the tables of PagedBatchEtl say of its machines: computed from those that are synthesised. */
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Function as LambdaFunction, IFunction } from 'aws-cdk-lib/aws-lambda';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { ItemProcessor, PagedBatchEtl, PageSource, PageTransport, RunContinuation, RunParameter } from '../../../src';
import { SourceEnvironment } from '../../../src/paged-batch-etl/contracts/source-function';
import { BatchLimits } from '../../../src/paged-batch-etl/source-functions/reader/source-config';
import { PageState } from '../../../src/paged-batch-etl/workflow/page-states';
import { memberOf } from '../../../src/private/runtime/member-of';
import { AslDistributedMap, AslMachine, AslState, isDistributed } from '../../../src/private/synth/asl';
import { longestWalk } from '../../../src/private/synth/longest-walk';
import { definitionsOf } from '../../../test/support/etl-definitions';
import { knownFunction } from '../../../test/support/known-function';
import { resourcesOfType } from '../../../test/support/template';

const ACCOUNT = 'us-east-1:111122223333';

/** Of the functions in the tables. */
export const HANDLER_TIMEOUT = Duration.seconds(3);
const SLOW_TIMEOUT = Duration.minutes(1);

const PROCESSORS = {
  perBatch: (stack: Stack) => ItemProcessor.perBatch({ handler: functionOf(stack, 'Handler') }),
  /** The time-out of the function is known. */
  perBatchOfApp: (stack: Stack) => ItemProcessor.perBatch({ handler: knownFunction(stack, arnOf('Handler'), HANDLER_TIMEOUT) }),
  perItem: (stack: Stack) => ItemProcessor.perItem({ handler: knownFunction(stack, arnOf('Handler'), HANDLER_TIMEOUT) }),
  /** All attempts at an item do not fit into an Express execution. */
  perSlowItem: (stack: Stack) => ItemProcessor.perItem({ handler: knownFunction(stack, arnOf('Handler'), SLOW_TIMEOUT) }),
  stateMachine: (stack: Stack) => ItemProcessor.stateMachine({
    stateMachine: StateMachine.fromStateMachineArn(stack, 'Machine', `arn:aws:states:${ACCOUNT}:stateMachine:Theirs`),
  }),
};

export type ProcessorName = keyof typeof PROCESSORS;

export interface MachineFacts {
  readonly etl: PagedBatchEtl;
  /** Most bytes of a page that travels inline. */
  readonly pageBytes: number;
  /** Where pages are objects: most bytes of the items of one, and how large its batches get. */
  readonly objectBytes: number;
  readonly batch: Required<BatchLimits>;
  /** What was synthesised until now. */
  template(): Template;
  /** Transitions of a page with as many items, retries aside, and but for executions that a Distributed Map starts. */
  transitionsOf(items: number): number;
}

export interface MachineOptions {
  readonly batchSize?: number;
  readonly continuation?: RunContinuation;
  readonly transport?: PageTransport;
  readonly schedule?: (etl: PagedBatchEtl) => void;
}

/** A construct with that processor and defaults for all else. */
export function machineFacts(name: ProcessorName, { batchSize, continuation, transport, schedule }: MachineOptions = {}): MachineFacts {
  const stack = new Stack(new App({ treeMetadata: false }), 'Docs');
  const processor = PROCESSORS[name](stack);
  const etl = new PagedBatchEtl(stack, 'Etl', {
    batchSize,
    continuation,
    transport,
    processor,
    source: PageSource.custom({ handler: functionOf(stack, 'Source') }),
    parameters: { date_begin: RunParameter.date(), date_end: RunParameter.date() },
  });
  schedule?.(etl);
  const template = () => Template.fromStack(stack);
  const told = (variable: string) => numberTold(template(), variable);
  return {
    etl,
    pageBytes: told(SourceEnvironment.PAGE_BYTES),
    objectBytes: told(SourceEnvironment.PAGE_OBJECT_BYTES),
    batch: {
      bytes: told(SourceEnvironment.PAGE_BATCH_BYTES),
      textBytes: told(SourceEnvironment.PAGE_BATCH_TEXT_BYTES),
      // Where the source function is told of none, there are as many as the run says.
      items: told(SourceEnvironment.PAGE_BATCH_ITEMS) || etl.batchSize,
    },
    template,
    transitionsOf: (items) => transitions(machineOfPages(template()), items),
  };
}

function functionOf(stack: Stack, name: string): IFunction {
  return LambdaFunction.fromFunctionArn(stack, `${name}Function`, arnOf(name));
}

function arnOf(name: string): string {
  return `arn:aws:lambda:${ACCOUNT}:function:${name}`;
}

/** As the source function is told. */
function numberTold(template: Template, name: string): number {
  const told = resourcesOfType(template, 'AWS::Lambda::Function').map(({ Properties }) => memberOf(memberOf(Properties.Environment, 'Variables'), name));
  return Number(told.find((each) => each !== undefined));
}

/** The machine that walks pages. */
export function machineOfPages(template: Template): AslMachine {
  const found = Object.values(definitionsOf(template)).find(({ States }) => PageState.READ in States);
  if (found === undefined) throw new Error('no machine reads pages');
  return found;
}

/** Once round the loop over pages. */
function transitions(machine: AslMachine, items: number): number {
  return longestWalk(machine, PageState.READ, transitionsOfState(items), { to: PageState.READ });
}

/** Transitions of an execution of a Map Run that makes as many calls, retries and its start aside. They are billed if it is of type STANDARD. */
export function transitionsOfChild({ ItemProcessor: child }: AslDistributedMap, calls: number): number {
  return longestWalk(child, child.StartAt, transitionsOfState(calls));
}

function transitionsOfState(items: number) {
  const cost = (state: AslState): number => (
    state.Type === 'Map' && !isDistributed(state) ? 1 + items * longestWalk(state.ItemProcessor, state.ItemProcessor.StartAt, cost) : 1);
  return cost;
}

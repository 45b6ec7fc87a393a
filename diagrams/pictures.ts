import { Duration } from 'aws-cdk-lib';
import { PageTransport, Partitions, QueryCompletion, RunContinuation } from '../src';
import { announcingMachine, backfillMachine, etlMachines, ProcessorName, queryMachine } from './definitions';
import { DiagramEdge, DiagramGraph, DiagramNode, endAfter, graphOf, START } from './graph';
import { withQuietSides } from './main-path';
import { Direction } from './node-text';
import { framed, overviewOf } from './overview';
import { AslMachine } from '../src/private/synth/asl';

export interface Picture {
  /** Of the file, without its ending. */
  readonly name: string;
  readonly title: string;
  readonly direction: Direction;
  readonly graph: DiagramGraph;
}

/** Where machines differ in their states, each has a picture. */
interface Drawn {
  readonly name: string;
  readonly title: string;
  readonly machine: AslMachine;
}

/** The machines of docs/state-machines.md. */
export function drawnMachines(): Drawn[] {
  const restarting = (processor: ProcessorName) => etlMachines(processor, RunContinuation.selfRestart()).Workflow;
  const throughS3 = (processor: ProcessorName) => etlMachines(processor, undefined, PageTransport.s3({ deletePages: true })).Segment;
  // Without the states of outages, which are those of any run, it is no wider than a page.
  const divided = etlMachines('perBatch', RunContinuation.supervised({ outageTolerance: Duration.seconds(0) }), undefined, Partitions.ofTime({ workers: 16 }));
  const [perBatch, perItem] = [etlMachines('perBatch'), etlMachines('perItem')];
  return [
    { name: 'query', title: 'The workflow of AsyncAthenaQueryApi', machine: queryMachine() },
    {
      name: 'query-managed',
      title: 'The workflow of AsyncAthenaQueryApi with QueryCompletion.managed',
      machine: queryMachine(() => ({ queryCompletion: QueryCompletion.managed() })),
    },
    { name: 'query-announcements', title: 'The workflow of AsyncAthenaQueryApi with announcements', machine: announcingMachine() },
    { name: 'run', title: 'A run of PagedBatchEtl', machine: perBatch.Workflow },
    { name: 'run-partitions', title: 'A run of PagedBatchEtl with partitions', machine: divided.Workflow },
    { name: 'segment-per-batch', title: 'A segment of a run with ItemProcessor.perBatch', machine: perBatch.Segment },
    { name: 'segment-per-item', title: 'A segment of a run with ItemProcessor.perItem', machine: perItem.Segment },
    { name: 'items', title: 'The items of a page with ItemProcessor.perItem', machine: perItem.Items },
    { name: 'segment-s3-per-batch', title: 'A segment of a run with PageTransport.s3 and ItemProcessor.perBatch', machine: throughS3('perBatch') },
    { name: 'segment-s3-per-item', title: 'A segment of a run with PageTransport.s3 and ItemProcessor.perItem', machine: throughS3('perItem') },
    { name: 'backfill', title: 'A backfill of PagedBatchEtl', machine: backfillMachine() },
    { name: 'self-restart-per-batch', title: 'RunContinuation.selfRestart with ItemProcessor.perBatch', machine: restarting('perBatch') },
    { name: 'self-restart-per-item', title: 'RunContinuation.selfRestart with ItemProcessor.perItem', machine: restarting('perItem') },
    { name: 'self-restart-state-machine', title: 'RunContinuation.selfRestart with ItemProcessor.stateMachine', machine: restarting('stateMachine') },
  ];
}

/** All pictures of docs/diagrams: one of each construct at a glance, and every state of every machine. */
export function pictures(): Picture[] {
  const machines = drawnMachines();
  const overview = (name: string) => overviewOf(graphOf(one(machines, name).machine));
  return [
    { name: 'async-athena-query-api', title: 'AsyncAthenaQueryApi: what happens to a request', direction: 'RIGHT', graph: aroundQuery(overview('query')) },
    {
      name: 'paged-batch-etl',
      title: 'PagedBatchEtl: a run walks a collection page by page, in one segment after another',
      direction: 'RIGHT',
      graph: aroundRun(overview('run'), overview('segment-per-batch')),
    },
    ...machines.map(({ name, title, machine }): Picture => ({ name, title, direction: 'DOWN', graph: withQuietSides(graphOf(machine)) })),
  ];
}

function one(machines: readonly Drawn[], name: string): Drawn {
  const found = machines.find((machine) => machine.name === name);
  if (found === undefined) throw new Error(`there is no machine ${name}`);
  return found;
}

function aroundQuery(query: DiagramGraph): DiagramGraph {
  const deliver = 'Deliver Result';
  const frame = framed(query, { id: 'workflow', kind: 'Frame', title: 'one Step Functions execution for each query' });
  const dots = [START, endAfter(deliver)].map((id) => `workflow/${id}`);
  const states = frame.edges.filter(({ from, to }) => !dots.includes(from) && !dots.includes(to));
  const first = frame.edges.filter(({ from }) => from === dots[0]).map(({ to }) => arrow('API Gateway', to));
  return {
    nodes: [
      outside('Caller', 'signs with IAM'),
      outside('API Gateway', 'answers 202 at once'),
      ...frame.nodes.filter(({ id }) => !dots.includes(id)),
      outside('Receiver', 'gets a link to the result'),
    ],
    edges: [arrow('Caller', 'API Gateway', 'SQL and callback URL'), ...first, ...states, arrow(`workflow/${deliver}`, 'Receiver', 'signed callback')],
  };
}

function aroundRun(run: DiagramGraph, segment: DiagramGraph): DiagramGraph {
  const runFrame = framed(run, { id: 'run', kind: 'Frame', title: 'Run: one execution to start, watch and redrive' });
  const segmentFrame = framed(segment, { id: 'run/Run Segment', kind: 'Frame', title: 'Run Segment: an execution of its own', parent: 'run' });
  return {
    nodes: runFrame.nodes.flatMap((node) => (node.id === 'run/Run Segment' ? segmentFrame.nodes : [node])),
    edges: [...runFrame.edges, ...segmentFrame.edges],
  };
}

function outside(title: string, detail: string): DiagramNode {
  return { id: title, kind: 'Outside', title, detail, quiet: false };
}

function arrow(from: string, to: string, words = ''): DiagramEdge {
  return { from, to, kind: 'next', words, quiet: false };
}

import { detailOf, errorsInWords, ruleInWords } from './words';
import { AslGraph, AslMachine, AslState } from '../src/private/synth/asl';

/** `Start` and `End` are the dots at which an execution begins and ends well; `Outside` is what stands around the machines. */
export type NodeKind = AslState['Type'] | 'Start' | 'End' | 'Outside' | 'Frame';

export interface DiagramNode {
  readonly id: string;
  readonly kind: NodeKind;
  readonly title: string;
  /** What a state works with, in a second line. */
  readonly detail?: string;
  /** The node around it. */
  readonly parent?: string;
  /** Not on the way of an execution that meets nothing unusual: drawn pale. */
  readonly quiet: boolean;
}

export interface DiagramEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: 'next' | 'rule' | 'default' | 'catch';
  /** When it is taken; empty for always. */
  readonly words: string;
  readonly quiet: boolean;
}

export interface DiagramGraph {
  readonly nodes: readonly DiagramNode[];
  readonly edges: readonly DiagramEdge[];
}

/** Ids of the dots. No state may have a name with a slash in it here. */
export const START = '/start';
export const endAfter = (state: string): string => `/end/${state}`;

/** Every state and every transition of a machine. */
export function graphOf(machine: AslMachine): DiagramGraph {
  const start = { id: START, kind: 'Start', title: '', quiet: false } as const;
  const { nodes, edges } = statesOf(machine);
  return { nodes: [start, ...nodes], edges: [edge(START, machine.StartAt, 'next'), ...edges] };
}

function statesOf({ States }: AslGraph): DiagramGraph {
  const parts = Object.entries(States).map(([name, state]) => partOf(name, state));
  return { nodes: parts.flatMap(({ nodes }) => nodes), edges: parts.flatMap(({ edges }) => edges) };
}

/** The state, the dot after it, the states in it, and the transitions out of all of these. */
function partOf(name: string, state: AslState): DiagramGraph {
  const node: DiagramNode = { id: name, kind: state.Type, title: name, detail: detailOf(name, state), quiet: false };
  const inside = state.Type === 'Map' ? innerStates(name, state.ItemProcessor) : { nodes: [], edges: [] };
  const ends = 'End' in state && state.End === true;
  return {
    nodes: [node, ...(ends ? [{ id: endAfter(name), kind: 'End', title: '', quiet: false } as const] : []), ...inside.nodes],
    edges: [...transitionsOf(name, state), ...inside.edges],
  };
}

function innerStates(parent: string, graph: AslGraph): DiagramGraph {
  const { nodes, edges } = statesOf(graph);
  // Where all of it is a single state, its dot would say nothing.
  const own = nodes.filter((node) => node.parent === undefined);
  const dots = own.filter(({ kind }) => kind === 'End').map(({ id }) => id);
  const dropped = own.length - dots.length === 1 ? dots : [];
  return {
    nodes: nodes.filter(({ id }) => !dropped.includes(id)).map((node) => ({ parent, ...node })),
    edges: edges.filter(({ to }) => !dropped.includes(to)),
  };
}

function transitionsOf(name: string, state: AslState): DiagramEdge[] {
  if (state.Type === 'Choice') {
    return [
      ...state.Choices.map((rule) => edge(name, rule.Next, 'rule', ruleInWords(rule.Comment))),
      edge(name, state.Default, 'default', ruleInWords(state.Comment)),
    ];
  }
  return [
    ...('Next' in state && state.Next !== undefined ? [edge(name, state.Next, 'next')] : []),
    ...('End' in state && state.End === true ? [edge(name, endAfter(name), 'next')] : []),
    ...('Catch' in state ? state.Catch ?? [] : []).map(({ ErrorEquals, Next }) => edge(name, Next, 'catch', errorsInWords(ErrorEquals))),
  ];
}

function edge(from: string, to: string, kind: DiagramEdge['kind'], words = ''): DiagramEdge {
  return { from, to, kind, words, quiet: false };
}

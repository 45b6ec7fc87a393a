import { DiagramEdge, DiagramGraph, DiagramNode } from './graph';
import { withQuietSides } from './main-path';
import { shortWords } from './words';

/**
 * What explains a machine at a glance: its main path, without the states that only reshape data, and without the choices that are none on this path.
 */
export function overviewOf(graph: DiagramGraph): DiagramGraph {
  const { nodes, edges } = withQuietSides(graph);
  const main: DiagramGraph = {
    nodes: nodes.filter(({ quiet }) => !quiet).map((node) => ({ ...node, detail: node.detail === undefined ? undefined : shortWords(node.detail) })),
    edges: oneForEachWay(edges.filter(({ quiet }) => !quiet)).map((edge) => ({ ...edge, words: shortWords(edge.words) })),
  };
  const worked = main.nodes.filter(({ kind }) => kind === 'Pass').reduce(without, main);
  return worked.nodes.filter((node) => isNoChoice(worked, node)).reduce(without, worked);
}

/** Of all that leads from one state to another, the default, or else what comes first. */
function oneForEachWay(edges: readonly DiagramEdge[]): DiagramEdge[] {
  return edges.filter((edge) => {
    const same = edges.filter(({ from, to }) => from === edge.from && to === edge.to);
    return edge === (same.find(({ kind }) => kind === 'default') ?? same[0]);
  });
}

function isNoChoice({ edges }: DiagramGraph, { id, kind }: DiagramNode): boolean {
  return kind === 'Choice' && new Set(edges.filter(({ from }) => from === id).map(({ to }) => to)).size === 1;
}

/** The graph without a node; who led to it leads to where it led. */
function without({ nodes, edges }: DiagramGraph, { id, kind }: DiagramNode): DiagramGraph {
  const out = edges.filter(({ from }) => from === id);
  const into = edges.filter(({ to }) => to === id);
  const around = into.flatMap((edge) => out.map((next) => ({ ...edge, to: next.to, words: edge.words === '' ? wordsAfter(next, kind) : edge.words })));
  const others = edges.filter(({ from, to }) => from !== id && to !== id);
  return { nodes: nodes.filter((node) => node.id !== id), edges: distinct([...others, ...around]) };
}

function wordsAfter({ words }: DiagramEdge, kind: DiagramNode['kind']): string {
  return kind === 'Choice' ? '' : words;
}

function distinct(edges: readonly DiagramEdge[]): DiagramEdge[] {
  return [...new Map(edges.map((edge) => [JSON.stringify([edge.from, edge.to, edge.words]), edge])).values()];
}

/** The graph in a frame, with other ids, so that it can stand beside another one. */
export function framed({ nodes, edges }: DiagramGraph, frame: Pick<DiagramNode, 'id' | 'kind' | 'title' | 'detail' | 'parent'>): DiagramGraph {
  const within = (id: string) => `${frame.id}/${id}`;
  return {
    nodes: [
      { ...frame, quiet: false },
      ...nodes.map((node) => ({ ...node, id: within(node.id), parent: node.parent === undefined ? frame.id : within(node.parent) })),
    ],
    edges: edges.map((edge) => ({ ...edge, from: within(edge.from), to: within(edge.to) })),
  };
}

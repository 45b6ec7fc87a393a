import { DiagramEdge, DiagramGraph } from './graph';

/** The same graph, with what is not on the way of an execution that meets nothing unusual marked as quiet. */
export function withQuietSides(graph: DiagramGraph): DiagramGraph {
  const main = mainNodes(graph);
  const isQuiet = (id: string) => !main.has(id);
  return {
    nodes: graph.nodes.map((node) => ({ ...node, quiet: isQuiet(node.id) })),
    edges: graph.edges.map((edge) => ({ ...edge, quiet: edge.kind === 'catch' || isQuiet(edge.from) || isQuiet(edge.to) })),
  };
}

/**
 * The nodes on a way from the start to a good end that visits no node twice and follows no Catch. An end that a Catch leads to is no good one, and
 * neither is a Fail state. Within a state that has others in it, a way leads from the first of these to an end of theirs. So a wait for the end of an outage, which only leads back, is not on the main path.
 */
function mainNodes({ nodes, edges }: DiagramGraph): ReadonlySet<string> {
  const caught = new Set(edges.filter(({ kind }) => kind === 'catch').map(({ to }) => to));
  const ends = new Set(nodes.filter(({ kind }) => kind === 'End').map(({ id }) => id));
  const isGood = ({ from, to }: DiagramEdge) => ends.has(to) && !caught.has(from);
  const ways = edges.filter(({ kind, to }) => kind !== 'catch' && !ends.has(to));
  const main = new Set<string>();
  const walk = (id: string, before: readonly string[]): void => {
    const path = [...before, id];
    for (const end of edges.filter((edge) => edge.from === id && isGood(edge))) [...path, end.to].forEach((one) => main.add(one));
    for (const { to } of ways.filter(({ from }) => from === id)) if (!path.includes(to)) walk(to, path);
  };
  nodes.filter(({ kind }) => kind === 'Start').forEach(({ id }) => walk(id, []));
  const walkWithin = (outer: ReadonlySet<string>): void => {
    const within = nodes.filter(({ parent }) => parent !== undefined && outer.has(parent));
    for (const { id } of within.filter((node) => edges.every(({ to }) => to !== node.id))) {
      // Where it is the only one, its end is not drawn.
      if (edges.every(({ from }) => from !== id)) main.add(id);
      else walk(id, []);
    }
    const inner = new Set(within.map(({ id }) => id).filter((id) => main.has(id)));
    if (inner.size > 0) walkWithin(inner);
  };
  walkWithin(new Set(main));
  return main;
}

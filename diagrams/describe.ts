import { DiagramGraph, DiagramNode } from './graph';

/** The graph in words, for whoever cannot see it: every node, and where it leads to. */
export function describe({ nodes, edges }: DiagramGraph): string {
  const titles = new Map(nodes.map((node) => [node.id, nameOf(node)]));
  const sentences = nodes.flatMap((node) => {
    const ways = edges.filter(({ from }) => from === node.id).map(({ to, words }) => `${words === '' ? 'then' : `if ${words.replaceAll('\n', ', ')}:`} ${titles.get(to)}`);
    return ways.length === 0 ? [] : [`${nameOf(node)}: ${ways.join('; ')}.`];
  });
  return sentences.join(' ');
}

function nameOf({ kind, title }: DiagramNode): string {
  if (kind === 'Start') return 'Start';
  return kind === 'End' ? 'end' : title;
}

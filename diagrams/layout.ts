import ELK, { ElkExtendedEdge, ElkNode, ElkPort, LayoutOptions } from 'elkjs/lib/elk.bundled.js';
import { Point, straightened } from './arrows';
import { DiagramEdge, DiagramGraph, DiagramNode } from './graph';
import { Direction, NodeText, TextWriter } from './node-text';
import { Measure } from './text';

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

export interface PlacedNode extends Box {
  readonly node: DiagramNode;
  readonly text: NodeText;
  readonly isContainer: boolean;
}

export interface PlacedEdge {
  readonly edge: DiagramEdge;
  readonly points: readonly Point[];
  readonly label?: Box & { readonly lines: readonly string[] };
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Containers before what is in them. */
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

/** Where main arrows go back: not through what lies after the two. */
const WAY_BACK = { DOWN: 'WEST', RIGHT: 'NORTH' } as const;

const OPTIONS: LayoutOptions = {
  'elk.algorithm': 'layered',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.json.shapeCoords': 'ROOT',
  'elk.json.edgeCoords': 'ROOT',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.padding': '[top=16,left=16,bottom=16,right=16]',
  'elk.layered.considerModelOrder.strategy': 'PREFER_NODES',
  // More attempts than usual to cross no arrows.
  'elk.layered.thoroughness': '100',
  'elk.layered.cycleBreaking.strategy': 'MODEL_ORDER',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.layered.nodePlacement.favorStraightEdges': 'true',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '12',
  'elk.spacing.nodeNode': '22',
  'elk.spacing.edgeNode': '16',
  'elk.spacing.edgeEdge': '14',
  'elk.spacing.edgeLabel': '4',
};

const SPACING: Readonly<Record<Direction, LayoutOptions>> = {
  DOWN: { 'elk.layered.spacing.nodeNodeBetweenLayers': '22', 'elk.layered.spacing.edgeNodeBetweenLayers': '14' },
  RIGHT: { 'elk.layered.spacing.nodeNodeBetweenLayers': '12', 'elk.layered.spacing.edgeNodeBetweenLayers': '12' },
};

/** Arrows keep away from the corners, which not every shape fills. */
const NODE_OPTIONS: LayoutOptions = { 'elk.spacing.portsSurrounding': '[top=10,left=12,bottom=10,right=12]' };

/** Its title is above what is in it. */
const CONTAINER: LayoutOptions = {
  'elk.nodeLabels.placement': '[H_CENTER, V_TOP, INSIDE]',
  'elk.nodeSize.constraints': 'NODE_LABELS',
  'elk.padding': '[top=8,left=16,bottom=16,right=16]',
};

const ON_ARROW: LayoutOptions = { 'elk.edgeLabels.inline': 'true' };

/** Straight and short first, so that the eye follows it. */
const MAIN_EDGE: LayoutOptions = { 'elk.layered.priority.straightness': '10', 'elk.layered.priority.shortness': '10', 'elk.layered.priority.direction': '10' };

/** Where everything is. The same for the same graph on every machine: ELK is plain JavaScript, and its random numbers begin with a fixed seed. */
export async function layOut(graph: DiagramGraph, direction: Direction, measure: Measure): Promise<Layout> {
  const writer = new TextWriter(direction, measure);
  // What comes first is kept straight.
  const edges = together([...graph.edges.filter(({ quiet }) => !quiet), ...graph.edges.filter(({ quiet }) => quiet)]);
  const back = edges.filter((edge) => !edge.quiet && isBack(edge, graph.nodes));
  const dots = new Set(graph.nodes.filter(({ kind }) => kind === 'End').map(({ id }) => id));
  const root: ElkNode = {
    id: '/root',
    layoutOptions: { ...OPTIONS, ...SPACING[direction], 'elk.direction': direction },
    children: elkNodes(graph.nodes, undefined, writer, (id) => (
      back.some(({ from, to }) => from === id || to === id) ? [portOf(id, WAY_BACK[direction])] : [])),
    edges: edges.map((edge, index) => ({
      id: `/edge/${index}`,
      sources: [back.includes(edge) ? portOf(edge.from, WAY_BACK[direction]).id : edge.from],
      targets: [back.includes(edge) ? portOf(edge.to, WAY_BACK[direction]).id : edge.to],
      layoutOptions: (edge.quiet && !dots.has(edge.to)) || back.includes(edge) ? {} : MAIN_EDGE,
      labels: edge.words === '' ? [] : [{ text: edge.words, ...writer.sizeOfLabel(edge.words), layoutOptions: ON_ARROW }],
    })),
  };
  const placed: ElkNode = await new ELK().layout(root);
  return {
    width: Math.ceil(placed.width ?? 0),
    height: Math.ceil(placed.height ?? 0),
    nodes: placedNodes(placed, new Map(graph.nodes.map((node) => [node.id, node])), writer),
    edges: (placed.edges ?? []).map((one, index) => placedEdge(one, edges[index], writer)),
  };
}

function portOf(id: string, side: string): ElkPort {
  return { id: `${id}/${side}`, width: 0, height: 0, layoutOptions: { 'elk.port.side': side } };
}

type PortsOf = (id: string) => ElkPort[];

function elkNodes(nodes: readonly DiagramNode[], parent: string | undefined, writer: TextWriter, portsOf: PortsOf): ElkNode[] {
  return nodes.filter((node) => node.parent === parent).map((node) => {
    const children = elkNodes(nodes, node.id, writer, portsOf);
    const ports = portsOf(node.id);
    const options: LayoutOptions = ports.length > 0 ? { ...NODE_OPTIONS, 'elk.portConstraints': 'FIXED_SIDE' } : NODE_OPTIONS;
    const size = writer.sizeOfNode(node);
    if (children.length === 0) return { id: node.id, ...size, ports, layoutOptions: options };
    if (children.length > 1) {
      return { id: node.id, children, ports, labels: [{ text: node.title, ...size }], layoutOptions: { ...options, ...CONTAINER } };
    }
    // With a single child, what the label needs would be added to the height as well.
    const side = Math.max(16, Math.ceil((size.width - (children[0].width ?? 0)) / 2));
    return { id: node.id, children, ports, layoutOptions: { ...options, 'elk.padding': `[top=${size.height + 4},left=${side},bottom=16,right=${side}]` } };
  });
}

/** Whether it leads back to a node that comes earlier. */
function isBack({ from, to }: DiagramEdge, nodes: readonly DiagramNode[]): boolean {
  const ids = nodes.map(({ id }) => id);
  return ids.indexOf(to) < ids.indexOf(from);
}

/** Arrows of a kind between the same two states are one arrow, with a line for each. */
function together(edges: readonly DiagramEdge[]): DiagramEdge[] {
  const kinds = new Map<string, DiagramEdge>();
  for (const edge of edges) {
    const key = JSON.stringify([edge.from, edge.to, edge.kind === 'catch', edge.quiet]);
    const other = kinds.get(key);
    const words = [other?.words ?? '', edge.words].filter((one) => one !== '').join('\n');
    kinds.set(key, { ...edge, words });
  }
  return [...kinds.values()];
}

function placedNodes(parent: ElkNode, nodes: ReadonlyMap<string, DiagramNode>, writer: TextWriter): PlacedNode[] {
  return (parent.children ?? []).flatMap((child) => {
    const node = nodes.get(child.id);
    const { x = 0, y = 0, width = 0, height = 0 } = child;
    const isContainer = (child.children ?? []).length > 0;
    const placed = node === undefined ? [] : [{ node, text: writer.node(node), x, y, width, height, isContainer }];
    return [...placed, ...placedNodes(child, nodes, writer)];
  });
}

function placedEdge({ id, sections = [], labels = [] }: ElkExtendedEdge, edge: DiagramEdge, writer: TextWriter): PlacedEdge {
  if (sections.length !== 1) throw new Error(`${id} from ${edge.from} to ${edge.to} has ${sections.length} sections`);
  const [{ startPoint, bendPoints = [], endPoint }] = sections;
  const points = straightened([startPoint, ...bendPoints, endPoint]);
  const [label] = labels;
  if (label === undefined) return { edge, points };
  const { x = 0, y = 0, width = 0, height = 0 } = label;
  return { edge, points, label: { x, y, width, height, lines: writer.label(edge.words) } };
}

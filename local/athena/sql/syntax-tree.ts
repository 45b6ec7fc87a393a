/** A node of the engine's syntax tree: whatever JSON it serialises to. */
export type Node = Readonly<Record<string, unknown>>;

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects directly below a node, through arrays. */
export function children(node: Node): Node[] {
  const below = (value: unknown): Node[] => (Array.isArray(value) ? value.flatMap(below) : isNode(value) ? [value] : []);
  return Object.values(node).flatMap(below);
}

export function text(node: Node, name: string): string {
  const value = node[name];
  return typeof value === 'string' ? value : '';
}

export function nodes(node: Node, name: string): Node[] {
  const value = node[name];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** Byte offset of the node in the statement, where it has one; the engine writes the largest 64-bit number for "none". */
export function location(node: Node): number | undefined {
  const value = node.query_location;
  return typeof value === 'number' && value < Number.MAX_SAFE_INTEGER ? value : undefined;
}

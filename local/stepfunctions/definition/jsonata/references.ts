/** A node of the parser's tree: the package's own types leave out half of its members. */
type Node = Readonly<Record<string, unknown>>;

/**
 * Names that an expression reads although nothing offers them. AWS evaluates an expression without a context item, so a path has to begin at a
 * variable; in `$states` only some fields exist. Measured on AWS; the sources are in the floci project, issues 2670 and 2745.
 */
export function unsupportedReferences(tree: unknown, statesFields: readonly string[]): string[] {
  return [...new Set(references(tree, false, statesFields))];
}

/** `inContext`: whether the node is evaluated for an item, so that a bare name is a field of that. */
function* references(node: unknown, inContext: boolean, statesFields: readonly string[]): Generator<string> {
  if (Array.isArray(node)) {
    for (const item of node) yield* references(item, inContext, statesFields);
    return;
  }
  if (!isNode(node)) return;
  if (node.type === 'variable' && node.value === '' && !inContext) yield 'Reference to \'$\' at the top level is not supported.';
  if (node.type === 'variable' && node.value === '$') yield 'Reference to \'$$\' is not supported.';
  if (node.type === 'path') return yield* pathReferences(node, inContext, statesFields);
  for (const [name, child] of Object.entries(node)) {
    yield* references(child, inContext || givesContext(node, name), statesFields);
  }
}

function* pathReferences({ type: _, steps, ...others }: Node, inContext: boolean, statesFields: readonly string[]): Generator<string> {
  const [first, ...next]: readonly unknown[] = Array.isArray(steps) ? steps : [];
  if (isNode(first)) {
    if (first.type === 'name' && !inContext) yield `Reference to '${String(first.value)}' at the top level is not supported.`;
    const [second] = next;
    if (first.type === 'variable' && first.value === 'states' && isNode(second) && second.type === 'name' && !statesFields.includes(String(second.value))) {
      yield `Field '$states.${String(second.value)}' does not exist.`;
    }
  }
  yield* references(first, inContext, statesFields);
  yield* references([...next, ...Object.values(others)], true, statesFields);
}

/** Predicates, groups and transforms are evaluated for the items that they belong to. */
function givesContext(node: Node, child: string): boolean {
  return ['predicate', 'stages', 'group'].includes(child) || node.type === 'transform';
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import jsonata from 'jsonata';

/** Functions of JSONata and those that AWS has added: as values too they are no variables. Source: docs.jsonata.org; developer guide, "Transforming data with JSONata". */
const FUNCTIONS = new Set((
  'abs append assert average base64decode base64encode boolean ceil clone contains count decodeUrl decodeUrlComponent distinct each encodeUrl encodeUrlComponent '
  + 'error eval exists filter floor formatBase formatInteger formatNumber fromMillis join keys length lookup lowercase map match max merge millis min not now number '
  + 'pad parseInteger power random reduce replace reverse round shuffle sift single sort split spread sqrt string substring substringAfter substringBefore sum toMillis '
  + 'trim type uppercase zip hash parse partition range uuid'
).split(' '));

/** A node of the parser's tree: the package's own types leave out half of its members. */
type Node = Readonly<Record<string, unknown>>;

/** Names of the variables of the workflow that a valid expression reads: not `$states`, and not what it defines itself. */
export function variablesOf(expression: string): string[] {
  const nodes = [...nodesOf(jsonata(expression).ast())];
  const defined = new Set(nodes.flatMap(definitionsOf));
  const names = nodes.filter(({ type }) => type === 'variable').map(({ value }) => String(value));
  return names.filter((name) => !['', '$', 'states'].includes(name) && !FUNCTIONS.has(name) && !defined.has(name));
}

function* nodesOf(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const item of value) yield* nodesOf(item);
  if (!isNode(value)) return;
  yield value;
  for (const child of Object.values(value)) yield* nodesOf(child);
}

/** `$x := …`, the parameters of a function, `@$x` and `#$x`. */
function definitionsOf({ type, lhs, arguments: parameters, focus, index, value }: Node): unknown[] {
  if (type === 'bind') return valuesOf([lhs]);
  if (type === 'lambda') return valuesOf(parameters);
  return [focus, index, ...type === 'index' ? [value] : []];
}

function valuesOf(nodes: unknown): unknown[] {
  return Array.isArray(nodes) ? nodes.map((node) => (isNode(node) ? node.value : undefined)) : [];
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

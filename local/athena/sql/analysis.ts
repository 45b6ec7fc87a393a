import { engineFormat, engineName, FORMATTED, isKnownFunction, isKnownSyntax } from './functions';
import { children, isNode, location, Node, nodes, text } from './syntax-tree';
import { offsetOfByte, position, quoteString, Token } from './tokens';

/** A table as a query names it, lower case. */
export interface TableReference {
  readonly catalog?: string;
  readonly database?: string;
  readonly table: string;
  /** `line 1:15`. */
  readonly position: string;
}

/** What a query asks of the catalog, and the same query in the engine's dialect. */
export interface AnalysedQuery {
  readonly tables: readonly TableReference[];
  readonly engineSql: string;
  /** One for each output column, in order: its name, `undefined` for an expression without one, `*` for a star. */
  readonly outputs: readonly (string | undefined)[];
  /** Whether it gives the same over the same data, as far as its text tells. */
  readonly isDeterministic: boolean;
  /** Where a column is named first. */
  positionOfColumn(name: string): string;
}

/** A query that Athena accepts and then fails; the message starts with Athena's error name. */
export class SemanticError extends Error {
  constructor(readonly errorName: string, message: string) {
    super(`${errorName}: ${message}`);
  }
}

interface Edit {
  readonly token: Token;
  readonly text: string;
}

const TABLE_NODES = ['BASE_TABLE', 'SUBQUERY', 'JOIN', 'TABLE_FUNCTION', 'EXPRESSION_LIST', 'EMPTY'];

/** Looks through the engine's syntax tree of a query: what it needs, and whether Athena knows everything in it. */
export function analyseQuery(sql: string, tokens: readonly Token[], tree: Node, now: Date): AnalysedQuery {
  const walk = new Walk(sql, tokens, now);
  walk.visit(tree, new Set());
  return {
    tables: walk.tables,
    engineSql: walk.edited(),
    outputs: outputsOf(tree),
    isDeterministic: walk.isDeterministic,
    positionOfColumn: (name) => walk.columns.get(name.toLowerCase()) ?? 'line 1:1',
  };
}

class Walk {
  readonly tables: TableReference[] = [];
  readonly columns = new Map<string, string>();
  isDeterministic = true;
  private readonly edits: Edit[] = [];
  private readonly tokenAtByte: ReadonlyMap<number, number>;

  constructor(private readonly sql: string, private readonly tokens: readonly Token[], private readonly now: Date) {
    this.tokenAtByte = new Map(tokens.map(({ start }, index) => [Buffer.byteLength(sql.slice(0, start)), index]));
  }

  visit(node: Node, scope: ReadonlySet<string>): void {
    this.refuseForeignSyntax(node);
    const inner = this.visitCommonTables(node, scope);
    if (node.type === 'BASE_TABLE') this.visitTable(node, inner);
    if (node.function_name !== undefined) this.visitFunction(node);
    if (cutsAtRandom(node)) this.isDeterministic = false;
    if (node.class === 'COLUMN_REF') this.visitColumn(node);
    // A recursive table is known inside itself.
    const below = node.type === 'RECURSIVE_CTE_NODE' ? new Set([...inner, text(node, 'cte_name').toLowerCase()]) : inner;
    for (const [name, value] of Object.entries(node)) {
      if (name === 'cte_map') continue;
      for (const child of children({ value })) this.visit(child, below);
    }
  }

  /** The statement with all edits made, from its end to its beginning so that offsets stay right. */
  edited(): string {
    return [...this.edits].sort((a, b) => b.token.start - a.token.start)
      .reduce((sql, { token, text: replacement }) => sql.slice(0, token.start) + replacement + sql.slice(token.end), this.sql);
  }

  /** Each table of a WITH is known to those after it and to the query, not to itself. */
  private visitCommonTables(node: Node, scope: ReadonlySet<string>): ReadonlySet<string> {
    if (!isNode(node.cte_map)) return scope;
    const inner = new Set(scope);
    for (const entry of nodes(node.cte_map, 'map')) {
      this.visit(entry, inner);
      inner.add(text(entry, 'key').toLowerCase());
    }
    return inner;
  }

  private visitTable(node: Node, scope: ReadonlySet<string>): void {
    const table = text(node, 'table_name').toLowerCase();
    const database = text(node, 'schema_name').toLowerCase() || undefined;
    const catalog = text(node, 'catalog_name').toLowerCase() || undefined;
    if (database === undefined && scope.has(table)) return;
    this.tables.push({ table, database, catalog, position: this.position(node) });
  }

  private visitFunction(node: Node): void {
    const name = text(node, 'function_name').toLowerCase();
    const index = this.tokenIndex(node);
    const written = index === undefined ? undefined : this.tokens[index];
    // What does not stand in the statement by its name was made by the parser out of syntax.
    if (node.is_operator === true || written?.text.toLowerCase() !== name) {
      if (!isKnownSyntax(name)) throw notRegistered(this.position(node), name);
      return;
    }
    // Of the functions that are known, the only one that does not give the same for the same.
    if (name === 'now') this.isDeterministic = false;
    if (!isKnownFunction(name) || text(node, 'catalog') !== '') throw notRegistered(this.position(node), name);
    const replacement = engineName(name);
    if (replacement !== undefined) this.edits.push({ token: written, text: replacement });
    if (FORMATTED[name] !== undefined) this.translateFormat(node, name);
  }

  private translateFormat(node: Node, name: string): void {
    const argument = nodes(node, 'children')[FORMATTED[name].argument];
    const index = argument === undefined ? undefined : this.tokenIndex(argument);
    const token = index === undefined ? undefined : this.tokens[index];
    if (token?.kind !== 'string') throw new SemanticError('NOT_SUPPORTED', `${this.position(node)}: the local cloud needs a constant format in ${name}`);
    const format = token.text.slice(1, -1).replaceAll("''", "'");
    try {
      this.edits.push({ token, text: quoteString(engineFormat(format)) });
    } catch (error) {
      if (error instanceof RangeError) throw new SemanticError('INVALID_FUNCTION_ARGUMENT', error.message);
      throw error;
    }
  }

  private visitColumn(node: Node): void {
    const names = Array.isArray(node.column_names) ? node.column_names.map(String) : [];
    const name = (names.at(-1) ?? '').toLowerCase();
    if (!this.columns.has(name)) this.columns.set(name, this.position(node));
    const index = this.tokenIndex(node);
    const token = index === undefined ? undefined : this.tokens[index];
    if (names.length !== 1 || token?.kind !== 'word') return;
    // The time of day is the cloud's, not the machine's.
    const type = { current_timestamp: 'TIMESTAMPTZ', localtimestamp: 'TIMESTAMP', current_date: 'DATE' }[name];
    if (type === undefined) return;
    this.isDeterministic = false;
    this.edits.push({ token, text: this.instant(type) });
  }

  private instant(type: string): string {
    return `CAST('${this.now.toISOString()}' AS ${type})`;
  }

  /** The engine's own extensions of SQL, which Athena does not have. */
  private refuseForeignSyntax(node: Node): void {
    const foreign = [
      [node.qualify !== undefined && node.qualify !== null, 'QUALIFY'],
      [node.aggregate_handling === 'FORCE_AGGREGATES', 'ALL'],
      [node.class === 'STAR' && (node.columns === true || isNode(node.expr)), 'COLUMNS'],
      [nodes(node, 'exclude_list').length > 0 || (Array.isArray(node.exclude_list) && node.exclude_list.length > 0), 'EXCLUDE'],
      [nodes(node, 'replace_list').length > 0, 'REPLACE'],
      [nodes(node, 'distinct_on_targets').length > 0, 'ON'],
      [node.class === 'POSITIONAL_REFERENCE', '#'],
      [node.class === 'PARAMETER', '?'],
      [node.ref_type === 'ASOF', 'ASOF'],
      [node.ref_type === 'POSITIONAL', 'POSITIONAL'],
      [isNode(node.at_clause), 'AT'],
      [typeof node.type === 'string' && 'sample' in node && node.class === undefined && !isQuery(node) && !TABLE_NODES.includes(node.type), String(node.type)],
      [node.type === 'TABLE_FUNCTION' && isNode(node.function) && node.function.function_name !== 'unnest', tableFunction(node)],
    ] as const;
    const found = foreign.find(([present]) => present);
    if (found !== undefined) throw new SemanticError('SYNTAX_ERROR', `${this.position(node)}: mismatched input '${found[1]}'`);
  }

  private tokenIndex(node: Node): number | undefined {
    const byte = location(node);
    return byte === undefined ? undefined : this.tokenAtByte.get(byte);
  }

  private position(node: Node): string {
    const byte = location(node);
    return byte === undefined ? 'line 1:1' : position(this.sql, offsetOfByte(this.sql, byte));
  }
}

/** A limit without an order: which rows are left is anybody's guess. */
function cutsAtRandom(node: Node): boolean {
  const types = nodes(node, 'modifiers').map(({ type }) => type);
  return types.some((type) => type === 'LIMIT_MODIFIER' || type === 'LIMIT_PERCENT_MODIFIER') && !types.includes('ORDER_MODIFIER');
}

function isQuery(node: Node): boolean {
  return text(node, 'type').endsWith('_NODE');
}

function tableFunction(node: Node): string {
  return isNode(node.function) ? text(node.function, 'function_name') : '';
}

function notRegistered(where: string, name: string): SemanticError {
  return new SemanticError('FUNCTION_NOT_FOUND', `${where}: Function '${name}' not registered`);
}

/** Names of the outputs; of a UNION and its like, those of its first query. */
function outputsOf(node: Node): (string | undefined)[] {
  if (node.type !== 'SELECT_NODE') {
    const first = isNode(node.left) ? node.left : nodes(node, 'children')[0];
    return first === undefined ? [] : outputsOf(first);
  }
  return nodes(node, 'select_list').map((item) => {
    if (item.class === 'STAR') return '*';
    const alias = text(item, 'alias');
    if (alias !== '') return alias;
    const names = item.class === 'COLUMN_REF' && Array.isArray(item.column_names) ? item.column_names : [];
    return names.length === 0 ? undefined : String(names.at(-1));
  });
}

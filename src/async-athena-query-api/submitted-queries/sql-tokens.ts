/** A piece of SQL between `start` and `end` (UTF-16 offsets). White space and comments are no tokens. */
export interface SqlToken {
  readonly kind: 'word' | 'quoted' | 'number' | 'parameter' | 'mark' | 'symbol' | 'unclosed';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const KINDS = ['quoted', 'parameter', 'word', 'number', 'mark', 'unclosed', 'symbol'] as const;

const PATTERN = new RegExp([
  String.raw`(?<skip>\s+|--[^\r\n]*|/\*[^]*?\*/)`,
  // Texts, names, and names as DDL of Athena writes them. A quote in one is written twice.
  "(?<quoted>'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`(?:[^`]|``)*`)",
  String.raw`(?<unclosed>/\*|['"\x60])`,
  String.raw`(?<parameter>:[A-Za-z_][A-Za-z0-9_]*)`,
  String.raw`(?<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)`,
  String.raw`(?<word>[\p{L}_][\p{L}\p{N}_@]*)`,
  String.raw`(?<mark>\?)`,
  String.raw`(?<symbol><>|!=|<=|>=|->|=>|\|\||[^])`,
].join('|'), 'uy');

/** Cuts SQL into tokens. What cannot be cut, such as a text without its end, is one of the kind `unclosed`. */
export function sqlTokens(sql: string): SqlToken[] {
  const tokens: SqlToken[] = [];
  for (let start = 0; start < sql.length;) {
    PATTERN.lastIndex = start;
    const match = PATTERN.exec(sql);
    const text = match?.[0] ?? sql.slice(start);
    const end = start + text.length;
    const kind = KINDS.find((candidate) => match?.groups?.[candidate] !== undefined);
    if (kind !== undefined) tokens.push({ kind, text, start, end });
    start = end;
  }
  return tokens;
}

/** Whether a statement is a query, which returns rows and changes nothing: in Athena's words a SELECT, also where it begins with a part of one. */
export function isSelect(sql: string): boolean {
  const first = sqlTokens(sql).find(({ text }) => text !== '(');
  return first?.kind === 'word' && ['SELECT', 'WITH', 'VALUES', 'TABLE'].includes(first.text.toUpperCase());
}

/** One statement without the semicolon that ends it, and without the comments behind that. */
export function withoutSemicolon(sql: string): string {
  const last = sqlTokens(sql).at(-1);
  return last?.text === ';' ? sql.slice(0, last.start) : sql;
}

/** Line and column of an offset, both from one. */
export function placeOf(sql: string, offset: number): string {
  const before = sql.slice(0, offset).split('\n');
  return `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}

/** A piece of SQL text between `start` and `end` (UTF-16 offsets). White space and comments are no tokens. */
export interface Token {
  readonly kind: 'word' | 'identifier' | 'string' | 'number' | 'parameter' | 'symbol';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Where the text stops making sense. */
export class UnexpectedCharacter extends Error {
  constructor(readonly offset: number, readonly text: string) {
    super(`unexpected ${text}`);
  }
}

const PATTERN = new RegExp([
  String.raw`(?<skip>\s+|--[^\n]*|/\*[\s\S]*?\*/)`,
  String.raw`(?<string>'(?:[^']|'')*')`,
  String.raw`(?<identifier>"(?:[^"]|"")*")`,
  String.raw`(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)`,
  String.raw`(?<word>[\p{L}_][\p{L}\p{N}_@]*)`,
  String.raw`(?<parameter>\?)`,
  String.raw`(?<symbol><>|!=|<=|>=|->|=>|\|\||[-+*/%=<>()[\],.;])`,
].join('|'), 'uy');

const KINDS = ['word', 'identifier', 'string', 'number', 'parameter', 'symbol'] as const;

/** Cuts a statement of Athena's SQL into tokens; throws `UnexpectedCharacter`. */
export function tokenize(sql: string): Token[] {
  const tokens: Token[] = [];
  for (let offset = 0; offset < sql.length;) {
    PATTERN.lastIndex = offset;
    const match = PATTERN.exec(sql);
    if (match === null) throw new UnexpectedCharacter(offset, sql.slice(offset, offset + 1));
    const end = offset + match[0].length;
    const kind = KINDS.find((candidate) => match.groups?.[candidate] !== undefined);
    if (kind !== undefined) tokens.push({ kind, text: match[0], start: offset, end });
    offset = end;
  }
  return tokens;
}

/** Line and column of an offset, both from one: how Athena points into a statement. */
export function position(sql: string, offset: number): string {
  const before = sql.slice(0, offset).split('\n');
  return `line ${before.length}:${(before.at(-1) ?? '').length + 1}`;
}

/** The engine counts bytes of UTF-8 in syntax trees, everything here UTF-16. */
export function offsetOfByte(sql: string, byte: number): number {
  return Buffer.from(sql).subarray(0, byte).toString().length;
}

/** Its parser counts characters in messages, whatever their size. */
export function offsetOfCharacter(sql: string, index: number): number {
  return [...sql].slice(0, index).join('').length;
}

/** A SQL string literal. */
export function quoteString(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** A quoted identifier. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The name that a word or a quoted identifier stands for; Athena's names are lower case. */
export function nameOf(token: Token): string {
  const text = token.kind === 'identifier' ? token.text.slice(1, -1).replaceAll('""', '"') : token.text;
  return text.toLowerCase();
}

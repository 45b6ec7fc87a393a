import { MalformedQuery, mismatch } from './malformed';
import { nameOf, Token } from './tokens';

/** A value of a property in the WITH of an UNLOAD. */
export type PropertyValue = string | number | readonly string[];

/** `UNLOAD (query) TO 'target' WITH (properties)`, taken apart. */
export interface UnloadClauses {
  /** The query alone. What stands around it is blank, so places in it are those of the statement. */
  readonly query: { readonly text: string; readonly tokens: readonly Token[] };
  /** As written: `s3://bucket/prefix/`. */
  readonly target: string;
  /** Names are lower case. */
  readonly properties: ReadonlyMap<string, PropertyValue>;
}

const QUERY = "Expecting: 'SELECT', 'VALUES', 'WITH', '(', <query>";

/** Takes an UNLOAD statement apart; throws MalformedQuery. Source: Athena user guide, "UNLOAD". */
export function readUnload(sql: string, tokens: readonly Token[]): UnloadClauses {
  const reader = new Reader(sql, tokens);
  reader.word('unload');
  const query = reader.query();
  reader.word('to');
  const target = reader.text();
  reader.word('with');
  const properties = reader.properties();
  reader.end();
  return { query, target, properties };
}

class Reader {
  private index = 0;

  constructor(private readonly sql: string, private readonly tokens: readonly Token[]) {}

  word(name: string): void {
    const token = this.next();
    if (token?.kind !== 'word' || token.text.toLowerCase() !== name) throw this.unexpected(token, `Expecting: '${name.toUpperCase()}'`);
  }

  text(): string {
    const token = this.next();
    if (token?.kind !== 'string') throw this.unexpected(token, 'Expecting: <string>');
    return unquoted(token);
  }

  end(): void {
    const token = this.next();
    if (token !== undefined) throw this.unexpected(token, 'Expecting: <EOF>');
  }

  /** The query between parentheses, which may hold others. */
  query(): UnloadClauses['query'] {
    this.symbol('(');
    const from = this.index;
    for (let open = 1; open > 0;) {
      const token = this.next();
      if (token === undefined) throw this.unexpected(token, "Expecting: ')'");
      if (token.text === '(') open += 1;
      if (token.text === ')') open -= 1;
    }
    const tokens = this.tokens.slice(from, this.index - 1);
    const [first] = tokens;
    if (first === undefined) throw this.unexpected(this.tokens[from], QUERY);
    if (!['select', 'with', 'values', 'table', '('].includes(first.text.toLowerCase())) throw this.unexpected(first, QUERY);
    const { end } = tokens[tokens.length - 1];
    return { tokens, text: this.sql.slice(0, first.start).replaceAll(/[^\n]/g, ' ') + this.sql.slice(first.start, end) };
  }

  properties(): ReadonlyMap<string, PropertyValue> {
    const properties = new Map<string, PropertyValue>();
    this.symbol('(');
    do {
      const token = this.next();
      if (token?.kind !== 'word' && token?.kind !== 'identifier') throw this.unexpected(token, 'Expecting: <identifier>');
      const name = nameOf(token);
      if (properties.has(name)) throw new MalformedQuery(`DUPLICATE_PROPERTY: ${mismatch(this.sql, token.start, token.text)}`);
      this.symbol('=');
      properties.set(name, this.value());
    } while (this.skip(','));
    this.symbol(')');
    return properties;
  }

  private value(): PropertyValue {
    const token = this.next();
    if (token?.kind === 'string') return unquoted(token);
    if (token?.kind === 'number') return Number(token.text);
    if (token?.kind !== 'word' || token.text.toLowerCase() !== 'array') throw this.unexpected(token, 'Expecting: <string>, <number>, \'ARRAY\'');
    this.symbol('[');
    const texts: string[] = [];
    if (this.skip(']')) return texts;
    do texts.push(this.text());
    while (this.skip(','));
    this.symbol(']');
    return texts;
  }

  private symbol(symbol: string): void {
    if (!this.skip(symbol)) throw this.unexpected(this.tokens[this.index], `Expecting: '${symbol}'`);
  }

  private skip(symbol: string): boolean {
    if (this.tokens[this.index]?.text !== symbol) return false;
    this.index += 1;
    return true;
  }

  private next(): Token | undefined {
    const token = this.tokens[this.index];
    this.index += 1;
    return token;
  }

  private unexpected(token: Token | undefined, expected: string): MalformedQuery {
    return new MalformedQuery(mismatch(this.sql, token?.start ?? this.sql.length, token?.text ?? '<EOF>', expected));
  }
}

function unquoted({ text }: Token): string {
  return text.slice(1, -1).replaceAll("''", "'");
}

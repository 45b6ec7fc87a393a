import { MalformedQuery, mismatch } from './malformed';
import { misplacedParameter } from './parameter-places';
import { nameOf, quoteString, Token, tokenize, UnexpectedCharacter } from './tokens';
import { readUnload, UnloadClauses } from './unload';

export type StatementType = 'DDL' | 'DML' | 'UTILITY';

/** A statement as its first words tell it. */
export interface Statement {
  readonly type: StatementType;
  readonly subtype: string;
  /** Text up to the semicolon or the comment at its end, parameters filled in. */
  readonly text: string;
  readonly tokens: readonly Token[];
  /** What it asks: itself, if it is a SELECT; the query that an UNLOAD writes. Others ask nothing. */
  readonly query?: { readonly text: string; readonly tokens: readonly Token[] };
  /** Of an UNLOAD only. */
  readonly unload?: UnloadClauses;
}

const FIRST_WORDS: readonly (readonly [pattern: RegExp, type: StatementType, subtype: string])[] = [
  [/^(SELECT|WITH|VALUES|TABLE|\() /, 'DML', 'SELECT'],
  [/^INSERT /, 'DML', 'INSERT'],
  [/^UNLOAD /, 'DML', 'UNLOAD'],
  [/^DELETE /, 'DML', 'DELETE'],
  [/^UPDATE /, 'DML', 'UPDATE'],
  [/^MERGE /, 'DML', 'MERGE'],
  [/^EXPLAIN /, 'UTILITY', 'EXPLAIN'],
  [/^SHOW (DATABASES|SCHEMAS) /, 'UTILITY', 'SHOW_DATABASES'],
  [/^SHOW TABLES /, 'UTILITY', 'SHOW_TABLES'],
  [/^SHOW COLUMNS /, 'UTILITY', 'SHOW_COLUMNS'],
  [/^SHOW PARTITIONS /, 'UTILITY', 'SHOW_PARTITIONS'],
  [/^SHOW CREATE /, 'UTILITY', 'SHOW_CREATE'],
  [/^DESC(RIBE)? /, 'UTILITY', 'DESCRIBE_TABLE'],
  [/^(PREPARE|EXECUTE|DEALLOCATE) /, 'DML', 'PREPARED_STATEMENT'],
  [/^CREATE .*?AS (SELECT|WITH|\() /, 'DDL', 'CREATE_TABLE_AS_SELECT'],
  [/^CREATE (EXTERNAL )?TABLE /, 'DDL', 'CREATE_TABLE'],
  [/^CREATE (OR REPLACE )?VIEW /, 'DDL', 'CREATE_VIEW'],
  [/^CREATE (DATABASE|SCHEMA) /, 'DDL', 'CREATE_DATABASE'],
  [/^DROP TABLE /, 'DDL', 'DROP_TABLE'],
  [/^DROP VIEW /, 'DDL', 'DROP_VIEW'],
  [/^DROP (DATABASE|SCHEMA) /, 'DDL', 'DROP_DATABASE'],
  [/^ALTER /, 'DDL', 'ALTER_TABLE'],
  [/^MSCK /, 'DDL', 'MSCK_REPAIR_TABLE'],
];

/** What starts like a statement of other engines, but not of Athena, fails at the first word. */
const EXPECTED = "Expecting: 'ALTER', 'CREATE', 'DELETE', 'DESCRIBE', 'DROP', 'EXPLAIN', 'INSERT', 'MERGE', 'SELECT', 'SHOW', 'UNLOAD', 'WITH', <query>";

/** Reads a statement and puts values in the place of its `?`; throws MalformedQuery. */
export function readStatement(sql: string, parameters: readonly string[] = []): Statement {
  const tokens = cut(sql);
  const end = tokens.at(-1)?.text === ';' ? tokens.length - 1 : tokens.length;
  const body = tokens.slice(0, end);
  if (body.length === 0) throw new MalformedQuery('line 1:1: mismatched input \'<EOF>\'. ' + EXPECTED);
  if (body.some(({ text }) => text === ';')) throw new MalformedQuery(`Only one sql statement is allowed. Got: ${sql}`);
  const words = `${body.map(({ text }) => text.toUpperCase()).join(' ')} `;
  const known = FIRST_WORDS.find(([pattern]) => pattern.test(words));
  if (known === undefined) throw new MalformedQuery(mismatch(sql, body[0].start, body[0].text, EXPECTED));
  const [, type, subtype] = known;
  assertNoPrefixedStrings(sql, body);
  // Before values are filled in: Athena takes none in the place of the target or of a property.
  if (subtype === 'UNLOAD') readUnload(sql, body);
  const text = fillIn(sql, body, parameters);
  const statement = { type, subtype, text, tokens: parameters.length === 0 ? body : cut(text) };
  if (subtype === 'SELECT') return { ...statement, query: statement };
  if (subtype !== 'UNLOAD') return statement;
  const unload = readUnload(text, statement.tokens);
  return { ...statement, unload, query: unload.query };
}

function cut(sql: string): Token[] {
  try {
    return tokenize(sql);
  } catch (error) {
    if (error instanceof UnexpectedCharacter) throw new MalformedQuery(mismatch(sql, error.offset, error.text));
    throw error;
  }
}

/** A letter before a string makes another kind of string of it, and the engine reads none of them as Athena does: `E'…'`, `X'…'`. */
function assertNoPrefixedStrings(sql: string, tokens: readonly Token[]): void {
  tokens.forEach((token, index) => {
    const next = tokens[index + 1];
    if (token.kind !== 'word' || token.text.length > 1 || next?.kind !== 'string' || next.start !== token.end) return;
    // Athena knows one of these kinds: binary strings.
    if (token.text.toLowerCase() === 'x') throw new Error(`The local cloud does not implement ${token.text}'…'`);
    throw new MalformedQuery(mismatch(sql, next.start, next.text));
  });
}

function fillIn(sql: string, tokens: readonly Token[], parameters: readonly string[]): string {
  const places = tokens.filter(({ kind }) => kind === 'parameter');
  if (places.length !== parameters.length) {
    throw new MalformedQuery(`Incorrect number of parameters: expected ${places.length} but found ${parameters.length}`);
  }
  const misplaced = misplacedParameter(tokens);
  if (misplaced !== undefined) throw new MalformedQuery(mismatch(sql, misplaced.start, misplaced.text));
  const last = tokens[tokens.length - 1].end;
  let text = '';
  let from = 0;
  places.forEach((place, index) => {
    text += sql.slice(from, place.start) + literal(parameters[index]);
    from = place.end;
  });
  return text + sql.slice(from, last);
}

const KEYWORDS = ['true', 'false', 'null'];
const TYPED = ['date', 'time', 'timestamp', 'decimal'];

/** A parameter must be one literal, written as in SQL: text in single quotes; or a text that is cast. Anything else would be a way to inject SQL. */
function literal(value: string): string {
  const tokens = cut(value);
  const [first, second] = tokens;
  const signed = tokens.length === 2 && ['-', '+'].includes(first.text) && second.kind === 'number';
  const typed = tokens.length === 2 && TYPED.includes(nameOf(first)) && second.kind === 'string';
  const plain = tokens.length === 1 && (first.kind === 'number' || first.kind === 'string' || KEYWORDS.includes(nameOf(first)));
  if (!plain && !signed && !typed && !isCast(tokens)) {
    throw new MalformedQuery(`Execution parameter ${quoteString(value)} is not a literal; the local cloud accepts numbers, quoted text, dates and booleans`);
  }
  // Spaces keep a sign or a word from growing together with its neighbours.
  return ` ${value.slice(first.start, tokens[tokens.length - 1].end)} `;
}

/** `CAST('2014-07-05' AS DATE)`, which the Athena user guide has under "Use parameterized queries". */
function isCast([cast, open, text, as, type, close, ...others]: readonly Token[]): boolean {
  if (close === undefined || others.length > 0) return false;
  return nameOf(cast) === 'cast' && open.text === '(' && text.kind === 'string' && nameOf(as) === 'as' && TYPED.includes(nameOf(type)) && close.text === ')';
}

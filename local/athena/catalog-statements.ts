import { accessFailure, ErrorTypes, QueryFailure } from './query-failure';
import { CallContext } from '../aws/service';
import { GlueCatalog } from '../glue/catalog';
import { Statement } from './sql/statement';
import { nameOf, Token } from './sql/tokens';
import { TableSource } from './table-source';

/** Statements that ask the catalog and give lines of text: SHOW and DESCRIBE. */
export class CatalogStatements {
  constructor(private readonly catalog: GlueCatalog, private readonly source: TableSource) {}

  async run(statement: Statement, database: string, context: CallContext): Promise<string[]> {
    const { subtype, tokens } = statement;
    await this.source.database(database, context);
    try {
      switch (subtype) {
        case 'SHOW_DATABASES':
          return this.names(tokens.slice(2), await this.catalog.getDatabases(context));
        case 'SHOW_TABLES': {
          const rest = tokens.slice(2);
          const [preposition, name] = rest;
          const named = preposition !== undefined && ['in', 'from'].includes(nameOf(preposition)) && name !== undefined;
          const tables = await this.catalog.getTables(named ? nameOf(name) : database, context);
          return this.names(named ? rest.slice(2) : rest, tables.map((table) => table.name));
        }
        case 'DESCRIBE_TABLE':
          return await this.columns(tokens.slice(1), database, context, ({ name, type }) => `${name.padEnd(20)}\t${type.padEnd(20)}\t${''.padEnd(20)}`);
        case 'SHOW_COLUMNS':
          return await this.columns(tokens.slice(3), database, context, ({ name }) => name.padEnd(20));
        default:
          throw notImplemented(subtype);
      }
    } catch (error) {
      throw accessFailure(error, 'Error reading the catalog');
    }
  }

  private names(rest: readonly Token[], names: readonly string[]): string[] {
    if (rest.length > 0) throw notImplemented(`a pattern after SHOW (${rest.map(({ text }) => text).join(' ')})`);
    return [...names];
  }

  private async columns(
    tokens: readonly Token[], database: string, context: CallContext, line: (column: { name: string; type: string }) => string,
  ): Promise<string[]> {
    const names = tokens.filter(({ text }) => text !== '.').map(nameOf);
    const [first, second] = names;
    if (first === undefined || names.length > 2) throw notImplemented('this form of DESCRIBE or SHOW COLUMNS');
    const reference = second === undefined ? { database, table: first } : { database: first, table: second };
    const table = await this.source.table({ ...reference, position: 'line 1:1' }, context);
    return table.columns.map(line);
  }
}

export function notImplemented(what: string): QueryFailure {
  return new QueryFailure(`NOT_SUPPORTED: the local cloud does not implement ${what}`, ErrorTypes.queryNotSupported);
}

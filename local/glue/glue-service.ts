import { GlueCatalog, GlueTable } from './catalog';
import { AwsEnvironment, AwsService, CallContext } from '../aws/service';
import { InputReader } from '../http/input-reader';
import { JsonObject } from '../json';

export interface GlueServiceOptions {
  readonly environment: AwsEnvironment;
  readonly catalog: GlueCatalog;
}

/** The few calls of the Glue API by which clients look around in the catalog. */
export class GlueService implements AwsService {
  readonly name = 'glue';

  constructor(private readonly options: GlueServiceOptions) {}

  async call(operation: string, input: JsonObject, context: CallContext): Promise<JsonObject> {
    const reader = new InputReader(operation, input, 'InvalidInputException');
    switch (operation) {
      case 'GetDatabase': return this.getDatabase(reader, context);
      case 'GetDatabases': return this.getDatabases(reader, context);
      case 'GetTable': return this.getTable(reader, context);
      case 'GetTables': return this.getTables(reader, context);
      default: throw new Error(`The local cloud does not implement glue:${operation}`);
    }
  }

  private async getDatabase(input: InputReader, context: CallContext): Promise<JsonObject> {
    const name = lowerCase(input, 'Name');
    this.end(input);
    return { Database: { Name: await this.options.catalog.getDatabase(name, context) } };
  }

  private async getDatabases(input: InputReader, context: CallContext): Promise<JsonObject> {
    this.end(input);
    return { DatabaseList: (await this.options.catalog.getDatabases(context)).map((Name) => ({ Name })) };
  }

  private async getTable(input: InputReader, context: CallContext): Promise<JsonObject> {
    const [database, name] = [lowerCase(input, 'DatabaseName'), lowerCase(input, 'Name')];
    this.end(input);
    return { Table: describe(await this.options.catalog.getTable(database, name, context)) };
  }

  private async getTables(input: InputReader, context: CallContext): Promise<JsonObject> {
    const database = lowerCase(input, 'DatabaseName');
    this.end(input);
    return { TableList: (await this.options.catalog.getTables(database, context)).map(describe) };
  }

  /** All else that an input can hold: the catalog, of which there is one, and members that are not implemented. */
  private end(input: InputReader): void {
    const { accountId } = this.options.environment;
    const catalog = input.optionalString('CatalogId') ?? accountId;
    if (catalog !== accountId) throw new Error(`The local Glue has the catalog of ${accountId} only, got ${catalog}`);
    input.end();
  }
}

/** Names are found in any case, as Glue stores them in lower case. */
function lowerCase(input: InputReader, name: string): string {
  return input.string(name).toLowerCase();
}

function describe({ database, name, columns, location }: GlueTable): JsonObject {
  return {
    Name: name,
    DatabaseName: database,
    TableType: 'EXTERNAL_TABLE',
    PartitionKeys: [],
    StorageDescriptor: { Location: location, Columns: columns.map((column) => ({ Name: column.name, Type: column.type })) },
  };
}

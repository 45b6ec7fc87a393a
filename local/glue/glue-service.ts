import { JsonObject } from '../json';
import { GlueCatalog, GlueTable } from './catalog';
import { AwsService, CallContext, ServiceError } from '../aws/service';

/** The few calls of the Glue API by which clients look around in the catalog. */
export class GlueService implements AwsService {
  readonly name = 'glue';

  constructor(private readonly catalog: GlueCatalog) {}

  async call(operation: string, input: JsonObject, context: CallContext): Promise<JsonObject> {
    switch (operation) {
      case 'GetDatabase':
        return { Database: { Name: await this.catalog.getDatabase(text(input, 'Name'), context) } };
      case 'GetTable':
        return { Table: describe(await this.catalog.getTable(text(input, 'DatabaseName'), text(input, 'Name'), context)) };
      case 'GetTables':
        return { TableList: (await this.catalog.getTables(text(input, 'DatabaseName'), context)).map(describe) };
      default:
        throw new Error(`The local cloud does not implement glue:${operation}`);
    }
  }
}

function text(input: JsonObject, name: string): string {
  const value = input[name];
  if (typeof value !== 'string') throw new ServiceError('InvalidInputException', `${name} must be a string`);
  return value.toLowerCase();
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

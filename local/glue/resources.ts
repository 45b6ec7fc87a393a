import { GlueCatalog, GlueColumn, GlueTable, TableFormat } from './catalog';
import { duckdbType } from './hive-types';
import { ResourceChanges, ResourceProviders, ResourceRequest } from '../template/resource';
import { StrictProperties } from '../template/strict-properties';

const PARQUET = 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe';
const OPEN_CSV = 'org.apache.hadoop.hive.serde2.OpenCSVSerde';
const LAZY_SIMPLE = 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe';
const JSON_SERDES = ['org.openx.data.jsonserde.JsonSerDe', 'org.apache.hive.hcatalog.data.JsonSerDe', 'org.apache.hadoop.hive.serde2.JsonSerDe'];

/** Databases and tables of the catalog, as CloudFormation makes them. */
export function glueResources(catalog: GlueCatalog): ResourceProviders {
  return {
    'AWS::Glue::Database': (request) => {
      const name = readDatabase(request);
      catalog.createDatabase(name);
      return { ref: name };
    },

    'AWS::Glue::Table': (request) => {
      const table = readTableOf(request);
      catalog.createTable(table);
      return { ref: table.name };
    },
  };
}

/** What becomes of them in updates: tables say where objects are, and the objects stay. */
export function glueChanges(catalog: GlueCatalog): ResourceChanges {
  return {
    'AWS::Glue::Database': {
      update: (request) => ({ ref: readDatabase(request) }),
      remove: ({ current }) => catalog.removeDatabase(current.ref),
    },
    'AWS::Glue::Table': {
      update: (request) => {
        const table = readTableOf(request);
        catalog.changeTable(table);
        return { ref: table.name };
      },
      remove: ({ properties, current }) => catalog.removeTable(properties.string('DatabaseName').toLowerCase(), current.ref),
    },
  };
}

function readDatabase({ properties, environment, physicalName }: ResourceRequest): string {
  assertOwnCatalog(properties, environment.accountId);
  return properties.object('DatabaseInput', (input) => {
    // Told to people and to crawlers only; queries take locations from tables.
    input.notModelled('Description', 'LocationUri', 'Parameters');
    return input.optionalString('Name');
  }) ?? properties.optionalString('DatabaseName') ?? physicalName(255).toLowerCase();
}

function readTableOf({ properties, environment, physicalName }: ResourceRequest): GlueTable {
  assertOwnCatalog(properties, environment.accountId);
  const database = properties.string('DatabaseName').toLowerCase();
  const table = properties.object('TableInput', (input) => readTable(input, database, () => physicalName(255)));
  if (table === undefined) throw new Error(`Glue table in ${database}: required property TableInput is missing`);
  return table;
}

function assertOwnCatalog(properties: StrictProperties, accountId: string): void {
  if (properties.string('CatalogId') !== accountId) properties.unsupported('CatalogId', 'a catalog of another account');
}

function readTable(input: StrictProperties, database: string, generatedName: () => string): GlueTable {
  input.notModelled('Description', 'Owner', 'Retention');
  if ((input.list('PartitionKeys', readColumn) ?? []).length > 0) input.unsupported('PartitionKeys', 'partitioned tables');
  if ((input.optionalString('TableType') ?? 'EXTERNAL_TABLE') !== 'EXTERNAL_TABLE') input.unsupported('TableType', 'views and managed tables');
  const skipLines = input.object('Parameters', readParameters) ?? 0;
  const name = (input.optionalString('Name') ?? generatedName()).toLowerCase();
  const storage = input.object('StorageDescriptor', (descriptor) => readStorage(descriptor, skipLines));
  return storage === undefined ? input.unsupported('StorageDescriptor', 'a table without one') : { database, name, ...storage };
}

/** Lines to skip at the head of each file. */
function readParameters(parameters: StrictProperties): number {
  // Statistics and hints; `classification` repeats what the SerDe says, and compression is told by the names of the files.
  parameters.notModelled('EXTERNAL', 'classification', 'typeOfData', 'has_encrypted_data', 'parquet.compression', 'compressionType', 'comment');
  return parameters.number('skip.header.line.count') ?? 0;
}

function readStorage(descriptor: StrictProperties, skipLines: number): Omit<GlueTable, 'database' | 'name'> {
  // Input and output format follow from the SerDe; the rest describes layouts that files on S3 do not have.
  descriptor.notModelled('InputFormat', 'OutputFormat', 'Compressed', 'NumberOfBuckets', 'StoredAsSubDirectories', 'Parameters');
  const location = descriptor.string('Location');
  if (!/^s3:\/\/[^/]+\/.*\/$/.test(location)) descriptor.unsupported('Location', 'a location that is not of the form s3://bucket/prefix/');
  const format = descriptor.object('SerdeInfo', (serde) => readFormat(serde, skipLines));
  return {
    location,
    columns: descriptor.list('Columns', readColumn) ?? [],
    format: format ?? descriptor.unsupported('SerdeInfo', 'a table without one'),
  };
}

function readColumn(column: StrictProperties): GlueColumn {
  const type = column.string('Type');
  // An unknown type is found here, not by the first query.
  duckdbType(type);
  return { name: column.string('Name').toLowerCase(), type, comment: column.optionalString('Comment') };
}

function readFormat(serde: StrictProperties, skipLines: number): TableFormat {
  serde.notModelled('Name');
  const library = serde.string('SerializationLibrary');
  if (library === PARQUET || JSON_SERDES.includes(library)) {
    serde.object('Parameters', (parameters) => parameters.notModelled('serialization.format'));
    return { kind: library === PARQUET ? 'parquet' : 'json' };
  }
  if (library !== OPEN_CSV && library !== LAZY_SIMPLE) serde.unsupported('SerializationLibrary', 'this SerDe');
  const read = (parameters: StrictProperties): TableFormat => {
    parameters.notModelled('serialization.format');
    if (library === LAZY_SIMPLE) return { kind: 'csv', delimiter: parameters.optionalString('field.delim') ?? '\u0001', skipLines };
    return {
      kind: 'csv',
      delimiter: parameters.optionalString('separatorChar') ?? ',',
      quote: parameters.optionalString('quoteChar') ?? '"',
      escape: parameters.optionalString('escapeChar') ?? '\\',
      skipLines,
    };
  };
  return serde.object('Parameters', read) ?? read(new StrictProperties({}, 'Parameters'));
}

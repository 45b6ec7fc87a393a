import { isObject, JsonObject, JsonValue, parseJson } from '../../../json';
import { ItemReader, MapState, ReaderConfig } from '../definition';
import { RuntimeProblem, StateFailure, TaskFailure } from '../failure';
import { Visit } from '../visit';
import { parseCsv } from './csv';

const delimiters: Readonly<Record<string, string>> = { COMMA: ',', PIPE: '|', SEMICOLON: ';', SPACE: ' ', TAB: '\t' };

/** The items that an ItemReader reads; failures are `States.ItemReaderFailed`. */
export async function readItems(visit: Visit<MapState>, reader: ItemReader, input: JsonValue): Promise<readonly JsonValue[]> {
  const data = visit.data(input);
  const parameters = visit.fill(reader.Parameters ?? {}, data);
  const limit = visit.integer('MaxItemsPath', reader.ReaderConfig?.MaxItems, reader.ReaderConfig?.MaxItemsPath, data) ?? 0;
  const items = await read(visit, reader, isObject(parameters) ? parameters : {});
  // Zero means no limit, as recorded on AWS.
  return limit === 0 ? items : items.slice(0, limit);
}

async function read(visit: Visit<MapState>, reader: ItemReader, parameters: JsonObject): Promise<readonly JsonValue[]> {
  const { items: source, identity } = visit.run;
  if (source === undefined) throw new Error('this local cloud has no S3 for an ItemReader to read from');
  const bucket = text(parameters, 'Bucket');
  try {
    if (reader.Resource.endsWith(':s3:listObjectsV2')) {
      const prefix = parameters.Prefix === undefined ? undefined : text(parameters, 'Prefix');
      return await source.listObjects(bucket, prefix, identity);
    }
    return parseItems(await source.getObject(bucket, text(parameters, 'Key'), identity), reader.ReaderConfig ?? {});
  } catch (error) {
    if (error instanceof TaskFailure) throw readerFailed(error.failureCause ?? error.error ?? '');
    throw error;
  }
}

export function parseItems(body: string, config: ReaderConfig): readonly JsonValue[] {
  switch (config.InputType) {
    case 'JSON':
      return jsonItems(body);
    case 'JSONL':
      return body.split('\n').filter((line) => line.trim() !== '').map(jsonLine);
    case 'CSV':
      return csvItems(body, config);
    default:
      throw new Error(`the local cloud does not implement the ItemReader InputType ${config.InputType}`);
  }
}

/** Also `null` is an item. */
function jsonLine(line: string): JsonValue {
  const item = parseJson(line);
  return item === undefined ? notIterable() : item;
}

function jsonItems(body: string): readonly JsonValue[] {
  const value = parseJson(body);
  return Array.isArray(value) ? value : notIterable();
}

/** Each row as an object; missing fields are empty, surplus ones are dropped. */
function csvItems(body: string, config: ReaderConfig): readonly JsonValue[] {
  const rows = parseCsv(body, delimiters[config.CSVDelimiter ?? 'COMMA']);
  const headers = config.CSVHeaderLocation === 'GIVEN' ? (config.CSVHeaders ?? []) : (rows.shift() ?? []);
  if (new Set(headers).size < headers.length) throw readerFailed('CSV headers cannot contain duplicates.');
  return rows.map((row) => Object.fromEntries(headers.map((header, column) => [header, row[column] ?? ''])));
}

function notIterable(): never {
  throw readerFailed('Attempting to map over non-iterable node.');
}

function readerFailed(cause: string): StateFailure {
  return new StateFailure('States.ItemReaderFailed', cause);
}

function text(parameters: JsonObject, name: string): string {
  const value = parameters[name];
  if (typeof value !== 'string') throw new RuntimeProblem(`The ItemReader parameter ${name} must be a string`);
  return value;
}

import { isObject, JsonObject, JsonValue } from '../../../json';
import { DefinitionFault, fault } from '../fault';
import { expression, looksLikeExpression, payload, payloadObject } from '../jsonata/expression';
import { objectTemplate, referencePath } from '../paths';
import { both, inJsonata, inJsonPath, inside, object, Place, Rule, Table, typeFault } from '../table';
import { list, namedOneOf, oneOf, orExpression, text, whole } from '../values';

/** Sources of these numbers: developer guide, "ItemReader", "ItemBatcher" and "Distributed Map fields"; the words were measured on AWS. */
const MAX_BATCH_BYTES = 262_144;

/** Paths to numbers: AWS refuses the context object there. */
export const numberPath = referencePath('input', 'variable');

const jsonPointer: Rule = (value, place) => {
  if (typeof value !== 'string') return [typeFault('[STRING]', place)];
  return /^(\/([^~]|~[01])*)?$/.test(value) ? [] : [fault('Value is not a JSON Pointer', place.pointer)];
};

const readerConfig: Table = {
  fields: {
    InputType: both(namedOneOf('InputType', 'MANIFEST', 'JSON', 'CSV', 'JSONL', 'PARQUET')),
    Transformation: both(oneOf('NONE', 'LOAD_AND_FLATTEN')),
    ManifestType: both(oneOf('ATHENA_DATA', 'S3_INVENTORY')),
    CSVHeaderLocation: both(oneOf('FIRST_ROW', 'GIVEN')),
    CSVHeaders: both(list(text)),
    CSVDelimiter: both(oneOf('COMMA', 'PIPE', 'SEMICOLON', 'SPACE', 'TAB')),
    ItemsPointer: both(jsonPointer),
    MaxItems: both(orExpression(whole(0))),
    MaxItemsPath: inJsonPath(numberPath),
  },
  atMostOne: [['MaxItems', 'MaxItemsPath']],
  also: csvFaults,
};

/** Files that a manifest of Athena, or loading every object of a list, can lead to. */
const athenaInputs: readonly JsonValue[] = ['CSV', 'JSONL', 'PARQUET'];
const flattenedInputs: readonly JsonValue[] = ['CSV', 'JSON', 'JSONL', 'PARQUET'];

const csvFields = ['CSVHeaderLocation', 'CSVHeaders', 'CSVDelimiter'];

function* csvFaults(config: JsonObject, { pointer }: Place): Generator<DefinitionFault> {
  const { InputType: input, CSVHeaderLocation: headers } = config;
  if (input === 'CSV' && headers === undefined) yield missing('CSVHeaderLocation', pointer);
  if (headers === 'GIVEN' && config.CSVHeaders === undefined) yield fault('These fields are required: [CSVHeaders]', pointer);
  // A manifest may lead to CSV.
  const plain = input === 'JSON' || input === 'JSONL' || input === 'PARQUET';
  const misplaced = [...(plain ? csvFields : []), ...(input === 'JSON' ? [] : ['ItemsPointer'])].filter((name) => Object.hasOwn(config, name));
  for (const name of misplaced) yield fault(`Field '${name}' is not supported`, pointer);
}

/** What is read, by which call. Source: developer guide, "ItemReader". */
function* inputFaults(reader: JsonObject, place: Place): Generator<DefinitionFault> {
  const config = isObject(reader.ReaderConfig) ? reader.ReaderConfig : {};
  const { InputType: input, ManifestType: manifest, Transformation: transformation } = config;
  const { pointer } = inside(place, 'ReaderConfig');
  const flattened = transformation === 'LOAD_AND_FLATTEN';
  if (typeof reader.Resource === 'string' && actionOf(reader.Resource, ['listObjectsV2']) !== undefined) {
    if (flattened && input === undefined) yield missing('InputType', pointer);
    else if (flattened) yield* oneOfThese('InputType', input, flattenedInputs, pointer);
    return;
  }
  if (flattened) yield fault('Field \'Transformation\' is not supported', pointer);
  if (manifest === 'S3_INVENTORY' && input !== undefined) yield* oneOfThese('InputType', input, ['MANIFEST'], pointer);
  else if (manifest === 'ATHENA_DATA' && input !== undefined) yield* oneOfThese('InputType', input, athenaInputs, pointer);
  if (input === undefined && manifest !== 'S3_INVENTORY') yield missing('InputType', pointer);
  const parameters = reader.Parameters ?? reader.Arguments;
  if (input === 'PARQUET' && isObject(parameters)) {
    const version = Object.keys(parameters).find((name) => name === 'VersionId' || name === 'VersionId.$');
    if (version !== undefined) yield fault('The field \'VersionId\' is not supported by Step Functions', place.pointer);
  }
}

function missing(name: string, pointer: string): DefinitionFault {
  return fault(`The field '${name}' is required but was missing`, pointer);
}

function* oneOfThese(name: string, value: JsonValue | undefined, allowed: readonly JsonValue[], pointer: string): Generator<DefinitionFault> {
  if (value !== undefined && !allowed.includes(value)) yield fault(`The field '${name}' should have one of these values: [${allowed.join(', ')}]`, `${pointer}/${name}`);
}

/** A call that the Map itself makes, before or after its items. */
function s3Call(...actions: readonly string[]): Table {
  return {
    required: ['Resource'],
    fields: {
      Resource: both(function* checkResource(value, place) {
        if (typeof value !== 'string') return yield typeFault('[STRING]', place);
        if (actionOf(value, actions) !== undefined) return;
        const examples = actions.map((action) => `arn:<partition>:states:::s3:${action}`);
        yield fault(`The field 'Resource' does not match any of the allowed values. Examples: [${examples.join(', ')}]`, place.pointer);
      }),
      Parameters: inJsonPath(objectTemplate),
      Arguments: inJsonata(payloadObject),
    },
    also: (call, place) => parameterFaults(call, place, actions),
  };
}

function actionOf(arn: string, actions: readonly string[]): string | undefined {
  return actions.find((action) => new RegExp(`^arn:[^:]+:states:::s3:${action}$`).test(arn));
}

function parameterFaults(call: JsonObject, place: Place, actions: readonly string[]): ReturnType<Rule> {
  const parameters = call[place.language === 'JSONata' ? 'Arguments' : 'Parameters'];
  const action = typeof call.Resource === 'string' ? actionOf(call.Resource, actions) : undefined;
  if (parameters === undefined || action === undefined) return [];
  const resource = { kind: 'service', service: 's3', action, arn: String(call.Resource) } as const;
  return place.tasks.parameterFaults?.(resource, parameters, place) ?? [];
}

const reader = s3Call('getObject', 'listObjectsV2');

export const itemReader: Rule = object({
  ...reader,
  fields: { ...reader.fields, ReaderConfig: both(object(readerConfig)) },
  * also(holder, place) {
    yield* reader.also?.(holder, place) ?? [];
    yield* inputFaults(holder, place);
  },
});

const writerConfig: Table = {
  required: ['Transformation', 'OutputType'],
  fields: { Transformation: both(oneOf('NONE', 'COMPACT', 'FLATTEN')), OutputType: both(oneOf('JSON', 'JSONL')) },
};

const writer = s3Call('putObject');

/** AWS accepts an empty one, which then fails when it runs: aws-cdk, pull request 33831. */
export const resultWriter: Rule = object({
  ...writer,
  required: [],
  fields: { ...writer.fields, WriterConfig: both(object(writerConfig)) },
  * also(holder, place) {
    const sends = holder.Parameters !== undefined || holder.Arguments !== undefined;
    if (sends && holder.Resource === undefined) yield fault('These fields are required: [Resource]', place.pointer);
    yield* writer.also?.(holder, place) ?? [];
  },
});

/** In JSONata any JSON, or an expression in its place; in JSONPath an object. Source: Amazon States Language, "Selecting Items" and "Batching Items". */
export const payloadIn: Rule = (value, place) => (place.language === 'JSONata' ? payload() : objectTemplate)(value, place);

const batchLimits = ['MaxItemsPerBatch', 'MaxItemsPerBatchPath', 'MaxInputBytesPerBatch', 'MaxInputBytesPerBatchPath'];

export const itemBatcher: Rule = object({
  fields: {
    BatchInput: both(payloadIn),
    MaxItemsPerBatch: both(orExpression(whole(0))),
    MaxItemsPerBatchPath: inJsonPath(numberPath),
    MaxInputBytesPerBatch: both(orExpression(whole(0, MAX_BATCH_BYTES))),
    MaxInputBytesPerBatchPath: inJsonPath(numberPath),
  },
  atMostOne: [['MaxItemsPerBatch', 'MaxItemsPerBatchPath'], ['MaxInputBytesPerBatch', 'MaxInputBytesPerBatchPath']],
  * also(batcher, { pointer }) {
    if (batchLimits.some((name) => Object.hasOwn(batcher, name))) return;
    yield fault(`This object should have at least one of the following fields: [${batchLimits.join(', ')}]`, pointer);
  },
});

/** A list, with expressions in it, or an expression. */
export const items: Rule = (value, place) => {
  if (Array.isArray(value) || looksLikeExpression(value)) return payload()(value, place);
  return typeof value === 'string' ? expression(value, place) : [typeFault('[ARRAY]', place)];
};

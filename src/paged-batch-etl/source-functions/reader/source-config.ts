import { arn, wholeNumberText } from '../../../private/runtime/environment';
import { anyObject, exactly, flag, jsonOf, listOf, matching, optional, Read, ShapeError, text } from '../../../private/runtime/json-shape';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { ParameterRule, ParameterRules } from '../../contracts/run-input';
import { MongoSourceConfig, SourceEnvironment } from '../../contracts/source-function';
import { SourceError } from '../source-error';

/** What the construct tells every source function. */
export interface SourceConfig {
  readonly rules: ParameterRules;
  readonly pageBytes: number;
  readonly maxBatchSize: number;
  /** For the dimension of the metrics. */
  readonly functionName: string;
}

/** What it tells the reader of a MongoDB source beside. */
export interface MongoReaderConfig extends SourceConfig {
  readonly source: MongoSourceConfig;
  readonly connectionSecretArn: string;
  readonly certificateAuthoritySecretArn?: string;
}

/** What it tells the function before a custom source beside. */
export interface CustomReaderConfig extends SourceConfig {
  readonly sourceFunctionArn: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

type Variable = <T>(name: string, read: Read<T>) => T;

const parameterRule = exactly<ParameterRule>({ type: oneOf('date', 'text', 'integer', 'objectId'), timeZone: optional(text) });

const parameterRules: Read<ParameterRules> = (value, place) => (
  Object.fromEntries(Object.entries(anyObject(value, place)).map(([name, rule]) => [name, parameterRule(rule, `${place}.${name}`)]))
);

const collation: Read<NonNullable<MongoSourceConfig['collation']>> = (value, place) => {
  const { locale, ...options } = anyObject(value, place);
  const read = Object.entries(options).map(([name, option]) => [name, scalar(option, `${place}.${name}`)] as const);
  return { ...Object.fromEntries(read), locale: text(locale, `${place}.locale`) };
};

const mongoSource = exactly<MongoSourceConfig>({
  engine: oneOf('mongo', 'documentDb'),
  host: optional(matching(/./, 'a host')),
  srv: optional(flag),
  tls: flag,
  database: matching(/./, 'the name of a database'),
  collection: matching(/./, 'the name of a collection'),
  sort: listOf(matching(/./, 'a field')),
  filter: optional(text),
  projection: optional(listOf(text)),
  hint: optional(text),
  readPreference: oneOf('primary', 'primaryPreferred', 'secondary', 'secondaryPreferred', 'nearest'),
  readConcern: optional(oneOf('local', 'available', 'majority', 'linearizable', 'snapshot')),
  collation: optional(collation),
  indexCheck: flag,
  mixedIdTypes: flag,
  itemFormat: oneOf('relaxed', 'canonical'),
});

/** The configuration of the MongoDB reader; a variable that is missing or wrong fails every page, naming the variable. */
export function readMongoConfig(environment: Environment): MongoReaderConfig {
  return readWith(environment, (variable) => ({
    ...common(variable),
    source: variable(SourceEnvironment.MONGO_SOURCE, jsonOf(mongoSource)),
    connectionSecretArn: variable(SourceEnvironment.CONNECTION_SECRET_ARN, arn),
    certificateAuthoritySecretArn: variable(SourceEnvironment.CERTIFICATE_AUTHORITY_SECRET_ARN, optional(arn)),
  }));
}

/** The configuration of the function before a custom source. */
export function readCustomConfig(environment: Environment): CustomReaderConfig {
  return readWith(environment, (variable) => ({
    ...common(variable),
    sourceFunctionArn: variable(SourceEnvironment.SOURCE_FUNCTION_ARN, arn),
  }));
}

function common(variable: Variable): SourceConfig {
  return {
    rules: variable(SourceEnvironment.PARAMETERS, jsonOf(parameterRules)),
    pageBytes: variable(SourceEnvironment.PAGE_BYTES, wholeNumberText(1, Number.MAX_SAFE_INTEGER)),
    maxBatchSize: variable(SourceEnvironment.MAX_BATCH_SIZE, wholeNumberText(1, Number.MAX_SAFE_INTEGER)),
    functionName: variable('AWS_LAMBDA_FUNCTION_NAME', matching(/./, 'the name of the function')),
  };
}

function readWith<T>(environment: Environment, read: (variable: Variable) => T): T {
  try {
    return read((name, readVariable) => readVariable(environment[name], name));
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw new SourceError(PagedBatchEtlErrorName.SOURCE_REFUSED, `The function is not configured: ${error.message}`);
  }
}

function oneOf<const T extends string>(...allowed: readonly T[]): Read<T> {
  return (value, place) => {
    const found = allowed.find((option) => option === value);
    if (found === undefined) throw new ShapeError(place, `one of ${allowed.join(', ')}`);
    return found;
  };
}

function scalar(value: unknown, place: string): string | number | boolean {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') throw new ShapeError(place, 'a string, a number or a flag');
  return value;
}

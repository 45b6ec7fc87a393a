import { arn, Environment, readEnvironment, Variable, wholeNumberText } from '../../../private/runtime/environment';
import { jsonOf, matching, oneOf, optional, text } from '../../../private/shape/json-shape';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { ParameterRules, parameterRules } from '../../contracts/run-input';
import { IdempotencyConfig, idempotencyConfig, MongoSourceConfig, mongoSourceConfig, SourceEnvironment } from '../../contracts/source-function';
import { SourceError } from '../source-error';

/** What the construct tells every source function. */
export interface SourceConfig {
  readonly rules: ParameterRules;
  readonly pageBytes: number;
  readonly maxBatchSize: number;
  /** Whether a run that reads nothing fails. */
  readonly failEmptyRun: boolean;
  /** What idempotency keys depend on; absent where that is the run. */
  readonly idempotency?: IdempotencyConfig;
  /** For the dimension of the metrics. */
  readonly functionName: string;
  /** Where pages are written to; absent where they travel in the state of the workflow. */
  readonly pageBucket?: PageBucketConfig;
  /** Where letters about failed items are; absent where none are written. */
  readonly letters?: LettersBucketConfig;
}

export interface LettersBucketConfig {
  readonly name: string;
  /** What the keys of all letters begin with: something that ends in `/`. */
  readonly prefix: string;
}

/** Where pages are written to, and how large they get. */
export interface PageBucketConfig {
  readonly name: string;
  /** What the keys of all pages begin with: nothing, or something that ends in `/`. */
  readonly prefix: string;
  /** Most bytes of the items of a page, as UTF-8 JSON. */
  readonly pageBytes: number;
  readonly batch: BatchLimits;
}

/** How large a batch of items gets. */
export interface BatchLimits {
  /** As ASCII. */
  readonly bytes: number;
  /** As a JSON string. */
  readonly textBytes: number;
  /** Absent: as the run says. */
  readonly items?: number;
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

export function readMongoConfig(environment: Environment): MongoReaderConfig {
  return readEnvironment(environment, (variable) => ({
    ...common(variable),
    source: variable(SourceEnvironment.MONGO_SOURCE, jsonOf(mongoSourceConfig)),
    connectionSecretArn: variable(SourceEnvironment.CONNECTION_SECRET_ARN, arn),
    certificateAuthoritySecretArn: variable(SourceEnvironment.CERTIFICATE_AUTHORITY_SECRET_ARN, optional(arn)),
  }), notConfigured);
}

export function readCustomConfig(environment: Environment): CustomReaderConfig {
  return readEnvironment(environment, (variable) => ({
    ...common(variable),
    sourceFunctionArn: variable(SourceEnvironment.SOURCE_FUNCTION_ARN, arn),
  }), notConfigured);
}

function common(variable: Variable): SourceConfig {
  return {
    rules: variable(SourceEnvironment.PARAMETERS, jsonOf(parameterRules)),
    pageBytes: variable(SourceEnvironment.PAGE_BYTES, wholeNumberText({ least: 1, most: Number.MAX_SAFE_INTEGER })),
    maxBatchSize: variable(SourceEnvironment.MAX_BATCH_SIZE, wholeNumberText({ least: 1, most: Number.MAX_SAFE_INTEGER })),
    failEmptyRun: variable(SourceEnvironment.EMPTY_RUN, optional(oneOf('fail'))) !== undefined,
    idempotency: variable(SourceEnvironment.IDEMPOTENCY, optional(jsonOf(idempotencyConfig))),
    functionName: variable('AWS_LAMBDA_FUNCTION_NAME', matching(/./, 'the name of the function')),
    pageBucket: pageBucket(variable),
    letters: lettersBucket(variable),
  };
}

function lettersBucket(variable: Variable): LettersBucketConfig | undefined {
  const name = variable(SourceEnvironment.LETTERS_BUCKET, optional(text));
  return name === undefined ? undefined : { name, prefix: variable(SourceEnvironment.LETTERS_PREFIX, matching(/\/$/, 'something that ends in /')) };
}

function pageBucket(variable: Variable): PageBucketConfig | undefined {
  const name = variable(SourceEnvironment.PAGE_BUCKET, optional(text));
  if (name === undefined) return undefined;
  const most = wholeNumberText({ least: 1, most: Number.MAX_SAFE_INTEGER });
  return {
    name,
    prefix: variable(SourceEnvironment.PAGE_PREFIX, optional(matching(/^$|\/$/, 'empty, or end in /'))) ?? '',
    pageBytes: variable(SourceEnvironment.PAGE_OBJECT_BYTES, most),
    batch: {
      bytes: variable(SourceEnvironment.PAGE_BATCH_BYTES, most),
      textBytes: variable(SourceEnvironment.PAGE_BATCH_TEXT_BYTES, most),
      items: variable(SourceEnvironment.PAGE_BATCH_ITEMS, optional(most)),
    },
  };
}

function notConfigured(message: string): SourceError {
  return new SourceError(PagedBatchEtlErrorName.SOURCE_REFUSED, message);
}

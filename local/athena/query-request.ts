import { JsonObject } from '../json';
import { assertMembers, invalid, optionalObject, optionalText, requiredText, textList } from './input';
import { readResultReuse, ResultReuse } from './result-reuse';
import { ResultEncryption, ResultSettings, WorkGroup } from './work-group';

const LONGEST_QUERY_BYTES = 262_144;

/** What StartQueryExecution was asked. */
export interface QueryRequest {
  readonly query: string;
  readonly workGroup: string;
  readonly token?: string;
  readonly catalog?: string;
  readonly database?: string;
  readonly parameters: readonly string[];
  readonly results: ResultSettings;
  /** Default: off. */
  readonly reuse?: ResultReuse;
}

/** What must be the same in a request with a token that is known. Source: measured on the service; parameters and workgroup are not compared. */
export function comparedByToken({ query, catalog, database, results }: QueryRequest): string {
  return JSON.stringify([query, catalog, database, results.outputLocation]);
}

export function readQueryRequest(input: JsonObject): QueryRequest {
  assertMembers(input, 'StartQueryExecution', [
    'QueryString', 'ClientRequestToken', 'QueryExecutionContext', 'ResultConfiguration', 'WorkGroup', 'ExecutionParameters', 'ResultReuseConfiguration',
  ]);
  const query = requiredText(input, 'QueryString');
  if (Buffer.byteLength(query) > LONGEST_QUERY_BYTES) {
    throw invalid(`1 validation error detected: Value at 'queryString' failed to satisfy constraint: Member must have length less than or equal to ${LONGEST_QUERY_BYTES}`);
  }
  const token = optionalText(input, 'ClientRequestToken');
  if (token !== undefined && (token.length < 32 || token.length > 128)) {
    throw invalid(`1 validation error detected: Value '${token}' at 'clientRequestToken' failed to satisfy constraint: Member must have length from 32 to 128`);
  }
  const parameters = textList(input, 'ExecutionParameters');
  if (parameters.some(({ length }) => length < 1 || length > 1_024)) throw invalid('Each of ExecutionParameters must have from 1 to 1024 characters');
  const context = optionalObject(input, 'QueryExecutionContext') ?? {};
  assertMembers(context, 'QueryExecutionContext', ['Database', 'Catalog']);
  return {
    query,
    token,
    parameters,
    workGroup: optionalText(input, 'WorkGroup') ?? 'primary',
    catalog: optionalText(context, 'Catalog'),
    database: optionalText(context, 'Database')?.toLowerCase(),
    results: readResultSettings(optionalObject(input, 'ResultConfiguration') ?? {}),
    reuse: readResultReuse(optionalObject(input, 'ResultReuseConfiguration') ?? {}),
  };
}

function readResultSettings(input: JsonObject): ResultSettings {
  assertMembers(input, 'ResultConfiguration', ['OutputLocation', 'EncryptionConfiguration', 'ExpectedBucketOwner']);
  const outputLocation = optionalText(input, 'OutputLocation');
  if (outputLocation !== undefined) splitLocation(outputLocation);
  const encryption = optionalObject(input, 'EncryptionConfiguration');
  return {
    outputLocation,
    encryption: encryption && readEncryption(requiredText(encryption, 'EncryptionOption'), optionalText(encryption, 'KmsKey')),
    expectedBucketOwner: optionalText(input, 'ExpectedBucketOwner'),
  };
}

export function readEncryption(option: string, keyArn?: string): ResultEncryption {
  if (option === 'SSE_S3') return { option };
  if (option !== 'SSE_KMS' || keyArn === undefined) {
    throw new Error(`The local cloud does not implement the encryption ${option} with the key ${keyArn}`);
  }
  return { option, keyArn };
}

/** Bucket and prefix of `s3://bucket/prefix`; the prefix ends with a slash or is empty. */
export function splitLocation(location: string): { bucket: string; prefix: string } {
  const [, bucket, path] = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(location) ?? [];
  if (bucket === undefined) throw invalid('outputLocation is not a valid S3 path.');
  return { bucket, prefix: !path || path.endsWith('/') ? path ?? '' : `${path}/` };
}

/** The settings that hold: those of an enforcing workgroup, else those of the request and where it says nothing the workgroup's. */
export function effectiveResults(request: QueryRequest, group: WorkGroup): ResultSettings & { readonly outputLocation: string } {
  const { results } = request;
  const settings = group.enforced ? group.results : results.outputLocation !== undefined ? results : {
    outputLocation: group.results.outputLocation,
    encryption: results.encryption ?? group.results.encryption,
    expectedBucketOwner: results.expectedBucketOwner ?? group.results.expectedBucketOwner,
  };
  const { outputLocation } = settings;
  if (outputLocation === undefined) {
    throw invalid('No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input.');
  }
  return { ...settings, outputLocation };
}

import { Environment, readEnvironment } from '../../../private/runtime/environment';
import { matching, oneOf, optional } from '../../../private/shape/json-shape';
import { CollectorEnvironment } from '../../contracts/collect-failures';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { SourceError } from '../../source-functions/source-error';

/** What the construct tells the function that collects failures. */
export interface CollectorConfig {
  readonly bucket: string;
  readonly prefix: string;
  readonly withDocuments: boolean;
  /** For the dimension of the metric. */
  readonly functionName: string;
}

export function readCollectorConfig(environment: Environment): CollectorConfig {
  return readEnvironment(environment, (variable) => ({
    bucket: variable(CollectorEnvironment.LETTERS_BUCKET, matching(/./, 'the name of a bucket')),
    prefix: variable(CollectorEnvironment.LETTERS_PREFIX, matching(/\/$/, 'something that ends in /')),
    withDocuments: variable(CollectorEnvironment.WITH_DOCUMENTS, optional(oneOf('yes'))) !== undefined,
    functionName: variable('AWS_LAMBDA_FUNCTION_NAME', matching(/./, 'the name of the function')),
  }), (message) => new SourceError(PagedBatchEtlErrorName.DEAD_LETTERS_REFUSED, message));
}

import { AslObject, AslTask } from '../../private/synth/asl';
import { longestTask } from '../../private/synth/retry-time';
import { DATA_LIMIT_EXCEEDED } from '../workflow/task-retry';

/** The state that reads a batch. */
export const READ_BATCH = 'Read Batch';

/** Most bytes of a batch: an input has room for it, for the parameters of a run, and for what stands around them. Source: 256 KiB, Step Functions quotas. */
export const MAX_BATCH_BYTES = 200 * 1024;

/**
 * Most bytes of a batch as a JSON string, which is what the answer of S3 has in the state: beside it, there is room for the other members of the answer.
 * Source: 256 KiB, Step Functions quotas.
 */
export const MAX_BATCH_TEXT_BYTES = 240 * 1024;

/**
 * What does not pass by itself. All else has two more attempts: S3 is asked to slow down, or refuses a right, by the same name, that of its client. Nor does it
 * say by name that a page has expired: without the right to list the bucket, which this does not need, one that is not there is one that may not be read.
 * Source: S3 API reference, "GetObject".
 */
const FINAL_ERRORS = [DATA_LIMIT_EXCEEDED];

/** A range of at most 240 KiB: S3 answers such a request within a fraction of a second. */
const TIMING = {
  TimeoutSeconds: 5,
  Retry: [
    { ErrorEquals: FINAL_ERRORS, MaxAttempts: 0 },
    { ErrorEquals: ['States.ALL'], IntervalSeconds: 1, BackoffRate: 2, MaxDelaySeconds: 2, MaxAttempts: 2, JitterStrategy: 'FULL' },
  ],
} as const satisfies Partial<AslTask>;

/** Longest time that reading a batch can take, in seconds. */
export const LONGEST_READ_SECONDS = longestTask(TIMING).toSeconds();

/** What an execution that reads a batch is given of its page, beside the place of the batch. */
export function pageOfBatch(parameters: AslObject): AslObject {
  return { 'bucket.$': '$.page.bucket', 'key.$': '$.page.key', parameters, 'run': { 'id.$': '$root', 'page.$': '$pages' } };
}

/** Reads the items of a batch, from `bucket`, `key` and `range`, into `items`. */
export function readBatch(partition: string, next: string): AslTask {
  return {
    Type: 'Task',
    Resource: `arn:${partition}:states:::aws-sdk:s3:getObject`,
    Parameters: { 'Bucket.$': '$.bucket', 'Key.$': '$.key', 'Range.$': '$.range' },
    ...TIMING,
    ResultSelector: { 'items.$': 'States.StringToJson($.Body)' },
    ResultPath: '$.batch',
    Next: next,
  };
}

/** Where the items of a batch are that was read. */
export const BATCH_ITEMS = '$.batch.items';

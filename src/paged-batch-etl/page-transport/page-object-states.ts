import { AslDistributedMap, AslRetrier, AslState, AslTask } from '../../private/synth/asl';
import { AslTemplate } from '../../private/synth/asl-template';
import { FailedBatches } from '../contracts/collect-failures';
import { PagedBatchEtlErrorName } from '../contracts/error-names';
import {
  BatchRoom, ITEMS_SUFFIX, PAGE_RECORD, PAGE_RESULTS, WRITE_PAGE_CONTRACT, WRITE_TOLERANTLY_CONTRACT, WritePageEvent, WriteTolerantlyEvent,
} from '../contracts/read-page';
import { BatchProcessing } from '../item-processor/binding';
import { FailureState, NOT_TOLERATED_RULE, NOTHING_COLLECTED } from '../workflow/failure-states';
import { PageState, readPageEvent, ReadPageTemplate } from '../workflow/page-states';
import { ProcessPageOptions, ProcessPageStates } from '../workflow/process-page';
import { MAP_RUN_RETRIES } from '../workflow/task-retry';

/** Asks for a page of batches that are no larger than that, and keeps of it where it is. */
export function writePage(room: BatchRoom, tolerates: boolean): ReadPageTemplate {
  return {
    payload: tolerates
      ? readPageEvent(WRITE_TOLERANTLY_CONTRACT, { batch: { ...room } }) satisfies AslTemplate<WriteTolerantlyEvent>
      : readPageEvent(WRITE_PAGE_CONTRACT, { batch: { ...room } }) satisfies AslTemplate<WritePageEvent>,
    resultSelector: {
      'page.$': '$.Payload.object',
      'next': { 'cursor.$': '$.Payload.cursor', 'done.$': '$.Payload.done', 'count.$': '$.Payload.count', ...tolerates && NOTHING_COLLECTED },
    },
    ...tolerates && { variables: { 'key.$': '$.Payload.object.key' } },
  };
}

/** What a Map Run is called, in its ARN and in those of its executions. */
export const MAP_LABEL = 'Page';

const DELETE = 'Delete Page';

/** More items failed than the Map tolerates, which is none. */
const TOO_MANY_FAILED = 'States.ExceedToleratedFailureThreshold';

export interface PageObjectOptions extends Pick<ProcessPageOptions, 'partition' | 'next'> {
  readonly batches: BatchProcessing;
  readonly deletePages: boolean;
  /** Whether executions tell what failed, so that every page is collected. */
  readonly tolerates: boolean;
}

/** Where the Map Run wrote what became of the batches, for Collect Failures: what the Map itself answers says only where. */
const RESULTS = {
  'kind': 'batches', 'bucket.$': '$.ResultWriterDetails.Bucket', 'manifest.$': '$.ResultWriterDetails.Key', 'key.$': '$key',
} as const satisfies AslTemplate<FailedBatches>;

/**
 * A page that lies in S3:
 *
 *     Process Page ─► Delete Page ─► (next)
 *          │
 *          ▼
 *     Items Failed ─► Page Failed
 *
 * Where failures are tolerated, Collect Failures comes after Process Page: executions tell what failed, and fail themselves only where an answer is invalid.
 *
 * The Map reads the index of the page, and its executions read the batches. What became of them stands in the result files, for a Map tells only that there were failures.
 */
export function pageObjectStates({ partition, next, batches, deletePages, tolerates }: PageObjectOptions): ProcessPageStates {
  const afterwards = deletePages ? DELETE : next;
  const process: AslDistributedMap = {
    Type: 'Map',
    Label: MAP_LABEL,
    ItemReader: {
      Resource: `arn:${partition}:states:::s3:getObject`,
      ReaderConfig: { InputType: 'JSONL' },
      Parameters: { 'Bucket.$': '$.page.bucket', 'Key.$': '$.page.index' },
    },
    ...batches,
    ResultWriter: {
      Resource: `arn:${partition}:states:::s3:putObject`,
      // Otherwise the input of every execution would be written, too.
      WriterConfig: { Transformation: 'COMPACT', OutputType: 'JSONL' },
      Parameters: { 'Bucket.$': '$.page.bucket', 'Prefix.$': `States.Format('{}${PAGE_RESULTS}', $.page.folder)` },
    },
    ...tolerates ? { ResultSelector: RESULTS, ResultPath: '$.failures' } : { ResultPath: null },
    Retry: MAP_RUN_RETRIES,
    Catch: [{ ErrorEquals: [TOO_MANY_FAILED], ResultPath: null, Next: PageState.ITEMS_FAILED }],
    Next: tolerates ? FailureState.COLLECT : afterwards,
  };
  return {
    afterRedrive: [],
    ...tolerates && { collected: deletePages ? FailureState.CHECK : next },
    states: {
      [PageState.PROCESS]: process,
      ...tolerates && deletePages && { [FailureState.CHECK]: keepFailedPage(next) },
      ...deletePages && { [DELETE]: deletePage(partition, next) },
      [PageState.ITEMS_FAILED]: { Type: 'Pass', Parameters: { 'Error': PagedBatchEtlErrorName.ITEMS_FAILED, 'Cause.$': FAILURES_CAUSE }, Next: PageState.FAILED },
    },
  };
}

/** A page that is not done is processed again. Where nothing was left to read, there is none. */
function keepFailedPage(next: string): AslState {
  return {
    Type: 'Choice',
    Comment: 'Default: the page is done',
    Choices: [NOT_TOLERATED_RULE, { Comment: 'There is no page', Variable: '$.page', IsPresent: false, Next: next }],
    Default: DELETE,
  };
}

const FAILURES_CAUSE = "States.Format('Items of the page s3://{}/{} were not processed. Error, cause and input of each execution that failed are in the FAILED files "
  + `under s3://{}/{}${PAGE_RESULTS}/', $.page.bucket, $.page.key, $.page.bucket, $.page.folder)`;

const DELETE_RETRIES: readonly AslRetrier[] = [
  { ErrorEquals: ['States.ALL'], IntervalSeconds: 1, BackoffRate: 4, MaxDelaySeconds: 10, MaxAttempts: 2, JitterStrategy: 'FULL' },
];

/** The record first: without it, the page is read again. What is left over expires with the rest of the bucket, and is no reason for a run to fail. */
function deletePage(partition: string, next: string): AslTask {
  return {
    Type: 'Task',
    Resource: `arn:${partition}:states:::aws-sdk:s3:deleteObjects`,
    Parameters: {
      'Bucket.$': '$.page.bucket',
      'Delete': {
        Objects: [
          { 'Key.$': `States.Format('{}${PAGE_RECORD}', $.page.folder)` },
          { 'Key.$': '$.page.index' },
          { 'Key.$': '$.page.key' },
          { 'Key.$': `States.Format('{}${ITEMS_SUFFIX}', $.page.key)` },
        ],
        Quiet: true,
      },
    },
    TimeoutSeconds: 60,
    ResultPath: null,
    Retry: DELETE_RETRIES,
    Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: null, Next: next }],
    Next: next,
  };
}

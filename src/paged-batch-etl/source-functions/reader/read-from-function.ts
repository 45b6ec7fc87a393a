import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { errorCode } from '../../../private/runtime/error-code';
import { memberOf } from '../../../private/runtime/member-of';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { SourceRequest } from '../../contracts/read-page';
import { LargeItems, storedItems } from '../letters/stored-items';
import { SourceError } from '../source-error';
import { checkCustomPage, invalid } from './custom-page';
import { readAnswers } from './custom-texts';
import { losesNumbers } from './exact-numbers';
import type { PageReader, SourceReading } from './read-page';

/** What the invocation of a function gave: its answer as JSON, and the kind of its failure, if it failed. */
export interface FunctionAnswer {
  readonly payload: string;
  readonly functionError?: string;
}

/** Calls the user's source function, or throws the SDK's errors. */
export type InvokeSource = (payload: string, signal: AbortSignal) => Promise<FunctionAnswer>;

/**
 * The real source function. How long it may take is said for every call; only connecting has a bound of its own. The other two are turned off
 * outright, because newer clients of the SDK have time-outs for a silent socket by default. Attempts are those of the SDK: being throttled passes
 * within moments.
 */
export function createSourceInvoker(functionArn: string): InvokeSource {
  const lambda = new LambdaClient({ maxAttempts: 3, requestHandler: { connectionTimeout: 1_000, requestTimeout: 0, socketTimeout: 0 } });
  return async (payload, abortSignal) => {
    const command = new InvokeCommand({ FunctionName: functionArn, Payload: Buffer.from(payload) });
    const { Payload, FunctionError } = await lambda.send(command, { abortSignal });
    return { payload: Buffer.from(Payload ?? []).toString('utf8'), functionError: FunctionError };
  };
}

/**
 * Reads pages by the source function of the user.
 *
 * @param large where items are that were too large for a batch of a page; undefined where no page is stored
 */
export function readFromFunction(invoke: InvokeSource, large?: LargeItems): PageReader {
  return {
    letterItems: storedItems(large),
    read: async (request) => ({ page: checkCustomPage(await ask(invoke, request, request.time.forCall()), request) }),
    readTexts: async (request, items) => readAnswers(async (asked, milliseconds) => ask(invoke, asked, milliseconds), request, items),
  };
}

/** What the function answers, which may be any JSON. */
async function ask(invoke: InvokeSource, request: SourceReading, milliseconds: number): Promise<unknown> {
  const { payload, functionError } = await call(invoke, request, milliseconds);
  const answer = parse(payload);
  if (functionError !== undefined) throw failed(answer);
  if (answer === undefined) throw invalid('is no JSON');
  if (losesNumbers(payload)) throw invalid('has a number that does not come through exactly, such as a whole one beyond 2^53: answer it as a string');
  return answer;
}

async function call(invoke: InvokeSource, { parameters, cursor, batchSize, run }: SourceReading, milliseconds: number): Promise<FunctionAnswer> {
  const payload: SourceRequest = { parameters: parameters.given, cursor, batchSize, run };
  const deadline = AbortSignal.timeout(milliseconds);
  try {
    return await invoke(JSON.stringify(payload), deadline);
  } catch (error) {
    if (deadline.aborted) {
      throw new SourceError(PagedBatchEtlErrorName.SOURCE_TIMED_OUT, 'The source function did not answer in time; let it answer smaller pages');
    }
    const name = isPassing(error) ? PagedBatchEtlErrorName.SOURCE_UNAVAILABLE : PagedBatchEtlErrorName.SOURCE_REFUSED;
    throw new SourceError(name, `The source function could not be invoked${errorCode(error)}`);
  }
}

/** Whether the next invocation may succeed: Lambda was too busy or not ready, or could not be reached. */
function isPassing(error: unknown): boolean {
  const status = memberOf(memberOf(error, '$metadata'), 'httpStatusCode');
  return typeof status !== 'number' || status >= 500 || [408, 409, 429].includes(status);
}

/** By the name of its error, a function can say that what it reads from is not available: then a run waits, as it does for a server. */
function failed(answer: unknown): SourceError {
  if (memberOf(answer, 'errorType') === PagedBatchEtlErrorName.SOURCE_UNAVAILABLE) {
    return new SourceError(PagedBatchEtlErrorName.SOURCE_UNAVAILABLE, 'The source function says that its source is not available; its log says more');
  }
  return new SourceError(PagedBatchEtlErrorName.SOURCE_FUNCTION_FAILED, `The source function failed${typeOf(answer)}; its log says more`);
}

/** What the runtime of a failed function says: the type of its error, never the message, which is the user's. */
function typeOf(answer: unknown): string {
  const type = memberOf(answer, 'errorType');
  return typeof type === 'string' && /^[\w.$:-]{1,80}$/.test(type) ? ` (${type})` : '';
}

/** Undefined for what is no JSON: no JSON is that. */
function parse(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}

import { ServiceError } from '../aws/service';
import { messageOf } from '../errors';

/** Payload of a synchronous invocation and of its response: 6 MB, from the quotas page of Lambda. */
export const MAX_PAYLOAD_BYTES = 6_291_456;

/** Payload of an asynchronous invocation: 1 MB, from the quotas page. */
export const MAX_ASYNCHRONOUS_PAYLOAD_BYTES = 1_048_576;

/** Invocations at once in one account and region, from the quotas page. */
export const MAX_CONCURRENCY = 1_000;

/** Of these, functions without reserved concurrency keep this many. Source: Lambda developer guide, "Configuring reserved concurrency". */
export const MIN_UNRESERVED_CONCURRENCY = 100;

/** How many more functions without reserved concurrency can run: what others have reserved is not theirs, used or not. */
export function unreservedRoom(functions: Iterable<{ readonly concurrency: number; readonly reserved?: number }>): number {
  return [...functions].reduce((room, { concurrency, reserved }) => room - (reserved ?? concurrency), MAX_CONCURRENCY);
}

/** Environment variables of a function, as JSON: 4 KB, from the quotas page. */
export const MAX_VARIABLES_BYTES = 4_096;

/** Longest time-out of a function, in seconds. Source: the models of the AWS SDK since 19 November 2026. */
export const LONGEST_TIMEOUT_SECONDS = 1_800;

/** The runtimes whose functions Node.js itself can run here. */
export const RUNTIMES: readonly string[] = ['nodejs20.x', 'nodejs22.x', 'nodejs24.x'];

/** Fails for a payload that Lambda would not take. */
export function assertPayload(payload: string, maxBytes: number): void {
  const bytes = Buffer.byteLength(payload);
  if (bytes > maxBytes) {
    const message = `Request must be smaller than ${maxBytes} bytes for the InvokeFunction operation`;
    throw new ServiceError('RequestEntityTooLargeException', message, 413, { Type: 'User' });
  }
  try {
    JSON.parse(payload);
  } catch (error) {
    const reason = messageOf(error);
    throw new ServiceError('InvalidRequestContentException', `Could not parse request body into json: ${reason}`, 400, { Type: 'User' });
  }
}

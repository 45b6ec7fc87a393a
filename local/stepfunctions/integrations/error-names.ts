import { randomUUID } from 'node:crypto';
import { ServiceError } from '../../aws/service';
import { writeJson } from '../../exact-json';
import { JsonValue } from '../../json';
import { RuntimeProblem, TaskFailure } from '../interpreter/failure';

/** How a service is called in errors of Tasks. */
export interface ErrorNaming {
  /** `StepFunctions`, before the dot. */
  readonly prefix: string;
  /** `AWSStepFunctions`, in the cause. */
  readonly label: string;
  /** The name of errors that the API reference does not list, where it is not the label with `Exception` at the end. */
  readonly unlisted?: string;
  /** Error codes that the API reference lists for the service, without `Exception` at the end. */
  readonly listed: readonly string[];
}

/**
 * Parameters of another type than the service takes: Step Functions makes no request of them, so that the definition does not fit its data. Here the
 * service finds out.
 */
export function assertUsable(error: ServiceError, parameters: JsonValue): void {
  if (error.code !== 'SerializationException') return;
  throw new RuntimeProblem(`The Parameters '${writeJson(parameters)}' could not be used to start the Task: [${error.message}]`);
}

/** The failure of an optimised integration, in the style of the older SDK that these use. */
export function optimizedFailure(error: ServiceError, { prefix, label, listed, unlisted: fallback = `${label}Exception` }: ErrorNaming): TaskFailure {
  const code = error.code.replace(/Exception$/, '');
  const name = listed.includes(code) ? `${code}Exception` : fallback;
  const { code: errorCode, httpStatus, message } = error;
  return new TaskFailure(
    `${prefix}.${name}`,
    `${message} (Service: ${label}; Status Code: ${httpStatus}; Error Code: ${errorCode}; Request ID: ${randomUUID()}; Proxy: null)`,
  );
}

/** Codes that no service lists: their errors carry the name of the service. */
const unlisted: readonly string[] = ['AccessDenied', 'Validation', 'UnrecognizedClient'];

/**
 * Errors that the model of S3 has for the operations that Tasks can call; all others carry the name of the service: AccessDenied, PreconditionFailed,
 * ConditionalRequestConflict and more. Sources: the SDK; recordings of NoSuchKey and NoSuchBucket.
 */
const LISTED_OF_S3: readonly string[] = ['InvalidObjectState', 'InvalidRequest', 'NoSuchBucket', 'NoSuchKey', 'NoSuchUpload'];

/** The failure of an `aws-sdk` integration, in the style of the newer SDK. */
export function sdkFailure(error: ServiceError, service: string): TaskFailure {
  const code = error.code.replace(/Exception$/, '');
  const isS3 = service === 'S3';
  const listed = isS3 ? LISTED_OF_S3.includes(code) : !unlisted.includes(code);
  const requestIds = `Request ID: ${randomUUID()}${isS3 ? `, Extended Request ID: ${randomUUID()}` : ''}`;
  return new TaskFailure(
    `${service}.${listed ? code : service}Exception`,
    `${error.message} (Service: ${service}, Status Code: ${error.httpStatus}, ${requestIds}) (SDK Attempt Count: 1)`,
  );
}

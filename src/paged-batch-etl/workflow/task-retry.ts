import { AslRetrier } from '../../private/synth/asl';

/**
 * What goes wrong between Step Functions and Lambda, and passes by itself. Source: Step Functions best practices, "Handle transient Lambda service
 * exceptions", and the errors of `Invoke` in the models of the AWS SDK.
 */
export const LAMBDA_SERVICE_ERRORS = [
  'Lambda.TooManyRequestsException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.ClientExecutionTimeoutException',
  // The function is not ready: it was idle for weeks, was just made or changed, or its network or file system is still being set up.
  'Lambda.ResourceNotReadyException',
  'Lambda.ResourceConflictException',
  'Lambda.CodeArtifactUserPendingException',
  'Lambda.SnapStartNotReadyException',
  'Lambda.SnapStartTimeoutException',
  'Lambda.EC2ThrottledException',
  'Lambda.EC2UnexpectedException',
  'Lambda.ENILimitReachedException',
  'Lambda.SubnetIPAddressLimitReachedException',
  'Lambda.EFSIOException',
  'Lambda.EFSMountConnectivityException',
  'Lambda.EFSMountTimeoutException',
];

/** Whether this integration names errors with or without `Exception` is not documented, so both spellings are given. */
export const START_EXECUTION_ERRORS = [
  'StepFunctions.ExecutionLimitExceededException',
  'StepFunctions.ExecutionLimitExceeded',
  'StepFunctions.AWSStepFunctionsException',
  'StepFunctions.SdkClientException',
];

/**
 * What goes wrong between Step Functions and its own API, and passes by itself. Errors of an `aws-sdk` integration have the name of
 * their class in the AWS SDK for Java 2, which ends in `Exception`; what no API reference lists, throttling too, is `SfnException`. Both spellings are given
 * here as well, and the names that such errors have in other services.
 */
const PASSING_SFN_ERRORS = [
  'Sfn.SfnException',
  'Sfn.SdkClientException',
  ...['KmsThrottling', 'Throttling', 'InternalFailure', 'InternalServer', 'ServiceUnavailable'].flatMap((name) => [`Sfn.${name}Exception`, `Sfn.${name}`]),
];

/** The same for the start of an Express execution. */
export const START_SYNC_EXECUTION_ERRORS = [
  ...PASSING_SFN_ERRORS,
  // A deployment that takes the items out of Express executions takes their machine away, too, while the segment before it may still walk.
  'Sfn.StateMachineDoesNotExistException',
  'Sfn.StateMachineDoesNotExist',
];

/** The name of an execution is taken, in both spellings. */
export const EXECUTION_ALREADY_EXISTS = ['StepFunctions.ExecutionAlreadyExistsException', 'StepFunctions.ExecutionAlreadyExists'];

/**
 * So often in a row the name of an execution may be taken. A redrive finds it taken once; if it is taken without one, the execution runs or
 * ran, and could not be watched: to start another each time would repeat the same work for ever.
 */
export const MAX_NAMES_TAKEN = 10;

/** Attempts after the first. */
export interface FunctionAttempts {
  /** After an error of the function, its time-out included. */
  readonly attempts: number;
  /** After an error of Lambda itself. Default: 3. */
  readonly serviceAttempts?: number;
}

const SERVICE_ATTEMPTS = 3;

/** A result that is too large will not be smaller next time. `States.ALL` does not stand for it in a Catch, and might in a Retry. */
export const DATA_LIMIT_EXCEEDED = 'States.DataLimitExceeded';

export interface FunctionRetriesOptions extends FunctionAttempts {
  /** Errors that are not retried. */
  readonly final?: readonly string[];
  /** How long to wait before them. Default: long. */
  readonly delays?: RetryDelays;
}

/** Long delays grow from seconds to two minutes. Short ones are a few seconds, for an execution that has no more than minutes. */
export type RetryDelays = 'long' | 'short';

/**
 * Retries for a function. Every retry costs three history events and a state transition, and a longer delay costs nothing: so there are few, far
 * apart.
 */
export function functionRetries({ final = [], attempts, serviceAttempts = SERVICE_ATTEMPTS, delays = 'long' }: FunctionRetriesOptions): AslRetrier[] {
  const [ofService, ofFunction] = delays === 'long' ? [growingDelay(5), growingDelay(10)] : [SHORT_DELAY, SHORT_DELAY];
  return [
    { ErrorEquals: [...final, DATA_LIMIT_EXCEEDED], MaxAttempts: 0 },
    { ErrorEquals: LAMBDA_SERVICE_ERRORS, ...ofService, MaxAttempts: serviceAttempts },
    { ErrorEquals: ['States.ALL'], ...ofFunction, MaxAttempts: attempts },
  ];
}

/** Retries for starting an execution: what the execution itself does is not retried. */
export const START_EXECUTION_RETRIES: readonly AslRetrier[] = [
  { ErrorEquals: START_EXECUTION_ERRORS, ...growingDelay(5), MaxAttempts: SERVICE_ATTEMPTS },
];

/** Fewer of them, where whatever fails is tried once more by another execution, and the history has to have room for many. */
export const START_RUN_RETRIES: readonly AslRetrier[] = [{ ErrorEquals: START_EXECUTION_ERRORS, ...growingDelay(5), MaxAttempts: 2 }];

/** Retries for asking Step Functions about an execution, or for redriving one. */
export const ABOUT_EXECUTION_RETRIES: readonly AslRetrier[] = [{ ErrorEquals: PASSING_SFN_ERRORS, ...growingDelay(5), MaxAttempts: 2 }];

/** Retries for an Express execution whose end is waited for: it fails without an error, so that nothing here repeats what failed in it. */
export const START_SYNC_EXECUTION_RETRIES: readonly AslRetrier[] = [
  { ErrorEquals: [DATA_LIMIT_EXCEEDED], MaxAttempts: 0 },
  { ErrorEquals: START_SYNC_EXECUTION_ERRORS, ...growingDelay(5), MaxAttempts: SERVICE_ATTEMPTS },
  { ErrorEquals: ['States.ALL'], ...growingDelay(10), MaxAttempts: 2 },
];

/**
 * Retries for a Map whose iterations are executions of their own. Step Functions names neither what S3 answered nor whether it passes. Each retry is another
 * Map Run with all items: after a failure to read them, nothing was processed. After one to write results, everything was, and would be once more if the page
 * failed: so there is one more attempt, and no more, for a right that was lost meanwhile does not come back.
 */
export const MAP_RUN_RETRIES: readonly AslRetrier[] = [
  { ErrorEquals: ['States.ItemReaderFailed'], ...growingDelay(5), MaxAttempts: 2 },
  { ErrorEquals: ['States.ResultWriterFailed'], ...growingDelay(5), MaxAttempts: 1 },
];

/** 1, 2, 4 and then 4 seconds at a time. */
const SHORT_DELAY = { IntervalSeconds: 1, BackoffRate: 2, MaxDelaySeconds: 4, JitterStrategy: 'FULL' } as const;

/** With full jitter, every delay is drawn evenly between nothing and its nominal value, which grows fourfold up to two minutes. */
function growingDelay(seconds: number) {
  return { IntervalSeconds: seconds, BackoffRate: 4, MaxDelaySeconds: 120, JitterStrategy: 'FULL' } as const;
}

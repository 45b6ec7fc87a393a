import { AslRetrier } from '../../private/synth/asl';

/** What goes wrong between Step Functions and Lambda, and soon passes. Source: Step Functions best practices, "Handle transient Lambda service exceptions". */
const LAMBDA_SERVICE_ERRORS = [
  'Lambda.TooManyRequestsException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.ClientExecutionTimeoutException',
];

/** Whether this integration names errors with or without `Exception` is not documented, so both spellings are given. */
const START_EXECUTION_ERRORS = [
  'StepFunctions.ExecutionLimitExceededException',
  'StepFunctions.ExecutionLimitExceeded',
  'StepFunctions.AWSStepFunctionsException',
  'StepFunctions.SdkClientException',
];

/** The name of an execution is taken, in both spellings. */
export const EXECUTION_ALREADY_EXISTS = ['StepFunctions.ExecutionAlreadyExistsException', 'StepFunctions.ExecutionAlreadyExists'];

/**
 * So often in a row the name of an execution may be taken. A redrive finds it taken once; if it is taken without one, the execution runs or
 * ran, and could not be watched: to start another each time would repeat the same work for ever.
 */
export const MAX_NAMES_TAKEN = 10;

/** Attempts after the first that Lambda's own failures and refusals get. */
const SERVICE_ATTEMPTS = 3;

/** A result that is too large will not be smaller next time. `States.ALL` does not stand for it in a Catch, and might in a Retry. */
export const DATA_LIMIT_EXCEEDED = 'States.DataLimitExceeded';

/**
 * Retries for a function: none for errors that are final, three for what Lambda itself does, and so many for all else, its time-out included.
 * Every retry costs three history events and a state transition.
 */
export function functionRetries({ final = [], attempts }: { readonly final?: readonly string[]; readonly attempts: number }): AslRetrier[] {
  return [
    { ErrorEquals: [...final, DATA_LIMIT_EXCEEDED], MaxAttempts: 0 },
    { ErrorEquals: LAMBDA_SERVICE_ERRORS, ...growingDelay(2, 60), MaxAttempts: SERVICE_ATTEMPTS },
    { ErrorEquals: ['States.ALL'], ...growingDelay(10, 120), MaxAttempts: attempts },
  ];
}

/** Retries for starting an execution: what the execution itself does is not retried. */
export const START_EXECUTION_RETRIES: readonly AslRetrier[] = [
  { ErrorEquals: START_EXECUTION_ERRORS, ...growingDelay(5, 60), MaxAttempts: SERVICE_ATTEMPTS },
];

/** With full jitter, every delay is drawn evenly between nothing and its nominal value. */
function growingDelay(seconds: number, longest: number) {
  return { IntervalSeconds: seconds, BackoffRate: 2, MaxDelaySeconds: longest, JitterStrategy: 'FULL' } as const;
}

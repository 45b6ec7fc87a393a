import { ServiceError } from '../aws/service';
import { Clock } from '../clock';
import { isObject, JsonValue } from '../json';
import { GatewayFailure } from './gateway-response';

/** A synchronous invocation on behalf of a method. */
export interface FunctionInvocation {
  readonly functionArn: string;
  /** Default: API Gateway itself invokes the function, which its policy must allow. */
  readonly roleArn?: string;
  /** ARN of the method, with the path of its resource. */
  readonly sourceArn: string;
  readonly payload: string;
}

export interface FunctionResult {
  /** Whether the payload is the error that the function ended with. */
  readonly failed: boolean;
  /** JSON text. */
  readonly payload: string;
}

/** Invokes the function; throws a `ServiceError` where Lambda refuses. */
export type InvokeFunction = (invocation: FunctionInvocation) => Promise<FunctionResult>;

export interface FunctionAnswer {
  /** Of a function that failed: what selection patterns are matched against. */
  readonly errorMessage?: string;
  readonly payload: string;
}

/** Invokes a function and waits for it; time passes meanwhile, so virtual time must be held. */
export async function invokeFunction(
  invocation: FunctionInvocation, timeoutMilliseconds: number, { clock, invokeFunction: invoke }: { clock: Clock; invokeFunction: InvokeFunction },
): Promise<FunctionAnswer> {
  const { failed, payload } = await clock.release(async () => withTimeout(invoke(invocation), timeoutMilliseconds, clock)).catch(refusal);
  const result: JsonValue = JSON.parse(payload);
  const message = isObject(result) ? result.errorMessage : undefined;
  if (failed) return { errorMessage: typeof message === 'string' ? message : '', payload };
  if (message !== undefined) throw new Error('The local cloud does not implement a member errorMessage in the result of a function that did not fail');
  return { payload };
}

/** The function goes on after the time-out: API Gateway merely stops waiting. */
async function withTimeout<T>(work: Promise<T>, milliseconds: number, clock: Clock): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(milliseconds, () => reject(new GatewayFailure('INTEGRATION_TIMEOUT')));
    void work.then(resolve, reject).finally(() => timer.cancel());
  });
}

/**
 * Lambda's refusals. That of a function without free concurrency is an integration failure, and its status 500: "If the Lambda API rejects
 * the invocation request, API Gateway returns a 500 error code" (Lambda developer guide, "Handling Lambda errors with an API Gateway API").
 */
function refusal(error: unknown): never {
  if (!(error instanceof ServiceError)) throw error;
  if (/^(AccessDenied|ResourceNotFound)/.test(error.code)) throw new GatewayFailure('API_CONFIGURATION_ERROR');
  if (error.code === 'TooManyRequestsException') throw new GatewayFailure('INTEGRATION_FAILURE', undefined, undefined, 500);
  throw new Error(`What API Gateway answers when Lambda refuses with ${error.code} is not documented: ${error.message}`);
}

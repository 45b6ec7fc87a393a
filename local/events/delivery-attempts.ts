import { ServiceError } from '../aws/service';
import { Clock } from '../clock';

/** How long and how often EventBridge tries; after either it gives up. */
export interface RetryPolicy {
  /** 60 to 86,400. */
  readonly maximumEventAgeSeconds: number;
  /** 0 to 185, the first attempt not counted. */
  readonly maximumRetryAttempts: number;
}

export const DEFAULT_RETRY_POLICY: RetryPolicy = { maximumEventAgeSeconds: 86_400, maximumRetryAttempts: 185 };

/** Why an event was not delivered, and what a dead letter says of it. */
export interface Refusal {
  readonly error: ServiceError;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Seconds before the first retry, doubling up to a cap. AWS says only that it backs off exponentially. */
const FIRST_DELAY = 1;
const LONGEST_DELAY = 600;

/**
 * Sends until it works; virtual time stands still during an attempt and passes between two. Answers the refusal that was final, if there was
 * one; throws what is no refusal of a service.
 */
export async function attempt(send: () => Promise<void>, clock: Clock, policy: RetryPolicy = DEFAULT_RETRY_POLICY): Promise<Refusal | undefined> {
  const deadline = clock.now() + policy.maximumEventAgeSeconds * 1000;
  for (let retries = 0; ; retries++) {
    const error = await clock.hold(() => refusalOf(send));
    if (error === undefined) return undefined;
    const attributes = { ERROR_CODE: codeOf(error), ERROR_MESSAGE: error.message };
    if (!isTransient(error)) return { error, attributes };
    const delay = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** retries) * 1000;
    const exhausted = exhaustion(retries >= policy.maximumRetryAttempts, clock.now() + delay > deadline);
    if (exhausted !== undefined) {
      return { error, attributes: { ...attributes, EXHAUSTED_RETRY_CONDITION: exhausted, RETRY_ATTEMPTS: String(retries) } };
    }
    await clock.sleep(delay);
  }
}

async function refusalOf(send: () => Promise<void>): Promise<ServiceError | undefined> {
  try {
    await send();
    return undefined;
  } catch (error) {
    if (error instanceof ServiceError) return error;
    throw error;
  }
}

function exhaustion(attemptsUsed: boolean, tooOld: boolean): string | undefined {
  if (attemptsUsed) return 'MaximumRetryAttempts';
  return tooOld ? 'MaximumEventAgeInSeconds' : undefined;
}

/** A target that is overloaded or broken may recover; one that refuses, or is not there, will not. */
function isTransient({ code, httpStatus }: ServiceError): boolean {
  return httpStatus >= 500 || httpStatus === 429 || /Throttl|TooManyRequests/.test(code);
}

function codeOf({ code }: ServiceError): string {
  if (code.startsWith('AccessDenied')) return 'NO_PERMISSIONS';
  return /DoesNotExist|NotFound/.test(code) ? 'NO_RESOURCE' : 'SDK_CLIENT_ERROR';
}

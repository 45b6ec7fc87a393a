import { ServiceError } from '../aws/service';
import { Clock } from '../clock';
import { StrictProperties } from '../template/strict-properties';

/** How long and how often EventBridge, or its Scheduler, tries; after either it gives up. */
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

export interface AttemptOptions {
  readonly clock: Clock;
  /** Default: a day, 185 times. */
  readonly policy?: RetryPolicy;
  /** Whether another attempt may help. Default: for targets that are overloaded or broken. */
  readonly mayHelp?: (error: ServiceError) => boolean;
  /** Waits between two attempts. Default: the clock's `sleep`. */
  readonly pause?: (milliseconds: number) => Promise<void>;
}

/**
 * Sends until it works, telling how many attempts this one makes; virtual time stands still during an attempt and passes between two.
 * Answers the refusal that was final, if there was one; throws what is no refusal of a service.
 */
export async function attempt(send: (count: number) => Promise<void>, options: AttemptOptions): Promise<Refusal | undefined> {
  const { clock, policy = DEFAULT_RETRY_POLICY, mayHelp = isTransient, pause = async (milliseconds) => clock.sleep(milliseconds) } = options;
  const deadline = clock.now() + policy.maximumEventAgeSeconds * 1000;
  for (let retries = 0; ; retries++) {
    const error = await clock.hold(() => refusalOf(async () => send(retries + 1)));
    if (error === undefined) return undefined;
    const attributes = { ERROR_CODE: codeOf(error), ERROR_MESSAGE: error.message };
    if (!mayHelp(error)) return { error, attributes };
    const delay = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** retries) * 1000;
    const exhausted = exhaustion(retries >= policy.maximumRetryAttempts, clock.now() + delay > deadline);
    if (exhausted !== undefined) {
      return { error, attributes: { ...attributes, EXHAUSTED_RETRY_CONDITION: exhausted, RETRY_ATTEMPTS: String(retries) } };
    }
    await pause(delay);
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

/** `RetryPolicy` of a target; the default of either member is its maximum. */
export function readRetryPolicy(policy: StrictProperties): RetryPolicy {
  return {
    maximumEventAgeSeconds: within(policy, 'MaximumEventAgeInSeconds', 60, DEFAULT_RETRY_POLICY.maximumEventAgeSeconds),
    maximumRetryAttempts: within(policy, 'MaximumRetryAttempts', 0, DEFAULT_RETRY_POLICY.maximumRetryAttempts),
  };
}

function within(policy: StrictProperties, name: string, min: number, max: number): number {
  const value = policy.number(name) ?? max;
  if (!Number.isInteger(value) || value < min || value > max) throw new Error(`${name} must be between ${min} and ${max}, got ${value}`);
  return value;
}
